/*
 * A process has one sample per sample_period of real time, with its curves' values at the
 * scenario's time; one that uses nothing has none. Ascending by time, unless the scenario wants
 * garbage:
 *   huge        newer samples of 991 and 2147483632 percent beside each good one
 *   unlisted    samples of pids that are in no list
 *   duplicates  three older samples of each process, with other numbers
 *   unsorted    newest first
 */
#include "samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sim/sim.h"

enum { OLDER_SAMPLES = 3 };

static void append(struct samples *samples, uint64_t since,
                   const struct nvml_abi_process_utilization *row)
{
    if (row->timestamp <= since)
        return;
    if (samples->count == samples->cap) {
        samples->cap = MAX_OF(samples->cap * 2, (size_t)32);
        samples->rows = xreallocarray(samples->rows, samples->cap, sizeof(*samples->rows));
    }
    samples->rows[samples->count++] = *row;
}

/* False: nothing to report. */
static bool measure(const struct call *call, const struct sim_row *from,
                    struct nvml_abi_process_utilization *row)
{
    const struct {
        unsigned key;
        uint32_t *number;
    } engines[] = {
        { PROCESS_SM, &row->sm },       { PROCESS_MEM_UTIL, &row->memory },
        { PROCESS_ENC, &row->encoder }, { PROCESS_DEC, &row->decoder },
        { PROCESS_JPG, &row->jpeg },    { PROCESS_OFA, &row->ofa },
    };
    bool is_busy = false;
    row->pid = from->pid;
    for (size_t i = 0; i < ARRAY_LEN(engines); i++) {
        if (answer_u32(call, from->process, engines[i].key, engines[i].number))
            return false;
        is_busy = is_busy || *engines[i].number;
    }
    return is_busy;
}

static void append_garbage(struct samples *samples, uint64_t since, uint64_t step,
                           const char *garbage, struct nvml_abi_process_utilization row)
{
    static const uint32_t huge[] = { 2147483632, 991 };
    for (size_t i = 0; strstr(garbage, "duplicates") && i < OLDER_SAMPLES; i++) {
        struct nvml_abi_process_utilization old = row;
        old.timestamp -= (i + 1) * step;
        old.sm = (row.sm + 13 * (uint32_t)(i + 1)) % 100;
        append(samples, since, &old);
    }
    for (size_t i = 0; strstr(garbage, "huge") && i < ARRAY_LEN(huge); i++) {
        struct nvml_abi_process_utilization bad = row;
        bad.timestamp += i + 1;
        bad.sm = huge[i];
        append(samples, since, &bad);
    }
}

static int by_time(const void *a, const void *b)
{
    const struct nvml_abi_process_utilization *left = a, *right = b;
    return (left->timestamp > right->timestamp) - (left->timestamp < right->timestamp);
}

static int by_time_backwards(const void *a, const void *b)
{
    return by_time(b, a);
}

void samples_take(const struct call *call, uint64_t since, struct samples *samples)
{
    static const uint32_t unlisted[] = { 0, 4194301, UINT32_MAX };
    const char *garbage = scenario_text(call->device, DEVICE_GARBAGE);
    double period =
        fmax(scenario_constant(&sim.scenario->system, SYSTEM_SAMPLE_PERIOD, 0.2), 0.001);
    uint64_t step = (uint64_t)(period * 1e6), now = clock_epoch_us() / step * step;
    struct sim_row *rows;
    size_t count = process_rows(call, 0, &rows);
    for (size_t i = 0; i < count; i++) {
        struct nvml_abi_process_utilization row = { .timestamp = now };
        if (!measure(call, &rows[i], &row))
            continue;
        append(samples, since, &row);
        append_garbage(samples, since, step, garbage, row);
    }
    free(rows);
    for (size_t i = 0; strstr(garbage, "unlisted") && i < ARRAY_LEN(unlisted); i++) {
        const struct nvml_abi_process_utilization row = {
            .timestamp = now, .pid = unlisted[i], .sm = 55, .memory = 44
        };
        append(samples, since, &row);
    }
    if (samples->count)
        qsort(samples->rows, samples->count, sizeof(*samples->rows),
              strstr(garbage, "unsorted") ? by_time_backwards : by_time);
}
