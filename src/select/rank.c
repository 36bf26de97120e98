/*
 * The order of those that may be chosen, and who of them is. Each key is a row; a value that is not
 * available comes behind all others of its key. Equals keep the order of the candidates, so MIG
 * devices of one GPU stay as they are.
 */
#include "select/select.h"

#include <stdlib.h>

#include "core/snapshot.h"

/* ---- order ---- */

static struct value key_free(const struct select_verdict *verdict)
{
    return verdict->values[SELECT_FREE];
}

static struct value key_used(const struct select_verdict *verdict)
{
    return verdict->used;
}

static struct value key_gpu(const struct select_verdict *verdict)
{
    return verdict->values[SELECT_GPU];
}

static struct value key_memory(const struct select_verdict *verdict)
{
    return verdict->values[SELECT_MEMORY];
}

static struct value key_index(const struct select_verdict *verdict)
{
    return value_int(verdict->device->physical);
}

static const struct {
    struct value (*of)(const struct select_verdict *verdict);
    bool is_descending;
} keys[] = {
    { key_free, true },    { key_used, true },  { key_gpu, false },
    { key_memory, false }, { key_index, true }, /* so that GPU 0 stays free */
};

static int compare_values(struct value a, struct value b, bool is_descending)
{
    if (value_is_na(a) || value_is_na(b))
        return value_is_na(a) - value_is_na(b);
    double x = value_number(a, 0), y = value_number(b, 0);
    int ascending = (x > y) - (x < y);
    return is_descending ? -ascending : ascending;
}

static int compare_orders(const struct select_verdict *a, const struct select_verdict *b)
{
    return (a->order > b->order) - (a->order < b->order);
}

/* Those that may be chosen come first, whatever they are worth. */
static int compare_chances(const struct select_verdict *a, const struct select_verdict *b)
{
    return (a->fate != SELECT_SPARE) - (b->fate != SELECT_SPARE);
}

static int as_they_came(const void *a, const void *b)
{
    int chances = compare_chances(a, b);
    return chances ? chances : compare_orders(a, b);
}

static int best_first(const void *left, const void *right)
{
    const struct select_verdict *a = left, *b = right;
    int chances = compare_chances(a, b);
    if (chances || a->fate != SELECT_SPARE)
        return chances ? chances : compare_orders(a, b);
    if (a->penalty != b->penalty)
        return a->penalty > b->penalty ? 1 : -1;
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        int order = compare_values(keys[i].of(a), keys[i].of(b), keys[i].is_descending);
        if (order)
            return order;
    }
    return compare_orders(a, b);
}

/* ---- MIG ---- */

static bool is_mig(const struct select_verdict *verdict)
{
    return verdict->device->mig >= 0;
}

static size_t count_spare(const struct selection *selection)
{
    size_t count = 0;
    while (count < selection->count && selection->verdicts[count].fate == SELECT_SPARE)
        count++;
    return count;
}

/* Whole GPUs, if there are as many as are needed or the best is one; else the first MIG device:
 * a CUDA program sees one of them, and no GPU beside it. */
static void settle_mig(const struct select_wish *wish, struct selection *selection, size_t spare)
{
    struct select_verdict *verdicts = selection->verdicts;
    int64_t whole = 0;
    size_t first_mig = spare;
    for (size_t i = spare; i-- > 0;) {
        whole += !is_mig(&verdicts[i]);
        if (is_mig(&verdicts[i]))
            first_mig = i;
    }
    bool has_enough = wish->min_count > 0 && whole >= wish->min_count;
    bool is_whole = has_enough || first_mig != 0;
    for (size_t i = 0; i < spare && first_mig < spare; i++)
        if (is_whole ? is_mig(&verdicts[i]) : i != first_mig)
            verdicts[i].fate = SELECT_LEFT_OUT;
}

void select_rank(const struct select_wish *wish, struct selection *selection)
{
    struct select_verdict *verdicts = selection->verdicts;
    if (selection->count)
        qsort(verdicts, selection->count, sizeof(*verdicts),
              wish->is_unsorted ? as_they_came : best_first);
    size_t spare = count_spare(selection);
    settle_mig(wish, selection, spare);
    selection->taken_count = 0;
    for (size_t i = 0; i < spare; i++) {
        bool is_full = wish->has_max && (int64_t)selection->taken_count >= wish->max_count;
        if (verdicts[i].fate != SELECT_SPARE || is_full)
            continue;
        verdicts[i].fate = SELECT_TAKEN;
        verdicts[i].place = ++selection->taken_count;
        selection->is_mig |= is_mig(&verdicts[i]);
    }
}
