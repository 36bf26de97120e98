/* Snapshots written as a line of text, for the tests of select. */
#ifndef TESTS_CROWD_H
#define TESTS_CROWD_H

#include <stddef.h>

#include "nvitop/nvitop.h"
#include "select/select.h"

struct snapshot;

enum { CROWD_MAX = 16 };

/* What a line says: the devices, what is wanted of them, and among which. */
struct crowd {
    struct snapshot *snapshot;
    struct select_wish wish;
    struct nvitop_index from[CROWD_MAX];
    size_t from_count;
    int has_from;
};

/* See tests/cases/select.case. The texts live in the snapshot. */
void crowd_read(const char *line, struct crowd *ret_crowd);
void crowd_done(struct crowd *crowd);

#endif
