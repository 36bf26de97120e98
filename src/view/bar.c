/*
 * Bars. `PRE: ` takes five columns and four are kept for the shortest value, so `width - 9` are
 * blocks at most; each block shows eighths. A bar that is not N/A is never empty.
 */
#include "view/bar.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "base/utf8.h"
#include "view/text.h"
#include "view/theme.h"

/* The shortest value is ` MAX` or ` 99%`: a full bar still has room for it. */
enum { PREFIX_COLUMNS = 5, VALUE_COLUMNS = 4 };

struct parts {
    int blocks;            /* columns of the drawn bar */
    char value[TEXT_SIZE]; /* may be the extra text */
    const char *extra;     /* NULL: none */
};

/* A percentage that is no number any more (0 / 0) is drawn as if it were not available. */
static bool has_number(struct value percent)
{
    return percent.kind == NVITOP_INT || (percent.kind == NVITOP_REAL && isfinite(percent.r));
}

/* Filled eighths of `room` blocks: 0 % still shows one, more than 100 % is full. */
static int eighths_of(double percent, int room)
{
    double share = fmax(0, fmin(percent / 100.0, 1));
    return (int)fmax(1, nearbyint(8 * room * share));
}

/* `9.4%`, or `9%` where that does not fit; 100 is MAX. */
static void value_words(struct value percent, int columns, char ret_text[TEXT_SIZE])
{
    double number = value_number(percent, 0);
    if (percent.kind == NVITOP_REAL) {
        snprintf(ret_text, TEXT_SIZE, "%.1f%%", number);
        if ((int)strlen(ret_text) <= columns)
            return;
    }
    long long whole = units_round(fmax(-100, fmin(number, 100)));
    if (whole == 100)
        snprintf(ret_text, TEXT_SIZE, "MAX");
    else
        snprintf(ret_text, TEXT_SIZE, "%lld%%", whole);
}

static int prefix_columns(const struct bar *bar)
{
    return bar->prefix ? PREFIX_COLUMNS : 0;
}

/* What the bar consists of at that width; its last block may be a part of one. */
static struct parts measure(const struct bar *bar, int width)
{
    struct parts parts = { .extra = bar->extra };
    int prefix = prefix_columns(bar);
    if (parts.extra && (!*parts.extra || strstr(parts.extra, TEXT_NA)))
        parts.extra = NULL;
    if (has_number(bar->percent)) {
        parts.blocks =
            (eighths_of(value_number(bar->percent, 0), MAX_OF(width - prefix - VALUE_COLUMNS, 0)) +
             7) /
            8;
        value_words(bar->percent, width - prefix - parts.blocks - 1, parts.value);
        return parts;
    }
    snprintf(parts.value, TEXT_SIZE, "%s", TEXT_NA);
    if (parts.extra && bar->is_extra_first && prefix + utf8_width(parts.extra) + 2 <= width)
        snprintf(parts.value, TEXT_SIZE, "%.100s", parts.extra);
    parts.extra = NULL; /* the grey bar leaves no room for a second text */
    parts.blocks = MAX_OF(width - prefix - utf8_width(parts.value) - 1, 0);
    return parts;
}

static void append_blocks(const struct bar *bar, int width, int blocks, struct str *out)
{
    static const char *const partial[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
    if (!has_number(bar->percent)) {
        str_append_repeat(out, "░", (size_t)blocks);
        return;
    }
    int room = width - prefix_columns(bar) - VALUE_COLUMNS;
    int eighths = eighths_of(value_number(bar->percent, 0), MAX_OF(room, 0));
    str_append_repeat(out, "█", (size_t)(eighths / 8));
    str_append(out, partial[eighths % 8]);
}

/*
 * The text or texts right of the blocks, in exactly `room` columns: both if two blanks fit between
 * them, at either end, else the one that matters more.
 */
static void append_words(const struct bar *bar, int room, const struct parts *parts,
                         struct str *out)
{
    const char *first = parts->value, *last = "";
    if (parts->extra) {
        int value = utf8_width(parts->value), extra = utf8_width(parts->extra);
        bool has_both = 1 + value + 2 + extra <= room;
        bool is_extra_alone = !has_both && bar->is_extra_first && 1 + extra <= room;
        if (has_both)
            last = bar->is_extra_first ? parts->value : parts->extra;
        if ((has_both && bar->is_extra_first) || is_extra_alone)
            first = parts->extra;
    }
    if (bar->is_value_last && !*last && first == parts->value) {
        last = first;
        first = "";
    }
    str_printf(out, " %s", first);
    int blanks = room - 1 - utf8_width(first) - utf8_width(last);
    str_append_repeat(out, " ", (size_t)MAX_OF(blanks, 0));
    str_append(out, last);
}

int bar_text(const struct bar *bar, int width, struct str *out)
{
    struct parts parts = measure(bar, width);
    if (bar->prefix)
        str_printf(out, "%s: ", bar->prefix);
    append_blocks(bar, width, parts.blocks, out);
    append_words(bar, width - prefix_columns(bar) - parts.blocks, &parts, out);
    return parts.blocks;
}

void bar_draw(struct frame *frame, int row, int column, int width, const struct bar *bar)
{
    struct str text = { 0 };
    int blocks = bar_text(bar, width, &text);
    frame_text(frame, row, column, width, bar->style, str_text(&text));
    str_done(&text);
    if (!bar->spectrum || !bar->spectrum->is_gradient)
        return;
    int prefix = prefix_columns(bar);
    /* The words have the colour where the bar ends; each block that of its own place. */
    double room = MAX_OF(width - prefix - VALUE_COLUMNS, 1);
    frame_restyle(frame, row, column, width, theme_gradient(bar->spectrum, blocks / room));
    for (int i = 0; i < blocks; i++)
        frame_restyle(frame, row, column + prefix + i, 1, theme_gradient(bar->spectrum, i / room));
}
