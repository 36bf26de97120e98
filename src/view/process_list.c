/*
 * Which processes the table shows, in which order. Invariant: the rows are distinct indices into
 * the snapshot's processes. Letters are compared as ASCII has them, whatever the locale.
 */
#include "view/process_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "view/model.h"
#include "view/process_columns.h"

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool starts(const char *text, const char *part)
{
    while (*part && folded(*text) == folded(*part)) {
        text++;
        part++;
    }
    return !*part;
}

static bool has(const char *text, const char *part)
{
    for (; *text; text++)
        if (starts(text, part))
            return true;
    return false;
}

/* The texts that stand on the screen: what is searched is what is seen. */
static bool is_found(const struct process_row *row, const char *search)
{
    static const enum process_column_id searched[] = { COLUMN_PID, COLUMN_USER, COLUMN_COMMAND };
    char scratch[TEXT_SIZE];
    for (size_t i = 0; i < ARRAY_LEN(searched); i++)
        if (has(process_cell(&process_columns[searched[i]], row, scratch), search))
            return true;
    return false;
}

/* The snapshot's own order needs no sorting; lists are made several times a frame. */
static void put_in_order(const struct snapshot *snapshot, struct order order, size_t *ret_rows)
{
    if (order.key != ORDER_NATURAL || order.is_descending) {
        order_processes(snapshot, order, ret_rows);
        return;
    }
    for (size_t i = 0; i < snapshot->process_count; i++)
        ret_rows[i] = i;
}

void process_list_make(const struct model *model, struct process_list *ret_list)
{
    const struct snapshot *snapshot = model->snapshot;
    *ret_list = (struct process_list){ 0 };
    if (!snapshot || snapshot->process_count == 0)
        return;
    size_t *rows = xcalloc(snapshot->process_count, sizeof(*rows)), count = 0;
    put_in_order(snapshot, model->order, rows);
    bool is_filtered = model->search && *model->search;
    for (size_t i = 0; i < snapshot->process_count; i++) {
        struct process_row row = { snapshot, &snapshot->processes[rows[i]] };
        if (!is_filtered || is_found(&row, model->search))
            rows[count++] = rows[i];
    }
    *ret_list = (struct process_list){ rows, count };
}

void process_list_done(struct process_list *list)
{
    free(list->rows);
    *list = (struct process_list){ 0 };
}

bool process_list_find(const struct model *model, const struct process_list *list, size_t *ret_at)
{
    const struct snapshot *snapshot = model->snapshot;
    for (size_t i = 0; snapshot && i < list->count; i++) {
        if (selection_is(&model->selection, snapshot, &snapshot->processes[list->rows[i]])) {
            *ret_at = i;
            return true;
        }
    }
    return false;
}
