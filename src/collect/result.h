/* Keys and their figures, copied out of where they were made. */
#ifndef NVITOP_COLLECT_RESULT_H
#define NVITOP_COLLECT_RESULT_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum result_keys { RESULT_KEYS, RESULT_KEYS_WITHOUT_TAGS, RESULT_NO_KEYS };

/* {0} is empty, and is to have whole keys. */
struct result {
    enum result_keys which;
    struct str keys; /* one after the other, each ended by NUL */
    double *values;
    size_t count, cap;
    uint64_t layout; /* as long as a window has the same, it has the same keys */
};

/* Key is `prefix`, `name`, and a slash and `statistic` unless that is NULL. */
void result_add(struct result *result, const char *prefix, const char *name, const char *statistic,
                double value);

/* Of one with keys. */
typedef void result_emit_fn(void *arg, const char *key, double value);
void result_emit(const struct result *result, result_emit_fn *emit, void *arg);

void result_done(struct result *result);

#endif
