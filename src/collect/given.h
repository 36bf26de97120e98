/* Names of series that a user gives, in the order in which they came. Plain data, no lock. */
#ifndef NVITOP_COLLECT_GIVEN_H
#define NVITOP_COLLECT_GIVEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* So many names are known at most. */
enum { GIVEN_MAX = 65536 };

/* {0} is empty. A name stays where it is. */
struct given {
    char **names;
    size_t count;
};

/* The place of a name, which is learned if it is new, and the same text, as long as `given` lives.
 * `guess`: where it may well be. False: there is no room for another name. */
bool given_find(struct given *given, const char *name, size_t guess, uint32_t *ret_place,
                const char **ret_name);

void given_done(struct given *given);

#endif
