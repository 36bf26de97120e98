/*
 * The answer. stdout has nothing but the devices: who writes `$(nvisel)` gets what CUDA takes.
 * What came from the driver is made printable first.
 */
#include "cmd/nvisel_print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "cmd/nvisel_choose.h"
#include "cmd/nvisel_json.h"
#include "cmd/options_nvisel.h"
#include "core/snapshot.h"
#include "select/why.h"

/* ---- the list ---- */

static void put_uuid(const struct select_verdict *verdict, struct str *out)
{
    struct arena arena = { 0 };
    const char *uuid =
        value_text_or(snapshot_device_value(verdict->device, NVITOP_DEV_UUID), "N/A");
    str_append(out, utf8_printable(&arena, uuid, strlen(uuid)));
    arena_done(&arena);
}

void nvisel_list(const struct chooser *chooser, const struct choice *choice, const char *between,
                 struct str *out)
{
    const struct selection *selection = &choice->selection;
    bool is_uuid = chooser->settings->format == NVISEL_UUID || selection->is_mig;
    for (size_t i = 0; i < selection->count; i++) {
        const struct select_verdict *verdict = &selection->verdicts[i];
        if (verdict->fate != SELECT_TAKEN)
            continue;
        if (verdict->place > 1)
            str_append(out, between);
        if (is_uuid)
            put_uuid(verdict, out);
        else
            str_printf(out, "%d", (int)verdict->device->physical);
    }
}

/* A NUL behind each, the last one too. */
static void put_nulls(const struct chooser *chooser, const struct choice *choice)
{
    struct str list = { 0 };
    nvisel_list(chooser, choice, "\n", &list);
    if (list.len)
        str_append_char(&list, '\n');
    for (size_t i = 0; i < list.len; i++)
        fputc(list.data[i] == '\n' ? 0 : list.data[i], stdout);
    str_done(&list);
}

static void put_list(const struct chooser *chooser, const struct choice *choice)
{
    struct str list = { 0 };
    nvisel_list(chooser, choice, chooser->settings->separator, &list);
    printf("%s\n", str_text(&list));
    str_done(&list);
}

/* Who can't see stdout is told what went there. */
static void tell_list(const struct chooser *chooser, const struct choice *choice)
{
    struct str list = { 0 };
    nvisel_list(chooser, choice, ",", &list);
    fprintf(stderr, "CUDA_VISIBLE_DEVICES=\"%s\"\n", str_text(&list));
    str_done(&list);
}

static void put_json(const struct chooser *chooser, const struct choice *choice)
{
    struct str text = { 0 };
    nvisel_json(chooser, choice, &text);
    fputs(str_text(&text), stdout);
    str_done(&text);
}

void nvisel_print(const struct chooser *chooser, const struct choice *choice)
{
    const struct nvisel_settings *settings = chooser->settings;
    if (settings->is_json) {
        put_json(chooser, choice);
        return;
    }
    if (!isatty(STDOUT_FILENO))
        tell_list(chooser, choice);
    if (settings->is_null)
        put_nulls(chooser, choice);
    else
        put_list(chooser, choice);
}

/* ---- the table ---- */

enum { COLUMN_GPU, COLUMN_CHOICE, COLUMN_VALUES, COLUMN_WHY = COLUMN_VALUES + SELECT_BOUND_COUNT };
enum { COLUMN_COUNT = COLUMN_WHY + 1 };

/* Cells of the table, row by row; the first row is the heading. */
struct table {
    struct str (*rows)[COLUMN_COUNT];
    size_t count;
};

static void fill_heading(struct str cells[COLUMN_COUNT])
{
    static const char *const titles[COLUMN_COUNT] = { "GPU",  "CHOICE", "FREE", "TOTAL",
                                                      "UTIL", "MBW",    "WHY" };
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        str_append(&cells[i], titles[i]);
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
