/* The table of verdicts, as wide as what stands in it. */
#include "cmd/nvisel_explain.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/nvisel_choose.h"
#include "cmd/options_nvisel.h"
#include "core/snapshot.h"
#include "select/why.h"

enum { COLUMN_GPU, COLUMN_CHOICE, COLUMN_VALUES, COLUMN_WHY = COLUMN_VALUES + SELECT_BOUND_COUNT };
enum { COLUMN_COUNT = COLUMN_WHY + 1 };

/* Cells of the table, row by row; the first row is the heading. */
struct table {
    struct str (*rows)[COLUMN_COUNT];
    size_t count;
};

static void fill_heading(struct str cells[COLUMN_COUNT])
{
    str_append(&cells[COLUMN_GPU], "GPU");
    str_append(&cells[COLUMN_CHOICE], "CHOICE");
    for (size_t i = 0; i < SELECT_BOUND_COUNT; i++)
        str_append(&cells[COLUMN_VALUES + i], select_kinds[i].title);
    str_append(&cells[COLUMN_WHY], "WHY");
}

static void fill_row(const struct chooser *chooser, const struct select_verdict *verdict,
                     struct str cells[COLUMN_COUNT])
{
    const struct snapshot_device *device = verdict->device;
    str_printf(&cells[COLUMN_GPU], "%d", (int)device->physical);
    if (device->mig >= 0)
        str_printf(&cells[COLUMN_GPU], ":%d", (int)device->mig);
    if (verdict->place)
        str_printf(&cells[COLUMN_CHOICE], "%zu", verdict->place);
    else
        str_append(&cells[COLUMN_CHOICE], "-");
    for (enum select_id id = 0; id < SELECT_BOUND_COUNT; id++)
        select_value_text(id, verdict->values[id], &cells[COLUMN_VALUES + (int)id]);
    select_why(chooser->wish, verdict, chooser->settings->sustain_s, &cells[COLUMN_WHY]);
}

static size_t width_of(const struct table *table, size_t column)
{
    size_t width = 0;
    for (size_t i = 0; i < table->count; i++)
        width = MAX_OF(width, table->rows[i][column].len);
    return width;
}

/* The last column is text and stands left, the others are figures and stand right. */
static void write_table(const struct table *table)
{
    int widths[COLUMN_COUNT];
    for (size_t c = 0; c < COLUMN_COUNT; c++)
        widths[c] = (int)width_of(table, c);
    for (size_t i = 0; i < table->count; i++) {
        for (size_t c = 0; c < COLUMN_WHY; c++)
            fprintf(stderr, "%*s  ", widths[c], str_text(&table->rows[i][c]));
        fprintf(stderr, "%s\n", str_text(&table->rows[i][COLUMN_WHY]));
    }
}

void nvisel_explain(const struct chooser *chooser, const struct choice *choice)
{
    const struct selection *selection = &choice->selection;
    struct table table = { .count = selection->count + 1 };
    table.rows = xcalloc(table.count, sizeof(*table.rows));
    fill_heading(table.rows[0]);
    size_t filled = 1;
    for (int is_other = 0; is_other < 2; is_other++) /* first those that were taken */
        for (size_t i = 0; i < selection->count; i++)
            if ((selection->verdicts[i].fate != SELECT_TAKEN) == is_other)
                fill_row(chooser, &selection->verdicts[i], table.rows[filled++]);
    write_table(&table);
    for (size_t i = 0; i < table.count; i++)
        for (size_t c = 0; c < COLUMN_COUNT; c++)
            str_done(&table.rows[i][c]);
    free(table.rows);
}
