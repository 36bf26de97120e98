/*
 * Utilization samples of processes. The driver hands out a ring: samples of processes that are
 * gone, unsorted, some of them garbage. One is believed if it is newer than asked for, belongs
 * to a listed process and claims no more than 100 %; of several the newest stands.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "nvml/nvml_internal.h"

enum { FIRST_CAPACITY = 128, CAPACITY_MAX = 1 << 16, TRIES_MAX = 8, PERCENT_MAX = 100 };

static void grow(struct nvml_device *device, uint32_t wanted)
{
    uint64_t capacity = MAX_OF((uint64_t)wanted * 2 + 5, (uint64_t)device->sample_capacity * 2);
    capacity = MIN_OF(MAX_OF(capacity, (uint64_t)FIRST_CAPACITY), (uint64_t)CAPACITY_MAX);
    device->sample_capacity = (uint32_t)capacity;
    device->samples = xreallocarray(device->samples, capacity, sizeof(*device->samples));
}

static int ask(struct nvml_device *device, uint64_t since_us, uint32_t *ret_count)
{
    if (!device->samples)
        grow(device, 0);
    for (int tries = 0; tries < TRIES_MAX; tries++) {
        uint32_t count = device->sample_capacity;
        memset(device->samples, 0, count * sizeof(*device->samples));
        int code = NVML_CALL(device->nvml, device->nvml->symbols.process_samples, device->handle,
                             device->samples, &count, since_us);
        if (code != NVML_ABI_ERROR_INSUFFICIENT_SIZE) {
            *ret_count = MIN_OF(count, device->sample_capacity);
            return code;
        }
        grow(device, count);
    }
    return NVML_ABI_ERROR_INSUFFICIENT_SIZE;
}

static bool is_credible(const struct nvml_abi_process_sample *sample, uint64_t since_us)
{
    return sample->timestamp > since_us && sample->sm <= PERCENT_MAX &&
           sample->memory <= PERCENT_MAX && sample->encoder <= PERCENT_MAX &&
           sample->decoder <= PERCENT_MAX;
}

static int by_pid(const void *key, const void *row)
{
    uint32_t a = *(const uint32_t *)key, b = ((const struct nvml_process *)row)->pid;
    return (a > b) - (a < b);
}

/* The newest credible sample for each row, NULL where there is none. */
static const struct nvml_abi_process_sample **newest(const struct nvml_device *device,
                                                     uint32_t count, uint64_t since_us,
                                                     const struct nvml_process *rows,
                                                     size_t row_count, struct arena *arena)
{
    const struct nvml_abi_process_sample **best = arena_array(arena, row_count, sizeof(*best));
    for (uint32_t i = 0; i < count; i++) {
        const struct nvml_abi_process_sample *sample = &device->samples[i];
        if (!is_credible(sample, since_us))
            continue;
        const struct nvml_process *row =
            bsearch(&sample->pid, rows, row_count, sizeof(*rows), by_pid);
        if (row && (!best[row - rows] || best[row - rows]->timestamp <= sample->timestamp))
            best[row - rows] = sample;
    }
    return best;
}

void nvml_device_process_samples(struct nvml_device *device, uint64_t since_us,
                                 const struct nvml_process *rows, size_t row_count,
                                 struct arena *arena, struct nvml_process_sample **ret_samples,
                                 size_t *ret_count, struct value *ret_why)
{
    uint32_t count = 0;
    int code = nvml_device_refused(device, NVML_SLOT_SAMPLES);
    if (!code) {
        code = ask(device, since_us, &count);
        nvml_device_note(device, NVML_SLOT_SAMPLES, code);
    }
    bool is_answer = !code || code == NVML_ABI_ERROR_NOT_FOUND || code == NVML_ABI_ERROR_NO_DATA;
    *ret_why = nvml_code_value(is_answer ? NVML_ABI_SUCCESS : code);
    *ret_samples = arena_array(arena, row_count, sizeof(**ret_samples));
    *ret_count = 0;
    if (code || !row_count)
        return;
    const struct nvml_abi_process_sample **best =
        newest(device, count, since_us, rows, row_count, arena);
    for (size_t i = 0; i < row_count; i++)
        if (best[i])
            (*ret_samples)[(*ret_count)++] =
                (struct nvml_process_sample){ .pid = best[i]->pid,
                                              .sm = best[i]->sm,
                                              .memory = best[i]->memory,
                                              .encoder = best[i]->encoder,
                                              .decoder = best[i]->decoder };
}
