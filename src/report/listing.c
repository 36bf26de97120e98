/* One description of a metric, three ways to write it. */
#include "report/listing.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/metric.h"
#include "report/node.h"
#include "report/query.h"
#include "report/snapshot_csv.h"
#include "report/snapshot_json.h"
#include "report/words.h"

enum { INDENT = 4, TEXT_COLUMNS_MIN = 20 };

/* Columns of the table, and the widest word of each: `process.gpu_encoder_utilization`. */
enum { METRIC_WIDTH = 32, SCOPE_WIDTH = 8, UNIT_WIDTH = 15, KIND_WIDTH = 8 };

struct described {
    struct str word; /* of --query */
    const char *scope, *unit, *kind, *help;
    bool is_blocking;
};

static struct described describe(const struct metric *metric)
{
    struct described described = {
        .scope = words_of(&words_scope, metric_scope(metric->id)),
        .unit = words_of(&words_unit, (int)metric->unit),
        .kind = words_of(&words_kind, (int)metric->kind),
        .help = metric->help,
        .is_blocking = query_is_blocking(metric),
    };
    query_word(metric, &described.word);
    return described;
}

static void for_all(void (*put)(const struct metric *metric, void *arg), void *arg)
{
    for (size_t i = 0; i < (size_t)METRIC_SCOPE_COUNT; i++) {
        size_t count;
        const struct metric *rows = metric_of_scope(metric_scopes[i], &count);
        for (size_t k = 0; k < count; k++)
            put(&rows[k], arg);
    }
}

/* ---- for people ---- */

struct table {
    int columns;
    struct str *out;
};

/* Words flow between the indent and the last column. */
static void put_flowing(const char *text, int columns, struct str *out)
{
    int at = 0, room = MAX_OF(columns - INDENT, (int)TEXT_COLUMNS_MIN);
    for (; *(text += strspn(text, " "));) {
        size_t len = strcspn(text, " ");
        struct str word = { 0 };
        str_append_bytes(&word, text, len);
        int width = utf8_width(str_text(&word));
        bool is_first = at == 0 || at + 1 + width > room;
        if (is_first)
            str_printf(out, "%s%*s", at ? "\n" : "", INDENT, "");
        else
            str_append_char(out, ' ');
        at = is_first ? width : at + 1 + width;
        str_append(out, str_text(&word));
        str_done(&word);
        text += len;
    }
    str_append_char(out, '\n');
}

static void put_row(const struct metric *metric, void *arg)
{
    static const char blocking[] = " Blocks, so it is read only if --query names it.";
    const struct table *table = arg;
    struct described it = describe(metric);
    struct str help = { 0 };
    str_printf(&help, "%s%s", it.help, it.is_blocking ? blocking : "");
    str_printf(table->out, "%-*s %-*s %-*s ", METRIC_WIDTH, str_text(&it.word), SCOPE_WIDTH,
               it.scope, UNIT_WIDTH, it.unit);
    if (table->columns) {
        str_printf(table->out, "%s\n", it.kind);
        put_flowing(str_text(&help), table->columns, table->out);
    } else {
        str_printf(table->out, "%-*s %s\n", KIND_WIDTH, it.kind, str_text(&help));
    }
    str_done(&help);
    str_done(&it.word);
}

void listing_table(int columns, struct str *out)
{
    struct table table = { columns, out };
    str_printf(out, "%-*s %-*s %-*s %s\n", METRIC_WIDTH, "METRIC", SCOPE_WIDTH, "SCOPE", UNIT_WIDTH,
               "UNIT", columns ? "KIND" : "KIND     MEANING");
    for_all(put_row, &table);
}

/* ---- for machines ---- */

static void add_node(const struct metric *metric, void *arg)
{
    struct described it = describe(metric);
    bool is_device = metric_scope(metric->id) == NVITOP_SCOPE_DEVICE;
    json_t *node = node_add(arg, node_object());
    node_put(node, "metric", node_text(str_text(&it.word)));
    node_put(node, "name", node_text(metric->name));
    node_put(node, "scope", node_text(it.scope));
    node_put(node, "unit", node_text(it.unit));
    node_put(node, "kind", node_text(it.kind));
    if (is_device) {
        node_put(node, "is_gpu", node_bool(metric->has != METRIC_MIG_ONLY));
        node_put(node, "is_mig", node_bool(metric->has != METRIC_GPU_ONLY));
    }
    node_put(node, "is_blocking", node_bool(it.is_blocking));
    node_put(node, "help", node_text(it.help));
    str_done(&it.word);
}

void listing_json(bool is_pretty, struct str *out)
{
    json_t *root = node_object();
    node_put(root, "schema_version", node_int(SNAPSHOT_JSON_SCHEMA));
    for_all(add_node, node_put(root, "metrics", node_array()));
    node_write(root, is_pretty, out);
}

static void put_line(const struct metric *metric, void *arg)
{
    struct described it = describe(metric);
    struct str *out = arg;
    str_printf(out, "%s,%s,%s,%s,%s,", str_text(&it.word), it.scope, it.unit, it.kind,
               it.is_blocking ? "true" : "false");
    snapshot_csv_text(it.help, out);
    str_append_char(out, '\n');
    str_done(&it.word);
}

void listing_csv(struct str *out)
{
    str_append(out, "metric,scope,unit,kind,is_blocking,help\n");
    for_all(put_line, out);
}
