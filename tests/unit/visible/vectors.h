/* tests/cases/visible.case, for whoever answers to CUDA_VISIBLE_DEVICES. */
#ifndef TESTS_VISIBLE_VECTORS_H
#define TESTS_VISIBLE_VECTORS_H

#include "boxes.h"

/* `value` NULL: unset. Returns how many were written. */
typedef size_t vectors_fn(const struct box *box, const char *value, struct visible_index *ret);

/* Runs all cases; returns how many failed. */
int vectors_run(vectors_fn *resolve);

#endif
