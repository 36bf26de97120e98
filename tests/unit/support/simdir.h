/*
 * A folder with a scenario for the simulated driver, the clock that it goes by, its pid map and the
 * log of its calls.
 */
#ifndef TESTS_SIMDIR_H
#define TESTS_SIMDIR_H

#include <stddef.h>

enum { SIMDIR_PATH_SIZE = 256 };

struct simdir {
    char folder[64];
};

/* The scenario's time stands still at 0. */
void simdir_make(struct simdir *dir, const char *scenario);
void simdir_remove(struct simdir *dir);

/* What a file of it is called; the name may have folders in it. */
void simdir_path(const struct simdir *dir, const char *name, char path[SIMDIR_PATH_SIZE]);
/* Readers see the old text or the new one, never half of it. */
void simdir_write(const struct simdir *dir, const char *name, const char *text);
void simdir_time(const struct simdir *dir, unsigned seconds);
/* Sets an environment variable to the path of a file. */
void simdir_point(const struct simdir *dir, const char *variable, const char *name);

/* How often a driver function, or all whose names begin so, was called for a device ("0", "1:2",
 * "-"); NULL: for any. */
size_t simdir_calls(const struct simdir *dir, const char *function, const char *device);
/* The line number of the newest call of it, 0: none. */
size_t simdir_newest_call(const struct simdir *dir, const char *function);

#endif
