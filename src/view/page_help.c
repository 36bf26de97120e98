/*
 * The help page. Keys stand in two columns, in blocks, in the order of the key table: what the
 * original has keeps its place, and what is ours follows in the same style. Invariant: a row of
 * the table that has a place is on the page, and nothing else is.
 */
#include "view/page_help.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "view/keytable.h"
#include "view/model.h"
#include "view/theme.h"

enum {
    TITLE_ROWS = 2,
    TYPES_ROW = 3,
    COLOURS_ROW = 5,
    KEYS_ROW = 9,
    LEFT_END = 12, /* the column after the colon */
    RIGHT_END = 52,
    COLUMNS = 80,
};

struct page {
    const struct model *model;
    struct frame *frame;
    int top; /* screen row of the page's first row */
};

/* Blocks of the page: two places side by side, and a blank row below. */
static const enum key_place blocks[][2] = {
    { PLACE_PROGRAM_LEFT, PLACE_PROGRAM_RIGHT }, { PLACE_LIST_LEFT, PLACE_LIST_RIGHT },
    { PLACE_WHEEL_LEFT, PLACE_WHEEL_RIGHT },     { PLACE_SORT_LEFT, PLACE_SORT_RIGHT },
    { PLACE_MORE_LEFT, PLACE_MORE_RIGHT },
};

static const enum theme_role tones[] = {
    [TONE_PROGRAM] = ROLE_KEY_PROGRAM, [TONE_MOVE] = ROLE_TITLE,      [TONE_CHOOSE] = ROLE_TAGGED,
    [TONE_SIGNAL] = ROLE_SIGNAL,       [TONE_ASIDE] = ROLE_KEY_ASIDE, [TONE_ORDER] = ROLE_KEY_ORDER,
};

static int rows_at(enum key_place place)
{
    int rows = 0;
    for (size_t i = 0; i < keytable_count; i++)
        rows += keytable[i].place == place;
    return rows;
}

static int block_rows(size_t block)
{
    return MAX_OF(rows_at(blocks[block][0]), rows_at(blocks[block][1]));
}

int page_help_height(void)
{
    int rows = KEYS_ROW + 1;
    for (size_t i = 0; i < ARRAY_LEN(blocks); i++)
        rows += block_rows(i) + 1;
    return rows;
}

/* Where the page does not fit, the last row of the screen says what the page's last row would, and
 * the blank above that is not worth a key. */
int page_help_scroll_max(int rows)
{
    int height = page_help_height();
    return height <= rows ? 0 : MAX_OF(height - 2 - (rows - 1), 0);
}

static int say(const struct page *page, int row, int column, enum theme_role role, const char *text)
{
    return frame_text(page->frame, page->top + row, column, COLUMNS,
                      theme_style(page->model->theme, role), text);
}

/* ---- colours ---- */

struct word {
    enum theme_role role;
    const char *text;
};

static int say_words(const struct page *page, int row, const struct word *words, size_t count)
{
    int column = 0;
    for (size_t i = 0; i < count; i++)
        column = say(page, row, column, words[i].role, words[i].text);
    return column;
}

static void draw_title(const struct page *page)
{
    char title[80];
    snprintf(title, sizeof(title), "nvitop %s", page->model->version);
    say(page, 0, 0, ROLE_TITLE, title);
    say(page, 1, 0, ROLE_TITLE, "Free software under the Apache License 2.0.");
}

static void draw_types(const struct page *page)
{
    static const struct word words[] = {
        { ROLE_EMPHASIS, "Types of processes:" },
        { ROLE_PLAIN, " " },
        { ROLE_KEY_ORDER, "C" },
        { ROLE_PLAIN, " " },
        { ROLE_LETTER, "c" },
        { ROLE_PLAIN, "ompute, " },
        { ROLE_KEY_ORDER, "G" },
        { ROLE_PLAIN, " " },
        { ROLE_LETTER, "g" },
        { ROLE_PLAIN, "raphics, " },
        { ROLE_KEY_ORDER, "X" },
        { ROLE_PLAIN, " both (mi" },
        { ROLE_LETTER, "x" },
        { ROLE_PLAIN, "ed)." },
    };
    say_words(page, TYPES_ROW, words, ARRAY_LEN(words));
}

/* `what` is 21 columns wide. */
static void draw_thresholds(const struct page *page, int row, const char *what,
                            const int thresholds[2])
{
    char low[24], high[24];
    snprintf(low, sizeof(low), " < %d%% <= ", thresholds[0]);
    snprintf(high, sizeof(high), " < %d%% <= ", thresholds[1]);
    const struct word words[] = {
        { ROLE_PLAIN, what }, { ROLE_LIGHT_WORD, "light" },
        { ROLE_PLAIN, low },  { ROLE_MODERATE_WORD, "moderate" },
        { ROLE_PLAIN, high }, { ROLE_HEAVY_WORD, "heavy" },
        { ROLE_PLAIN, "." },
    };
    say_words(page, row, words, ARRAY_LEN(words));
}

static void draw_colours(const struct page *page)
{
    const struct theme *theme = page->model->theme;
    int end = say(page, COLOURS_ROW, 0, ROLE_EMPHASIS, "What the colours say");
    say(page, COLOURS_ROW, end, ROLE_PLAIN, " of a GPU, by the heavier of these two:");
    draw_thresholds(page, COLOURS_ROW + 1, "  - GPU utilization: ", theme->gpu_thresholds);
    draw_thresholds(page, COLOURS_ROW + 2, "  - GPU memory used: ", theme->memory_thresholds);
}

/* ---- keys ---- */

static void draw_binding(const struct page *page, int row, int end,
                         const struct key_binding *binding)
{
    bool is_off = page->model->is_readonly && binding->tone == TONE_SIGNAL;
    char label[32];
    if (!*binding->label)
        return; /* a gap */
    snprintf(label, sizeof(label), "%s:", binding->label);
    say(page, row, end - utf8_width(label), is_off ? ROLE_FAINT : tones[binding->tone], label);
    say(page, row, end + 1, is_off ? ROLE_FAINT : ROLE_PLAIN, binding->help);
}

static void draw_place(const struct page *page, int row, int end, enum key_place place)
{
    for (size_t i = 0; i < keytable_count; i++)
        if (keytable[i].place == place)
            draw_binding(page, row++, end, &keytable[i]);
}

void page_help_draw(const struct model *model, int scroll, struct frame *frame)
{
    struct page page = { .model = model, .frame = frame, .top = -scroll };
    int row = KEYS_ROW, last = frame_rows(frame) - 1;
    draw_title(&page);
    draw_types(&page);
    draw_colours(&page);
    for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
        draw_place(&page, row, LEFT_END, blocks[i][0]);
        draw_place(&page, row, RIGHT_END, blocks[i][1]);
        row += block_rows(i) + 1;
    }
    if (page_help_height() <= frame_rows(frame)) {
        say(&page, row, 0, ROLE_TITLE, "Any key leads back.");
        return;
    }
    page.top = 0;
    frame_fill(frame, last, 0, frame_columns(frame), " ");
    say(&page, last, 0, ROLE_TITLE, "Up and Down show the rest; any other key leads back.");
}
