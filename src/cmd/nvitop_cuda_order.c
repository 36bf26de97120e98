/*
 * nvitop-cuda-order: prints the UUIDs of all GPUs in the CUDA driver's order, one a line. A helper
 * of nvitop, in a process of its own because libcuda may crash, hang or print. What libcuda writes
 * to stdout is kept apart: stdout gets the whole list or nothing.
 *
 * CUDA_VISIBLE_DEVICES is dropped before libcuda looks, CUDA_DEVICE_ORDER is kept; when that says
 * PCI_BUS_ID, the order is known and libcuda stays asleep. Exit status: 0, or 1 for no answer.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptors.h"
#include "base/environment.h"
#include "base/str.h"
#include "cuda/cuda.h"

static bool is_order_known(void)
{
    const char *order = environment_get("CUDA_DEVICE_ORDER");
    return order && strcmp(order, "PCI_BUS_ID") == 0;
}

int main(void)
{
    descriptors_hold();
    struct str lines = { 0 };
    if (is_order_known())
        return 1;
    environment_drop("CUDA_VISIBLE_DEVICES");
    int out = descriptors_hide_stdout();
    bool is_good = out >= 0 && cuda_list_uuids(&lines) == 0 &&
                   descriptors_write(out, str_text(&lines), lines.len) == 0;
    str_done(&lines);
    _exit(is_good ? 0 : 1); /* libcuda's own exit handlers could hang */
}
