/*
 * Reading a list of running processes. The size of a row does not follow from the name of the
 * function: drivers have written 16, 24 and 32 bytes under the same one. So it is measured: the
 * buffer is filled with a pattern before the call, and the extent of what was overwritten,
 * divided by the number of rows, is the row's size, for the last field of each layout is always
 * written. Where that does not divide, the size measured last or the rule by symbols is taken;
 * of all these the one whose rows make most sense wins, the measured one in a draw.
 *
 * The buffer is kept and has room for rows of 64 bytes, twice what any driver writes. A count
 * beyond what was offered is never believed: it is a wish for a larger buffer.
 */
#include "nvml/nvml_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"

enum {
    POISON = 0xa5,
    ROW_ROOM = 64,
    ROW_MIN = 16,
    FIRST_CAPACITY = 64,
    CAPACITY_MAX = 1 << 16,
    TRIES_MAX = 8,
    STRIDES_MAX = 6
};

static const uint64_t MEMORY_MAX = UINT64_C(1) << 50;

static size_t rule(const struct nvml *nvml, int version)
{
    if (version == NVML_V1)
        return sizeof(struct nvml_abi_process_v1);
    bool is_535 = nvml->symbols.protected_memory && !nvml->symbols.process_details;
    return version == NVML_V3 && is_535 ? sizeof(struct nvml_abi_process_detail)
                                        : sizeof(struct nvml_abi_process_v2);
}

static void grow(struct nvml_list *list, uint32_t wanted)
{
    uint64_t capacity = MAX_OF((uint64_t)wanted * 2 + 5, (uint64_t)list->capacity * 2);
    list->capacity =
        (uint32_t)MIN_OF(MAX_OF(capacity, (uint64_t)FIRST_CAPACITY), (uint64_t)CAPACITY_MAX);
    list->bytes = xreallocarray(list->bytes, list->capacity, ROW_ROOM);
}

/* The newest version that the library really has; *ret_version is the one that answered. */
static int call(struct nvml_device *device, enum nvml_list_kind kind, uint32_t *count,
                int *ret_version)
{
    struct nvml *nvml = device->nvml;
    struct nvml_list *list = &device->lists[kind];
    int code = NVML_ABI_ERROR_FUNCTION_NOT_FOUND;
    for (int v = 0; v < NVML_VERSION_COUNT && code == NVML_ABI_ERROR_FUNCTION_NOT_FOUND; v++) {
        *count = list->capacity;
        *ret_version = v;
        code = NVML_CALL(nvml, nvml->symbols.lists[kind][v], device->handle, count, list->bytes);
    }
    return code;
}

static int fill(struct nvml_device *device, enum nvml_list_kind kind, uint32_t *ret_count,
                int *ret_version)
{
    struct nvml_list *list = &device->lists[kind];
    if (!list->bytes)
        grow(list, 0);
    for (int tries = 0; tries < TRIES_MAX; tries++) {
        memset(list->bytes, POISON, (size_t)list->capacity * ROW_ROOM);
        int code = call(device, kind, ret_count, ret_version);
        bool is_too_small =
            code == NVML_ABI_ERROR_INSUFFICIENT_SIZE || (!code && *ret_count > list->capacity);
        if (!is_too_small)
            return code;
        grow(list, *ret_count);
    }
    return NVML_ABI_ERROR_INSUFFICIENT_SIZE;
}

/* Bytes from the start to the last one that the driver changed. */
static size_t extent(const struct nvml_list *list)
{
    size_t end = (size_t)list->capacity * ROW_ROOM;
    uint64_t untouched, word;
    memset(&untouched, POISON, sizeof(untouched));
    for (; end; end -= sizeof(word)) {
        memcpy(&word, list->bytes + end - sizeof(word), sizeof(word));
        if (word != untouched)
            break;
    }
    while (end && list->bytes[end - 1] == POISON)
        end--;
    return end;
}

/* 0 if the extent is no multiple of a row's size. */
static size_t measure(const struct nvml_list *list, uint32_t count)
{
    size_t bytes = extent(list), stride = bytes / count;
    bool is_size = bytes % count == 0 && stride >= ROW_MIN && stride <= ROW_ROOM && stride % 8 == 0;
    return is_size ? stride : 0;
}

static struct nvml_abi_process_v2 row_at(const struct nvml_list *list, size_t stride, size_t i)
{
    struct nvml_abi_process_v2 row = { .gpu_instance = NVML_ABI_NO_INSTANCE,
                                       .compute_instance = NVML_ABI_NO_INSTANCE };
    memcpy(&row, list->bytes + i * stride,
           stride < sizeof(row) ? sizeof(struct nvml_abi_process_v1) : sizeof(row));
    return row;
}

static bool is_sane_pid(uint32_t pid, const struct nvml_sanity *sanity)
{
    return pid && pid <= INT32_MAX && (!sanity->pid_max || pid <= sanity->pid_max);
}

/* Where the total is unknown, still no process has a petabyte. */
static bool is_sane_memory(uint64_t bytes, const struct nvml_sanity *sanity)
{
    return bytes <= (sanity->total_memory ? sanity->total_memory : MEMORY_MAX);
}

static size_t sane_rows(const struct nvml_list *list, size_t stride, uint32_t count,
                        const struct nvml_sanity *sanity)
{
    size_t sane = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct nvml_abi_process_v2 row = row_at(list, stride, i);
        sane += is_sane_pid(row.pid, sanity) && (row.used_memory == NVML_ABI_NOT_AVAILABLE_U64 ||
                                                 is_sane_memory(row.used_memory, sanity));
    }
    return sane;
}

static size_t choose(struct nvml_list *list, uint32_t count, size_t by_rule,
                     const struct nvml_sanity *sanity)
{
    size_t measured = measure(list, count);
    const size_t strides[STRIDES_MAX] = { measured, list->stride, by_rule, 24, 16, 32 };
    size_t best = 0, best_sane = 0;
    for (size_t i = 0; i < STRIDES_MAX && best_sane < count; i++) {
        size_t sane = strides[i] ? sane_rows(list, strides[i], count, sanity) : 0;
        if (strides[i] && (!best || sane > best_sane)) {
            best = strides[i];
            best_sane = sane;
        }
    }
    if (best == measured && count > 1) /* one row alone proves little */
        list->stride = measured;
    return best;
}

static struct value memory_value(uint64_t bytes, const struct nvml_sanity *sanity)
{
    if (bytes == NVML_ABI_NOT_AVAILABLE_U64)
        return value_na(NVITOP_WHY_NOT_SUPPORTED);
    return is_sane_memory(bytes, sanity) ? value_int((int64_t)bytes) : value_na(NVITOP_WHY_ERROR);
}

static size_t decode(const struct nvml_list *list, size_t stride, uint32_t count,
                     const struct nvml_sanity *sanity, struct nvml_process *rows)
{
    size_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct nvml_abi_process_v2 row = row_at(list, stride, i);
        if (!row.pid || row.pid > INT32_MAX) /* another namespace may count further than ours */
            continue;
        rows[kept++] = (struct nvml_process){ .pid = row.pid,
                                              .used_memory = memory_value(row.used_memory, sanity),
                                              .gpu_instance = row.gpu_instance,
                                              .compute_instance = row.compute_instance };
    }
    return kept;
}

int nvml_list_read(struct nvml_device *device, enum nvml_list_kind kind,
                   const struct nvml_sanity *sanity, struct arena *arena,
                   struct nvml_process **ret_rows, size_t *ret_count)
{
    size_t slot = NVML_SLOT_LISTS + (size_t)kind;
    uint32_t count = 0;
    int version = 0, code = nvml_device_refused(device, slot);
    if (code)
        return code;
    code = fill(device, kind, &count, &version);
    nvml_device_note(device, slot, code);
    if (code)
        return code;
    struct nvml_list *list = &device->lists[kind];
    *ret_rows = arena_array(arena, count, sizeof(**ret_rows));
    *ret_count = 0;
    if (count)
        *ret_count = decode(list, choose(list, count, rule(device->nvml, version), sanity), count,
                            sanity, *ret_rows);
    return NVML_ABI_SUCCESS;
}
