/*
 * CUDA_VISIBLE_DEVICES. The first byte chooses the machine: which GPUs have MIG on, whether CUDA's
 * own order is known. The answer names existing devices, none twice, and a MIG device only alone.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/visible.h"

enum { DEVICES = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int is_true)
{
    if (!is_true)
        abort();
}

static const struct visible_device devices[DEVICES] = {
    { 0, -1, "GPU-aaaaaaaa-0000-0000-0000-000000000000", false, 0, 0 },
    { 1, -1, "GPU-aaaaaaaa-1111-1111-1111-111111111111", true, 0, 0 },
    { 1, 0, "MIG-11111111-0000-5000-8000-000000000001", false, 1, 0 },
    { 1, 1, "MIG-11111111-0000-5000-8000-000000000002", false, 2, 0 },
    { 2, -1, "GPU-bbbbbbbb-2222-2222-2222-222222222222", true, 0, 0 },
    { 3, -1, NULL, false, 0, 0 },
    { 4, -1, "GPU-cccccccc-3333-3333-3333-333333333333", false, 0, 0 },
    { 4, 0, "MIG-22222222-0000-5000-8000-000000000001", false, 1, 0 },
};

static void check(const struct visible_index *found, size_t count)
{
    demand(count <= DEVICES);
    for (size_t i = 0; i < count; i++) {
        int known = 0;
        for (size_t d = 0; d < DEVICES; d++)
            known += devices[d].physical == found[i].physical && devices[d].mig == found[i].mig;
        demand(known == 1);
        demand(found[i].mig < 0 || count == 1);
        for (size_t before = 0; before < i; before++)
            demand(found[before].physical != found[i].physical);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int32_t order[] = { 4, 2, 0, 1, 3 };
    struct visible_index found[DEVICES];
    if (size < 1)
        return 0;
    size_t order_count = data[0] % 7u; /* 6: not known */
    char *value = malloc(size);
    memcpy(value, data + 1, size - 1);
    value[size - 1] = 0;
    check(found, visible_resolve(value, devices, DEVICES, order_count < 6 ? order : NULL,
                                 order_count < 6 ? order_count : 0, found));
    check(found, visible_resolve(NULL, devices, DEVICES, order_count < 6 ? order : NULL,
                                 order_count < 6 ? order_count : 0, found));
    free(value);
    return 0;
}
