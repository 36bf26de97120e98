/*
 * A program of the build, not installed:
 *   gen-api man HEADER TEMPLATE EXAMPLE    the manual page of the library
 *   gen-api filter HEADER                  the header as Doxygen is to read it
 * prints to stdout. A declaration without a comment is an error of the first; of the second it is
 * Doxygen's to find, which does not look at the exit status of a filter.
 */
#include "cmd/gen_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/gen_read.h"
#include "core/metric.h"

enum { EXIT_GOOD = 0, EXIT_TROUBLE = 1, EXIT_USAGE = 2 };

const struct metric *gen_api_metric(const char *line, int *next)
{
    const char *number = line + strcspn(line, "=,\n");
    if (*number == '=')
        *next = (int)strtol(number + 1, NULL, 10);
    return metric_by_id((*next)++);
}

/* The words of the unit in the header, as far as they are about nothing else. */
static void put_unit(const struct header *header, enum nvitop_unit unit, struct str *out)
{
    const struct header_item *units = header_find(header, "enum nvitop_unit");
    if (!units || unit == NVITOP_UNIT_NONE || (size_t)unit >= units->member_count)
        return;
    const char *words = units->members[unit].comment;
    str_append(out, "; unit: ");
    str_append_bytes(out, words, strcspn(words, ";"));
}

void gen_api_metric_words(const struct header *header, const struct metric *metric, struct str *out)
{
    str_printf(out, "%s Name: %s", metric->help, metric->name);
    put_unit(header, metric->unit, out);
    str_append_char(out, '.');
}

static bool is_documented(const struct header_item *item, const struct header_member *member,
                          int *next_metric)
{
    if (strcmp(item->code, "enum nvitop_metric") == 0)
        return gen_api_metric(member->code, next_metric) != NULL;
    return *member->comment;
}

const char *gen_api_undocumented(const struct header *header)
{
    for (size_t i = 0; i < header->count; i++) {
        const struct header_item *item = &header->items[i];
        int next_metric = 0;
        if (!*item->comment && item->code)
            return item->code;
        for (size_t k = 0; k < item->member_count; k++)
            if (!is_documented(item, &item->members[k], &next_metric))
                return item->members[k].code;
    }
    return NULL;
}

static int print_man(const struct header *header, char *argv[], struct str *out)
{
    struct str template = { 0 }, program = { 0 };
    const char *wrong = gen_api_undocumented(header);
    int status = EXIT_TROUBLE;
    if (wrong) {
        fprintf(stderr, "gen-api: %s: no comment: %s\n", argv[2], wrong);
    } else if (gen_read("gen-api", argv[3], &template) && gen_read("gen-api", argv[4], &program)) {
        struct gen_api_sources sources = { .header = header,
                                           .example = str_text(&program),
                                           .version = NVITOP_VERSION };
        wrong = gen_api_man(&sources, str_text(&template), out);
        status = wrong ? EXIT_TROUBLE : EXIT_GOOD;
        if (wrong)
            fprintf(stderr, "gen-api: %s: unknown part %.*s\n", argv[3], (int)strcspn(wrong, "\n"),
                    wrong);
    }
    str_done(&template);
    str_done(&program);
    return status;
}

static int run(int argc, char *argv[], struct str *out)
{
    struct str text = { 0 };
    struct header header = { 0 };
    bool is_man = argc == 5 && strcmp(argv[1], "man") == 0;
    bool is_filter = argc == 3 && strcmp(argv[1], "filter") == 0;
    int status = EXIT_TROUBLE;
    if (!is_man && !is_filter) {
        fprintf(stderr, "usage: gen-api man HEADER TEMPLATE EXAMPLE | filter HEADER\n");
        return EXIT_USAGE;
    }
    if (!gen_read("gen-api", argv[2], &text)) {
        status = EXIT_TROUBLE;
    } else if (header_read(str_text(&text), &header) < 0) {
        fprintf(stderr, "gen-api: %s: not of the form that is read\n", argv[2]);
    } else if (is_man) {
        status = print_man(&header, argv, out);
    } else {
        gen_api_filter(&header, str_text(&text), out);
        status = EXIT_GOOD;
    }
    header_done(&header);
    str_done(&text);
    return status;
}

int main(int argc, char *argv[])
{
    struct str out = { 0 };
    int status = run(argc, argv, &out);
    if (status == EXIT_GOOD && (fputs(str_text(&out), stdout) < 0 || fflush(stdout) != 0))
        status = EXIT_TROUBLE;
    str_done(&out);
    return status;
}
