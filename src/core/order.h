/* Sort orders of the process list: one row per key in a table (order.c). */
#ifndef NVITOP_CORE_ORDER_H
#define NVITOP_CORE_ORDER_H

#include <stdbool.h>
#include <stddef.h>

struct snapshot;

enum order_key {
    ORDER_NATURAL, /* device, gone last, user, pid */
    ORDER_PID,
    ORDER_USER,
    ORDER_GPU_MEMORY,
    ORDER_UTIL_SM,
    ORDER_UTIL_MEMORY,
    ORDER_CPU,
    ORDER_HOST_MEMORY,
    ORDER_TIME,
    ORDER_KEY_COUNT
};

struct order {
    enum order_key key;
    bool is_descending;
};

struct order order_default(enum order_key key); /* with the key's own direction */

/* Fills ret_rows with the snapshot's process rows in that order. Stable; N/A is larger than any
 * number; gone processes last, or first when descending. */
void order_processes(const struct snapshot *snapshot, struct order order, size_t *ret_rows);

#endif
