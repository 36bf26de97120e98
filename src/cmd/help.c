/*
 * The help page. Layout as users of the original know it: options at column 2, their text from
 * column 24, groups in the order of the table; the usage line is ordered by rank instead, so what
 * came later stands behind. Only usage parts and words are wrapped; a part is never split.
 */
#include "cmd/help.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "cmd/option_table.h"

enum {
    INDENT = 2,
    TEXT_COLUMN = 24,
    MARGIN = 2,      /* columns left free at the right */
    MIN_COLUMNS = 11 /* of text, however narrow the terminal */
};

/* Text that flows between `indent` and `columns`. */
struct flow {
    struct str *out;
    int indent, columns, at;
    bool is_colour; /* colour the words for load */
};

static const struct {
    const char *word, *colour;
} load_words[] = { { "light", "\033[32m" }, { "moderate", "\033[33m" }, { "heavy", "\033[31m" } };

static void put_word(struct flow *flow, const char *word, size_t len)
{
    for (size_t i = 0; flow->is_colour && i < ARRAY_LEN(load_words); i++) {
        size_t word_len = strlen(load_words[i].word);
        if (len < word_len || memcmp(word, load_words[i].word, word_len) != 0)
            continue;
        str_append(flow->out, load_words[i].colour);
        str_append(flow->out, load_words[i].word);
        str_append(flow->out, "\033[0m");
        word += word_len;
        len -= word_len;
        break;
    }
    str_append_bytes(flow->out, word, len);
}

static void flow_part(struct flow *flow, const char *part, size_t len)
{
    if (flow->at > flow->indent) {
        if (flow->at + 1 + (int)len > flow->columns) {
            str_append_char(flow->out, '\n');
            str_append_repeat(flow->out, " ", (size_t)flow->indent);
            flow->at = flow->indent;
        } else {
            str_append_char(flow->out, ' ');
            flow->at++;
        }
    }
    put_word(flow, part, len);
    flow->at += (int)len;
}

static void flow_words(struct flow *flow, const char *text)
{
    while (*(text += strspn(text, " "))) {
        size_t len = strcspn(text, " ");
        flow_part(flow, text, len);
        text += len;
    }
}

static int text_columns(int columns)
{
    return MAX_OF(columns - MARGIN, INDENT + MIN_COLUMNS);
}

static void usage_part(struct flow *flow, const struct option_program *program,
                       const struct option_row *row)
{
    struct str part = { 0 };
    for (const char *before = "["; row; row = option_joined(program, row), before = " | ") {
        str_printf(&part, "%s%s", before, row->names[0]);
        option_arguments(row, &part);
    }
    str_append_char(&part, ']');
    flow_part(flow, str_text(&part), part.len);
    str_done(&part);
}

static void usage_parts(struct flow *flow, const struct option_program *program)
{
    for (int rank = RANK_README; rank <= RANK_OURS; rank++)
        for (size_t i = 0; i < program->row_count; i++)
            if ((int)program->rows[i].rank == rank && !program->rows[i].is_joined)
                usage_part(flow, program, &program->rows[i]);
}

void help_usage(const struct option_program *program, int columns, struct str *out)
{
    static const char start[] = "usage: ";
    int start_len = (int)strlen(start), width = text_columns(columns);
    int indent = start_len + (int)strlen(program->name) + 1;
    str_printf(out, "%s%s", start, program->name);
    if (indent * 4 > width * 3) { /* no room beside the name */
        indent = start_len;
        str_append_char(out, '\n');
        str_append_repeat(out, " ", (size_t)indent);
    } else {
        str_append_char(out, ' ');
    }
    struct flow flow = { .out = out, .indent = indent, .columns = width, .at = indent };
    usage_parts(&flow, program);
    str_append_char(out, '\n');
}

/* `--only idx [idx ...], -o idx [idx ...]` */
static void print_invocation(const struct option_row *row, struct str *out)
{
    for (size_t k = 0; k < ARRAY_LEN(row->names) && row->names[k]; k++) {
        str_printf(out, "%s%s", k ? ", " : "", row->names[k]);
        option_arguments(row, out);
    }
}

static void print_row(const struct option_row *row, int columns, bool is_colour, struct str *out)
{
    struct str invocation = { 0 };
    print_invocation(row, &invocation);
    int width = (int)invocation.len;
    int column = MAX_OF(MIN_OF(TEXT_COLUMN, columns - 20), INDENT * 2);
    str_printf(out, "%*s%s", INDENT, "", str_text(&invocation));
    if (INDENT + width + 2 <= column)
        str_printf(out, "%*s", column - INDENT - width, "");
    else
        str_printf(out, "\n%*s", column, "");
    str_done(&invocation);
    struct flow flow = { .out = out,
                         .indent = column,
                         .columns = MAX_OF(columns, column + MIN_COLUMNS),
                         .at = column,
                         .is_colour = is_colour && row->has_load_words };
    struct str text = { 0 };
    option_help(row, &text);
    flow_words(&flow, str_text(&text));
    str_done(&text);
    str_append_char(out, '\n');
}

void help_print(const struct option_program *program, int columns, bool is_colour, struct str *out)
{
    help_usage(program, columns, out);
    struct flow flow = { .out = out, .columns = text_columns(columns) };
    str_append_char(out, '\n');
    flow_words(&flow, program->description);
    str_append_char(out, '\n');
    const char *group = "";
    for (size_t i = 0; i < program->row_count; i++) {
        const struct option_row *row = &program->rows[i];
        if (strcmp(group, row->group) != 0)
            str_printf(out, "\n%s:\n", group = row->group);
        print_row(row, text_columns(columns), is_colour, out);
    }
    flow.at = 0;
    str_append_char(out, '\n');
    flow_words(&flow, program->epilogue);
    str_append_char(out, '\n');
}
