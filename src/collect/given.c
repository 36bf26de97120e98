/*
 * From sample to sample names come in nearly the same order, so the one behind the last found is
 * looked at first; all are gone through only where the order has changed.
 */
#include "collect/given.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static size_t place_of(const struct given *given, const char *name, size_t guess)
{
    if (guess < given->count && strcmp(given->names[guess], name) == 0)
        return guess;
    size_t place = 0;
    while (place < given->count && strcmp(given->names[place], name) != 0)
        place++;
    return place;
}

static void learn(struct given *given, const char *name)
{
    const size_t step = 64;
    if (given->count % step == 0)
        given->names = xreallocarray(given->names, given->count + step, sizeof(*given->names));
    given->names[given->count++] = xstrdup(name);
}

bool given_find(struct given *given, const char *name, size_t guess, uint32_t *ret_place,
                const char **ret_name)
{
    size_t place = place_of(given, name, guess);
    if (place == GIVEN_MAX)
        return false;
    if (place == given->count)
        learn(given, name);
    *ret_place = (uint32_t)place;
    *ret_name = given->names[place];
    return true;
}

void given_done(struct given *given)
{
    for (size_t i = 0; i < given->count; i++)
        free(given->names[i]);
    free(given->names);
    *given = (struct given){ 0 };
}
