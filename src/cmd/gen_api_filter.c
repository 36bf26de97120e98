/*
 * The public header with what Doxygen cannot know: a metric's meaning stands in the metric table,
 * sections are plain comments, and what holds for all functions is the first page. No line is added
 * or taken away, so that a warning's line number is the header's own.
 */
#include "cmd/gen_api.h"

#include <string.h>

#include "base/str.h"
#include "core/metric.h"

#define FILE_WORDS " * @file"
#define METRICS "enum nvitop_metric {"

/* Where in the header the lines are that are changed. */
struct place {
    bool is_in_metrics;
    int next_metric;
    int group_count;
};

static void put_metric(const struct header *header, const struct metric *metric, struct str *out)
{
    str_append(out, " /**< ");
    gen_api_metric_words(header, metric, out);
    str_append(out, " */");
}

/* The blanks before an enumerator's name, or 0. */
static size_t enumerator_indent(const char *line)
{
    size_t blanks = strspn(line, " ");
    return str_has_prefix(line + blanks, "NVITOP_") ? blanks : 0;
}

static void put_line(const struct header *header, struct place *place, const char *line,
                     struct str *out)
{
    size_t len = strcspn(line, "\n"), title_len = 0;
    const char *title = header_section(line, &title_len);
    if (title) {
        str_printf(out, "%s/** @defgroup section%d %.*s */ /** @{ */",
                   place->group_count ? "/** @} */ " : "", place->group_count + 1, (int)title_len,
                   title);
        place->group_count++;
        return;
    }
    if (str_has_prefix(line, FILE_WORDS)) {
        str_append(out, FILE_WORDS " */ /** @mainpage The C library");
        return;
    }
    if (str_has_prefix(line, "/* CFFI-END */") && place->group_count)
        str_append(out, "/** @} */ ");
    str_append_bytes(out, line, len);
    if (str_has_prefix(line, METRICS))
        place->is_in_metrics = true;
    else if (*line == '}')
        place->is_in_metrics = false;
    else if (place->is_in_metrics && enumerator_indent(line)) {
        const struct metric *metric =
            gen_api_metric(line + enumerator_indent(line), &place->next_metric);
        if (metric)
            put_metric(header, metric, out);
    }
}

void gen_api_filter(const struct header *header, const char *text, struct str *out)
{
    struct place place = { 0 };
    while (*text) {
        put_line(header, &place, text, out);
        text += strcspn(text, "\n");
        if (*text) {
            str_append_char(out, '\n');
            text++;
        }
    }
}
