/* A row that is not expected comes with its first request: the paths and statuses that there are
 * fit in, and what would not is not counted. Paths are told apart by their place in memory. */
#include "exporter/tally.h"

#include <stdio.h>

#include "base/str.h"
#include "report/exposition.h"

static struct tally_row *row_of(struct tally *tally, const char *path, unsigned status)
{
    for (size_t i = 0; i < tally->row_count; i++)
        if (tally->rows[i].path == path && tally->rows[i].status == status)
            return &tally->rows[i];
    if (tally->row_count == TALLY_ROWS_MAX)
        return NULL;
    struct tally_row *row = &tally->rows[tally->row_count++];
    *row = (struct tally_row){ .path = path, .status = status };
    return row;
}

void tally_expect(struct tally *tally, const char *path, unsigned status)
{
    (void)row_of(tally, path, status);
}

void tally_add(struct tally *tally, const char *path, unsigned status)
{
    struct tally_row *row = row_of(tally, path, status);
    if (row)
        row->count++;
}

void tally_put(const struct tally *tally, struct exposition *exposition)
{
    struct str labels = { 0 };
    exposition_family(
        exposition, "nvitop_", "exporter_http_requests_total",
        "Requests that were answered, by path and status; who is refused has asked for "
        "`other`.");
    for (size_t i = 0; i < tally->row_count; i++) {
        char code[12];
        snprintf(code, sizeof(code), "%u", tally->rows[i].status);
        str_clear(&labels);
        exposition_label(&labels, "handler", tally->rows[i].path ? tally->rows[i].path : "other");
        exposition_label(&labels, "code", code);
        exposition_sample(exposition, str_text(&labels), (double)tally->rows[i].count);
    }
    str_done(&labels);
}
