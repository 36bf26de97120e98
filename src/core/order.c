/*
 * Sort orders as data: each key is a list of terms, compared left to right. A term is a process
 * metric or one of a few identities. The last terms always make the order total, so equal rows
 * never swap places between two snapshots.
 */
#include "core/order.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/snapshot.h"

/* Terms: a process metric id, or one of these. */
enum term { TERM_END = 0, TERM_DEVICE, TERM_PID, TERM_GONE };

enum { TERMS_MAX = 6 };

static const struct {
    bool is_descending;
    int terms[TERMS_MAX];
} keys[] = {
    [ORDER_NATURAL] = { false, { TERM_DEVICE, TERM_GONE, NVITOP_PROC_USER, TERM_PID } },
    [ORDER_PID] = { false, { TERM_GONE, TERM_PID, TERM_DEVICE } },
    [ORDER_USER] = { false, { TERM_GONE, NVITOP_PROC_USER, TERM_PID, TERM_DEVICE } },
    [ORDER_GPU_MEMORY] = { true,
                           { TERM_GONE, NVITOP_PROC_GPU_MEMORY, NVITOP_PROC_UTIL_SM,
                             NVITOP_PROC_CPU_PERCENT, TERM_PID, TERM_DEVICE } },
    [ORDER_UTIL_SM] = { true,
                        { TERM_GONE, NVITOP_PROC_UTIL_SM, NVITOP_PROC_GPU_MEMORY,
                          NVITOP_PROC_CPU_PERCENT, TERM_PID, TERM_DEVICE } },
    [ORDER_UTIL_MEMORY] = { true,
                            { TERM_GONE, NVITOP_PROC_UTIL_MEMORY, NVITOP_PROC_GPU_MEMORY,
                              NVITOP_PROC_CPU_PERCENT, TERM_PID, TERM_DEVICE } },
    [ORDER_CPU] = { true,
                    { TERM_GONE, NVITOP_PROC_CPU_PERCENT, NVITOP_PROC_RSS_PERCENT, TERM_PID,
                      TERM_DEVICE } },
    [ORDER_HOST_MEMORY] = { true,
                            { TERM_GONE, NVITOP_PROC_RSS_PERCENT, NVITOP_PROC_CPU_PERCENT, TERM_PID,
                              TERM_DEVICE } },
    [ORDER_TIME] = { true, { TERM_GONE, NVITOP_PROC_RUNNING_TIME, TERM_PID, TERM_DEVICE } },
};
static_assert(ARRAY_LEN(keys) == ORDER_KEY_COUNT, "one row per sort key");

struct order order_default(enum order_key key)
{
    return (struct order){ .key = key, .is_descending = keys[key].is_descending };
}

static int compare_numbers(double a, double b)
{
    return (a > b) - (a < b);
}

/* N/A is larger than any number, and any text. */
static int compare_values(struct value a, struct value b)
{
    if (value_is_na(a) || value_is_na(b))
        return value_is_na(a) - value_is_na(b);
    if (a.kind == NVITOP_TEXT && b.kind == NVITOP_TEXT)
        return strcmp(a.text, b.text);
    return compare_numbers(value_number(a, 0), value_number(b, 0));
}

/* What qsort moves: everything a comparison needs, since it takes no context. */
struct entry {
    size_t row;
    const struct snapshot_process *process;
    const int *terms;
    int sign; /* -1: descending */
};

static int compare_term(int term, const struct snapshot_process *a,
                        const struct snapshot_process *b)
{
    switch (term) {
    case TERM_DEVICE: return compare_numbers((double)a->device, (double)b->device);
    case TERM_PID: return compare_numbers(a->pid, b->pid);
    case TERM_GONE: return (a->presence == PROCESS_GONE) - (b->presence == PROCESS_GONE);
    default:
        return compare_values(snapshot_process_value(a, term), snapshot_process_value(b, term));
    }
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    for (int i = 0; i < TERMS_MAX && a->terms[i] != TERM_END; i++) {
        int result = compare_term(a->terms[i], a->process, b->process);
        if (result)
            return a->sign * result;
    }
    return compare_numbers((double)a->row, (double)b->row);
}

void order_processes(const struct snapshot *snapshot, struct order order, size_t *ret_rows)
{
    struct entry *entries = xcalloc(snapshot->process_count, sizeof(*entries));
    for (size_t i = 0; i < snapshot->process_count; i++)
        entries[i] = (struct entry){ .row = i,
                                     .process = &snapshot->processes[i],
                                     .terms = keys[order.key].terms,
                                     .sign = order.is_descending ? -1 : 1 };
    qsort(entries, snapshot->process_count, sizeof(*entries), compare_entries);
    for (size_t i = 0; i < snapshot->process_count; i++)
        ret_rows[i] = entries[i].row;
    free(entries);
}
