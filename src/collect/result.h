/* Keys and their figures, copied out of where they were made. */
#ifndef NVITOP_COLLECT_RESULT_H
#define NVITOP_COLLECT_RESULT_H

#include <stddef.h>

#include "base/str.h"

/* {0} is empty. */
struct result {
    struct str keys; /* one after the other, each ended by NUL */
    double *values;
    size_t count, cap;
};

/* Key is `prefix`, a slash, `name`, and a slash and `statistic` unless that is NULL. */
void result_add(struct result *result, const char *prefix, const char *name, const char *statistic,
                double value);

typedef void result_emit_fn(void *arg, const char *key, double value);
void result_emit(const struct result *result, result_emit_fn *emit, void *arg);

void result_done(struct result *result);

#endif
