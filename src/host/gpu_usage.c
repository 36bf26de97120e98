/* Names are read strictly: a counter that means something else must not become somebody's memory.
 * Rows are few, some per process that draws, so they are looked through. */
#include "host/gpu_usage.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void gpu_usage_clear(struct gpu_usage *usage)
{
    usage->count = 0;
}

void gpu_usage_done(struct gpu_usage *usage)
{
    free(usage->rows);
    *usage = (struct gpu_usage){ 0 };
}

/* What stands after these words: digits alone, no more than 32 bits. */
static bool take(const char **at, const char *words, int base, uint32_t *ret_number)
{
    char *end = NULL;
    if (strncmp(*at, words, strlen(words)) != 0)
        return false;
    const char *digits = *at + strlen(words);
    if (!isxdigit((unsigned char)*digits) || tolower((unsigned char)digits[1]) == 'x')
        return false;
    unsigned long long number = strtoull(digits, &end, base);
    *at = end;
    *ret_number = (uint32_t)number;
    return end > digits && number <= UINT32_MAX;
}

static bool parse(const char *name, struct gpu_usage_row *ret_row)
{
    struct gpu_usage_row row = { 0 };
    uint32_t high, low, twin;
    if (!take(&name, "pid_", 10, &row.pid) || !take(&name, "_luid_0x", 16, &high) ||
        !take(&name, "_0x", 16, &low) || !take(&name, "_phys_", 10, &row.board) ||
        (*name && !take(&name, "#", 10, &twin)) || *name || !row.pid)
        return false;
    row.luid = (uint64_t)high << 32 | low;
    *ret_row = row;
    return true;
}

void gpu_usage_add(struct gpu_usage *usage, const char *name, int64_t bytes)
{
    struct gpu_usage_row row;
    if (bytes < 0 || !parse(name, &row))
        return;
    row.bytes = (uint64_t)bytes;
    if (usage->count == usage->cap) {
        usage->cap = MAX_OF(usage->cap * 2, (size_t)64);
        usage->rows = xreallocarray(usage->rows, usage->cap, sizeof(*usage->rows));
    }
    usage->rows[usage->count++] = row;
}

bool gpu_usage_has_unknown(const struct gpu_usage *usage, const struct gpu_adapter *adapters,
                           size_t count)
{
    bool is_any = false;
    for (size_t i = 0; i < usage->count && !is_any; i++) {
        size_t at = 0;
        while (at < count && adapters[at].luid != usage->rows[i].luid)
            at++;
        is_any = at == count;
    }
    return is_any;
}

/* False unless exactly one GPU is there. */
static bool find_adapter(const struct gpu_adapter *adapters, size_t count, const char *bus_id,
                         uint64_t *ret_luid)
{
    uint32_t domain, bus, device, function;
    size_t found = 0;
    if (!take(&bus_id, "", 16, &domain) || !take(&bus_id, ":", 16, &bus) ||
        !take(&bus_id, ":", 16, &device) || !take(&bus_id, ".", 16, &function) || *bus_id || domain)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct gpu_adapter *adapter = &adapters[i];
        if (adapter->is_placeless || adapter->bus != bus || adapter->device != device ||
            adapter->function != function)
            continue;
        *ret_luid = adapter->luid;
        found++;
    }
    return found == 1;
}

struct value gpu_usage_of(const struct gpu_usage *usage, const struct gpu_adapter *adapters,
                          size_t count, uint32_t pid, const char *bus_id)
{
    uint64_t luid, bytes = 0;
    bool is_known = false;
    if (!find_adapter(adapters, count, bus_id, &luid))
        return value_na(NVITOP_WHY_NOT_SUPPORTED);
    for (size_t i = 0; i < usage->count; i++) {
        const struct gpu_usage_row *row = &usage->rows[i];
        if (row->luid != luid)
            continue;
        if (row->board) /* one of several, which the address does not tell apart */
            return value_na(NVITOP_WHY_NOT_SUPPORTED);
        if (row->pid != pid)
            continue;
        bytes += MIN_OF(row->bytes, (uint64_t)INT64_MAX - bytes);
        is_known = true;
    }
    return is_known ? value_int((int64_t)bytes) : value_na(NVITOP_WHY_NOT_SUPPORTED);
}
