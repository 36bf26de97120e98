/*
 * Rings of a value per second. Invariants: the complete seconds kept are [second - len, second),
 * that of number s stands in values[s % cap], and len <= cap <= HISTORY_SECONDS; what has been
 * pushed for `second` itself is only in `sum` and `count` until a later second begins. A gap is a
 * NAN in the ring, and never leaves this file as a number.
 */
#include "core/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/snapshot.h"

enum { FIRST_CAP = 128 };

/* The place of a second is its number modulo `cap`, so a larger ring is filled anew. */
static void grow(struct history *history)
{
    size_t cap = MIN_OF(MAX_OF(history->cap * 2, FIRST_CAP), HISTORY_SECONDS);
    float *values = xmalloc(cap * sizeof(*values));
    for (uint64_t s = history->second - history->len; s < history->second; s++)
        values[s % cap] = history->values[s % history->cap];
    free(history->values);
    history->values = values;
    history->cap = cap;
}

/* Closes the newest second. */
static void append(struct history *history, float value)
{
    if (history->len == history->cap && history->cap < HISTORY_SECONDS)
        grow(history);
    history->values[history->second % history->cap] = value;
    history->second++;
    history->len = MIN_OF(history->len + 1, history->cap);
}

static void move_to(struct history *history, uint64_t second)
{
    float value = history->count ? (float)(history->sum / history->count) : NAN;
    history->sum = 0;
    history->count = 0;
    if (second - history->second > HISTORY_SECONDS) { /* nothing of before would be left */
        history->second = second;
        history->len = 0;
        return;
    }
    append(history, value);
    while (history->second < second)
        append(history, NAN);
}

void history_push(struct history *history, uint64_t now_ns, struct value value)
{
    double number = value_number(value, NAN);
    if (!history->origin_ns) /* seconds begin where the clock's do */
        history->origin_ns = MAX_OF(now_ns - now_ns % CLOCK_NS_PER_S, 1);
    uint64_t second =
        now_ns > history->origin_ns ? (now_ns - history->origin_ns) / CLOCK_NS_PER_S : 0;
    if (second > history->second)
        move_to(history, second);
    if (!isfinite(number))
        return;
    history->sum += number;
    history->count++;
}

bool history_get(const struct history *history, size_t back, double *ret_value)
{
    if (back >= history->len)
        return false;
    float value = history->values[(history->second - 1 - back) % history->cap];
    if (isnan(value))
        return false;
    *ret_value = (double)value;
    return true;
}

struct value history_latest(const struct history *history)
{
    double value;
    if (history->count)
        return value_real(history->sum / history->count);
    return history_get(history, 0, &value) ? value_real(value) : value_na(NVITOP_WHY_NO_SAMPLE);
}

void history_done(struct history *history)
{
    free(history->values);
    *history = (struct history){ 0 };
}

/* ---- what the main screen draws ---- */

static void device_history_done(struct device_history *device)
{
    history_done(&device->memory_percent);
    history_done(&device->util_gpu);
}

static struct device_history *find(const struct histories *histories, int32_t physical, int32_t mig)
{
    for (size_t i = 0; i < histories->device_count; i++) {
        struct device_history *device = &histories->devices[i];
        if (device->physical == physical && device->mig == mig)
            return device;
    }
    return NULL;
}

const struct device_history *histories_device(const struct histories *histories, int32_t physical,
                                              int32_t mig)
{
    return find(histories, physical, mig);
}

static bool is_listed(const struct snapshot *snapshot, const struct device_history *history)
{
    for (size_t i = 0; i < snapshot->device_count; i++)
        if (snapshot->devices[i].physical == history->physical &&
            snapshot->devices[i].mig == history->mig)
            return true;
    return false;
}

/* While the driver fails nobody knows which devices there are: theirs stay, with a gap. */
static void drop_gone(struct histories *histories, const struct snapshot *snapshot)
{
    size_t kept = 0;
    if (snapshot->driver_state != DRIVER_OK)
        return;
    for (size_t i = 0; i < histories->device_count; i++) {
        if (is_listed(snapshot, &histories->devices[i]))
            histories->devices[kept++] = histories->devices[i];
        else
            device_history_done(&histories->devices[i]);
    }
    histories->device_count = kept;
}

static struct device_history *add(struct histories *histories, const struct snapshot_device *device)
{
    size_t count = histories->device_count + 1;
    histories->devices = xreallocarray(histories->devices, count, sizeof(*histories->devices));
    struct device_history *history = &histories->devices[histories->device_count++];
    *history = (struct device_history){ .physical = device->physical, .mig = device->mig };
    return history;
}

/* The history of that very device: another UUID under the same index is another device. One that
 * is not known yet may be any. */
static struct device_history *history_of(struct histories *histories,
                                         const struct snapshot_device *device)
{
    const char *uuid = value_text_or(snapshot_device_value(device, NVITOP_DEV_UUID), "");
    struct device_history *history = find(histories, device->physical, device->mig);
    if (!history)
        history = add(histories, device);
    size_t size = sizeof(history->uuid) - 1;
    if (*uuid && *history->uuid && strncmp(uuid, history->uuid, size) != 0)
        device_history_done(history);
    if (*uuid)
        strncpy(history->uuid, uuid, size);
    return history;
}

/* Of a reading that is too old nothing is new. */
static struct value fresh(const struct snapshot_device *device, int id)
{
    return device->is_stale ? value_na(NVITOP_WHY_STALE) : snapshot_device_value(device, id);
}

/* Over the leaf devices: so a GPU that is cut into MIG devices counts by these alone. */
static void push_averages(struct histories *histories, uint64_t now_ns,
                          const struct snapshot *snapshot)
{
    double used = 0, total = 0, util = 0;
    unsigned utils = 0;
    for (size_t i = 0; i < snapshot->device_count; i++) {
        const struct snapshot_device *device = &snapshot->devices[i];
        struct value part = fresh(device, NVITOP_DEV_MEMORY_USED),
                     whole = fresh(device, NVITOP_DEV_MEMORY_TOTAL),
                     load = fresh(device, NVITOP_DEV_UTIL_GPU);
        if (!device->is_leaf)
            continue;
        if (!value_is_na(part) && !value_is_na(whole)) {
            used += value_number(part, 0);
            total += value_number(whole, 0);
        }
        utils += !value_is_na(load);
        util += value_number(load, 0);
    }
    const struct value none = value_na(NVITOP_WHY_NO_SAMPLE);
    history_push(&histories->average_memory, now_ns,
                 total > 0 ? value_real(100 * used / total) : none);
    history_push(&histories->average_util, now_ns, utils ? value_real(util / utils) : none);
}

/*
 * The moment of a snapshot on a clock that never goes back, but whose seconds begin half a second
 * before those on the wall: a sampler that reads once at every full second then has a reading in
 * each of ours, however late it was.
 */
static uint64_t moment_of(const struct snapshot *snapshot)
{
    uint64_t wall_ns = snapshot->epoch_us % 1000000 * 1000 + CLOCK_NS_PER_S / 2;
    uint64_t shift = wall_ns + CLOCK_NS_PER_S - snapshot->mono_ns % CLOCK_NS_PER_S;
    return snapshot->mono_ns + shift % CLOCK_NS_PER_S;
}

void histories_push(struct histories *histories, const struct snapshot *snapshot)
{
    uint64_t now_ns = moment_of(snapshot);
    history_push(&histories->cpu, now_ns, snapshot_host_value(snapshot, NVITOP_HOST_CPU_PERCENT));
    history_push(&histories->host_memory, now_ns,
                 snapshot_host_value(snapshot, NVITOP_HOST_MEMORY_PERCENT));
    history_push(&histories->swap, now_ns, snapshot_host_value(snapshot, NVITOP_HOST_SWAP_PERCENT));
    push_averages(histories, now_ns, snapshot);
    drop_gone(histories, snapshot);
    for (size_t i = 0; i < snapshot->device_count; i++) {
        const struct snapshot_device *device = &snapshot->devices[i];
        struct device_history *history = history_of(histories, device);
        history_push(&history->memory_percent, now_ns, fresh(device, NVITOP_DEV_MEMORY_PERCENT));
        history_push(&history->util_gpu, now_ns, fresh(device, NVITOP_DEV_UTIL_GPU));
    }
}

void histories_done(struct histories *histories)
{
    struct history *own[] = { &histories->cpu, &histories->host_memory, &histories->swap,
                              &histories->average_memory, &histories->average_util };
    for (size_t i = 0; i < ARRAY_LEN(own); i++)
        history_done(own[i]);
    for (size_t i = 0; i < histories->device_count; i++)
        device_history_done(&histories->devices[i]);
    free(histories->devices);
    *histories = (struct histories){ 0 };
}
