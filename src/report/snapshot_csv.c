/* The columns that say what a row is about, then the metrics; one way to write each kind of value.
 */
#include "report/snapshot_csv.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/snapshot.h"
#include "report/lead.h"
#include "report/query.h"

void snapshot_csv_text(const char *text, struct str *out)
{
    if (*text && !strpbrk(text, ",\"\r\n")) {
        str_append(out, text);
        return;
    }
    str_append_char(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            str_append_char(out, '"');
        str_append_char(out, *text);
    }
    str_append_char(out, '"');
}

/* ---- columns that say what a row is about ---- */

/* A process is on a device, so its rows are about that too. */
static bool is_about(const struct query *query, enum nvitop_scope scope)
{
    return scope == NVITOP_SCOPE_SYSTEM || query->is_asked[scope] ||
           (scope == NVITOP_SCOPE_DEVICE && query->is_asked[NVITOP_SCOPE_PROCESS]);
}

/* ---- metrics ---- */

/* Whatever the text is, a row is one line of UTF-8. */
static void put_text(const char *text, struct str *out)
{
    struct arena arena = { 0 };
    snapshot_csv_text(utf8_printable(&arena, text, strlen(text)), out);
    arena_done(&arena);
}

static void put_value(struct value value, struct str *out)
{
    switch (value.kind) {
    case NVITOP_INT: str_printf(out, "%" PRId64, value.i); break;
    case NVITOP_BOOL: str_append(out, value.i ? "true" : "false"); break;
    case NVITOP_REAL: str_printf(out, "%.15g", value.r); break;
    case NVITOP_TEXT: put_text(value.text, out); break;
    default: break;
    }
}

static struct value value_in(const struct lead_row *row, const struct metric *metric)
{
    switch (metric_scope(metric->id)) {
    case NVITOP_SCOPE_DEVICE: return snapshot_device_value(row->device, metric->id);
    case NVITOP_SCOPE_PROCESS: return snapshot_process_value(row->process, metric->id);
    default: return snapshot_host_value(row->snapshot, metric->id);
    }
}

/* ---- lines ---- */

void snapshot_csv_header(const struct query *query, struct str *out)
{
    const char *comma = "";
    for (size_t i = 0; i < lead_count; i++)
        if (is_about(query, leads[i].scope)) {
            str_printf(out, "%s%s", comma, leads[i].name);
            comma = ",";
        }
    for (size_t i = 0; i < query->count; i++) {
        str_append_char(out, ',');
        query_word(query->metrics[i], out);
    }
    str_append_char(out, '\n');
}

static void put_row(const struct lead_row *row, const struct query *query, struct str *out)
{
    for (size_t i = 0; i < lead_count; i++)
        if (is_about(query, leads[i].scope)) {
            str_append(out, i ? "," : "");
            leads[i].put(row, out);
        }
    for (size_t i = 0; i < query->count; i++) {
        str_append_char(out, ',');
        put_value(query_value(value_in(row, query->metrics[i])), out);
    }
    str_append_char(out, '\n');
}

void snapshot_csv_rows(const struct snapshot *snapshot, const struct query *query, struct str *out)
{
    struct lead_row row = { .snapshot = snapshot };
    if (query->is_asked[NVITOP_SCOPE_PROCESS]) {
        for (size_t i = 0; i < snapshot->process_count; i++) {
            row.process = &snapshot->processes[i];
            row.device = &snapshot->devices[row.process->device];
            put_row(&row, query, out);
        }
    } else if (query->is_asked[NVITOP_SCOPE_DEVICE]) {
        for (size_t i = 0; i < snapshot->device_count; i++) {
            row.device = &snapshot->devices[i];
            put_row(&row, query, out);
        }
    } else {
        put_row(&row, query, out);
    }
}
