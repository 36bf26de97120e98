/* A collector that is asked by hand, for the tests of it. */
#ifndef NVITOP_TESTS_API_COLLECTING_H
#define NVITOP_TESTS_API_COLLECTING_H

#include <stddef.h>

#include "stand.h"

/* What the figure of a key is where there is no such key. */
#define NO_KEY (-12345.0)

/* Samples only when it is told to, all processes. */
struct nvitop_collector_options collecting_quiet(void);

/* With the window "T" open; options as given, NULL for the defaults. */
struct nvitop_collector *collecting_make(struct stand *stand,
                                         const struct nvitop_collector_options *options);

/* What one collection tells; collecting_look takes it in. */
struct collecting {
    const char *key, *part; /* the key that is looked for; what counted keys contain */
    double value;           /* of that key */
    size_t count, total;
};
void collecting_look(void *arg, const char *key, double value);

double collecting_figure(struct nvitop_collector *collector, const char *key);
size_t collecting_keys_with(struct nvitop_collector *collector, const char *part);

#endif
