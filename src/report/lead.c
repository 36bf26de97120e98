/* One row per column, and one way to write each. */
#include "report/lead.h"

#include <inttypes.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/snapshot.h"
#include "report/words.h"

#define US_PER_S UINT64_C(1000000)

static void put_time(const struct lead_row *row, struct str *out)
{
    uint64_t us = row->snapshot->epoch_us;
    str_printf(out, "%" PRIu64 ".%06" PRIu64, us / US_PER_S, us % US_PER_S);
}

static void put_index(const struct lead_row *row, struct str *out)
{
    str_printf(out, "%d", (int)row->device->physical);
}

static void put_mig_index(const struct lead_row *row, struct str *out)
{
    if (row->device->mig >= 0)
        str_printf(out, "%d", (int)row->device->mig);
}

static void put_condition(const struct lead_row *row, struct str *out)
{
    str_append(out, words_of(&words_condition, (int)row->device->condition));
}

static void put_pid(const struct lead_row *row, struct str *out)
{
    str_printf(out, "%" PRIu32, row->process->pid);
}

static void put_presence(const struct lead_row *row, struct str *out)
{
    str_append(out, words_of(&words_presence, (int)row->process->presence));
}

const struct lead leads[] = {
    { "timestamp", NVITOP_SCOPE_SYSTEM, put_time },
    { "index", NVITOP_SCOPE_DEVICE, put_index },
    { "mig_index", NVITOP_SCOPE_DEVICE, put_mig_index },
    { "condition", NVITOP_SCOPE_DEVICE, put_condition },
    { "pid", NVITOP_SCOPE_PROCESS, put_pid },
    { "presence", NVITOP_SCOPE_PROCESS, put_presence },
};
const size_t lead_count = ARRAY_LEN(leads);
