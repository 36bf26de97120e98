/*
 * The library's manual page, in man(7) macros: the reference follows the header, section by
 * section and in its order. What has a section of its own, errors and metrics, is left out there.
 */
#include "cmd/gen_api.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/man_text.h"
#include "core/metric.h"

#define STATUSES "enum nvitop_status"
#define METRICS "enum nvitop_metric"

static void put_title(const char *title, struct str *out)
{
    char first[2] = { (char)toupper((unsigned char)title[0]), 0 };
    str_append(out, ".SS ");
    man_text(first, out);
    man_text(title + 1, out);
    str_append_char(out, '\n');
}

static void put_members(const struct header_item *item, struct str *out)
{
    str_append(out, ".PD 0\n");
    for (size_t i = 0; i < item->member_count; i++) {
        str_append(out, ".TP\n");
        man_line(".B", item->members[i].code, out);
        man_prose(item->members[i].comment, out);
    }
    str_append(out, ".PD\n");
}

static void put_declaration(const struct header_item *item, struct str *out)
{
    bool is_apart = strcmp(item->code, STATUSES) == 0 || strcmp(item->code, METRICS) == 0;
    man_line(".B", item->code, out);
    str_append(out, ".RS 4\n");
    man_prose(item->comment, out);
    if (is_apart)
        str_printf(out, "See %s.\n", strcmp(item->code, STATUSES) == 0 ? "ERRORS" : "METRICS");
    else if (item->member_count)
        put_members(item, out);
    str_append(out, ".RE\n");
}

static void print_reference(const void *arg, struct str *out)
{
    const struct gen_api_sources *sources = arg;
    const struct header *header = sources->header;
    for (size_t i = 0; i < header->count; i++) {
        if (i && header->items[i].code && header->items[i - 1].code)
            str_append(out, ".PP\n");
        if (header->items[i].code)
            put_declaration(&header->items[i], out);
        else
            put_title(header->items[i].comment, out);
    }
}

static void print_errors(const void *arg, struct str *out)
{
    const struct gen_api_sources *sources = arg;
    const struct header_item *item = header_find(sources->header, STATUSES);
    if (item)
        put_members(item, out);
}

static void put_metric(const struct gen_api_sources *sources, const char *code,
                       const struct metric *metric, struct str *out)
{
    struct str words = { 0 };
    str_append(out, ".TP\n.B ");
    str_append_bytes(out, code, strcspn(code, " ="));
    str_append_char(out, '\n');
    gen_api_metric_words(sources->header, metric, &words);
    man_prose(str_text(&words), out);
    str_done(&words);
}

static void print_metrics(const void *arg, struct str *out)
{
    const struct gen_api_sources *sources = arg;
    const struct header_item *item = header_find(sources->header, METRICS);
    int next = 0;
    str_append(out, ".PD 0\n");
    for (size_t i = 0; item && i < item->member_count; i++) {
        const struct metric *metric = gen_api_metric(item->members[i].code, &next);
        if (metric)
            put_metric(sources, item->members[i].code, metric, out);
    }
    str_append(out, ".PD\n");
}

/* A full stop or an apostrophe that begins a line would be taken for a macro. */
static void print_example(const void *arg, struct str *out)
{
    const struct gen_api_sources *sources = arg;
    bool is_start = true;
    for (const char *at = sources->example; *at; at++) {
        if (is_start && (*at == '.' || *at == '\''))
            str_append(out, "\\&");
        man_char(*at, out);
        is_start = *at == '\n';
    }
}

static void print_version(const void *arg, struct str *out)
{
    const struct gen_api_sources *sources = arg;
    man_text(sources->version, out);
}

static const struct man_part parts[] = {
    { "@REFERENCE@\n", print_reference }, { "@ERRORS@\n", print_errors },
    { "@METRICS@\n", print_metrics },     { "@EXAMPLE@\n", print_example },
    { "@VERSION@", print_version },
};

const char *gen_api_man(const struct gen_api_sources *sources, const char *template,
                        struct str *out)
{
    return man_fill(template, parts, ARRAY_LEN(parts), sources, out);
}
