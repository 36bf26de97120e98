/* The machines of tests/cases/visible.case. */
#ifndef TESTS_VISIBLE_BOXES_H
#define TESTS_VISIBLE_BOXES_H

#include "core/visible.h"

enum { BOX_DEVICES = 8 };

struct box {
    const char *name;
    struct visible_device devices[BOX_DEVICES];
    size_t device_count;
    int32_t order[4];
    size_t order_count; /* 0: CUDA was not asked */
};

struct box_name {
    const char *name, *uuid;
};

const struct box *box_find(const char *name); /* NULL if there is none */

/* The UUID of `name` (of length `len`), or NULL. */
const char *box_uuid(const char *name, size_t len);

#endif
