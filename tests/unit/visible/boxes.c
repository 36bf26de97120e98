/* Tables of GPUs, in NVML's order, MIG devices behind their GPU. */
#include "boxes.h"

#include <string.h>

#include "base/mem.h"

#define A "GPU-aaaaaaaa-0000-0000-0000-000000000000"
#define A1 "GPU-aaaaaaaa-1111-1111-1111-111111111111"
#define B "GPU-bbbbbbbb-2222-2222-2222-222222222222"
#define C "GPU-cccccccc-3333-3333-3333-333333333333"
#define M1 "MIG-11111111-0000-5000-8000-000000000001"
#define M2 "MIG-11111111-0000-5000-8000-000000000002"
#define U0 "GPU-11111111-aaaa-bbbb-cccc-000000000000"
#define U1 "GPU-22222222-aaaa-bbbb-cccc-000000000001"
#define U2 "GPU-33333333-aaaa-bbbb-cccc-000000000002"
#define U3 "GPU-33344444-aaaa-bbbb-cccc-000000000003"
#define N0 "MIG-aaaaaaaa-0000-5000-8000-000000000000"
#define N1 "MIG-bbbbbbbb-0000-5000-8000-000000000001"

#define GPU(index, id)                                                                             \
    {                                                                                              \
        .physical = (index), .mig = -1, .uuid = (id)                                               \
    }
#define GPU_MIG(index, id)                                                                         \
    {                                                                                              \
        .physical = (index), .mig = -1, .uuid = (id), .is_mig_enabled = true                       \
    }
#define MIG(gpu, index, id, gi)                                                                    \
    {                                                                                              \
        .physical = (gpu), .mig = (index), .uuid = (id), .gpu_instance = (gi)                      \
    }

static const struct box_name names[] = {
    { "A", A },   { "A1", A1 }, { "B", B },   { "C", C },   { "M1", M1 }, { "M2", M2 },
    { "U0", U0 }, { "U1", U1 }, { "U2", U2 }, { "U3", U3 }, { "N0", N0 }, { "N1", N1 },
};

static const struct box boxes[] = {
    { .name = "plain",
      .devices = { GPU(0, A), GPU(1, A1), GPU(2, B), GPU(3, C) },
      .device_count = 4 },
    { .name = "mig",
      .devices = { GPU(0, A), GPU_MIG(1, A1), MIG(1, 0, M1, 1), MIG(1, 1, M2, 2), GPU_MIG(2, B) },
      .device_count = 5 },
    { .name = "seta",
      .devices = { GPU(0, U0), GPU(1, U1), GPU(2, U2), GPU(3, U3) },
      .device_count = 4 },
    { .name = "setb",
      .devices = { GPU(0, U0), GPU_MIG(1, U1), MIG(1, 0, N0, 3), MIG(1, 1, N1, 5), GPU_MIG(2, U2),
                   GPU(3, U3) },
      .device_count = 6 },
    { .name = "fast",
      .devices = { GPU(0, A), GPU(1, A1), GPU(2, B), GPU(3, C) },
      .device_count = 4,
      .order = { 3, 1, 0, 2 },
      .order_count = 4 },
    { .name = "short",
      .devices = { GPU(0, A), GPU(1, A1), GPU(2, B), GPU(3, C) },
      .device_count = 4,
      .order = { 2, 0 },
      .order_count = 2 },
    { .name = "lost",
      .devices = { GPU(0, A), GPU(1, NULL), GPU(2, B), GPU(3, C) },
      .device_count = 4 },
};

const struct box *box_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(boxes); i++)
        if (strcmp(boxes[i].name, name) == 0)
            return &boxes[i];
    return NULL;
}

const char *box_uuid(const char *name, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strlen(names[i].name) == len && memcmp(names[i].name, name, len) == 0)
            return names[i].uuid;
    return NULL;
}
