/*
 * The box. Who gets the signal is named, and so is everybody who does not, with the reason.
 * Invariant: where the box fits, its buttons are on the screen; a text too long for it ends in a
 * line that says so. Sizes are those of the box that people know.
 */
#include "view/page_box.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "view/text.h"
#include "view/theme.h"

enum {
    WIDTH = 62, /* with a blank beside each border */
    TEXT_COLUMNS = 56,
    BUTTON_COLUMNS = 12,
    BUTTON_ROWS = 3,
    OTHER_ROWS = 4 + BUTTON_ROWS, /* two borders, a blank above and below the text */
    LINES_MAX = 40,
    NAME_COLUMNS = 24,
};

static const struct style plain = { 0 };

struct text {
    char lines[LINES_MAX][TEXT_SIZE];
    bool is_centred; /* the only line */
    size_t count, lost;
};

size_t page_box_granted(const struct box *box)
{
    size_t count = 0;
    for (size_t i = 0; i < box->count; i++)
        count += box->targets[i].obstacle == OBSTACLE_NONE;
    return count;
}

bool page_box_fits(struct box_screen screen)
{
    return screen.rows > OTHER_ROWS && screen.columns >= WIDTH;
}

/* ---- the text ---- */

static void add(struct text *text, const char *line)
{
    if (text->count == LINES_MAX)
        text->lost++;
    else
        snprintf(text->lines[text->count++], TEXT_SIZE, "%s", line);
}

/* `pid(user)` */
static void name_of(const struct box_target *target, char ret_name[TEXT_SIZE])
{
    char cut[TEXT_SIZE];
    snprintf(ret_name, TEXT_SIZE, "%u(%.100s)", (unsigned)target->process.pid,
             text_cut_end(target->user, NAME_COLUMNS, "+", cut));
}

/* One after the other, as many as fit beside each other. */
static void add_names(const struct box *box, struct text *text)
{
    struct str line = { 0 };
    int used = 0;
    for (size_t i = 0; i < box->count; i++) {
        char name[TEXT_SIZE];
        if (box->targets[i].obstacle != OBSTACLE_NONE)
            continue;
        name_of(&box->targets[i], name);
        if (used && used + 1 + utf8_width(name) > TEXT_COLUMNS) {
            add(text, str_text(&line));
            str_clear(&line);
            used = 0;
        }
        str_printf(&line, "%s%s", used ? " " : "", name);
        used += utf8_width(name) + (used > 0);
    }
    add(text, str_text(&line));
    str_done(&line);
}

static void add_granted(const struct box *box, struct text *text)
{
    size_t granted = page_box_granted(box);
    char name[TEXT_SIZE], line[TEXT_SIZE];
    if (granted == 0)
        return;
    if (granted > 1) {
        add(text, "Which signal for these processes?");
        add(text, "");
        add_names(box, text);
        return;
    }
    for (size_t i = 0; i < box->count; i++)
        if (box->targets[i].obstacle == OBSTACLE_NONE)
            name_of(&box->targets[i], name);
    snprintf(line, sizeof(line), "Which signal for process %.200s?", name);
    add(text, line);
}

static void add_refused(const struct box *box, struct text *text)
{
    if (page_box_granted(box) == box->count)
        return;
    if (text->count)
        add(text, "");
    add(text, "No signal goes to:");
    for (size_t i = 0; i < box->count; i++) {
        const struct box_target *target = &box->targets[i];
        char name[TEXT_SIZE], line[TEXT_SIZE];
        if (target->obstacle == OBSTACLE_NONE)
            continue;
        name_of(target, name);
        snprintf(line, sizeof(line), "%.120s %s", name, signal_obstacle_text(target->obstacle));
        add(text, line);
    }
}

/* What does not fit on a screen of that height is counted. */
static void shorten(struct text *text, int rows)
{
    size_t room = (size_t)MAX_OF(rows - OTHER_ROWS, 1);
    if (text->count <= room && text->lost == 0)
        return;
    size_t shown = MIN_OF(room, text->count) - 1;
    snprintf(text->lines[shown], TEXT_SIZE, "... and %zu more lines",
             text->count + text->lost - shown);
    text->count = shown + 1;
}

static void write_text(const struct box *box, int rows, struct text *ret_text)
{
    ret_text->count = ret_text->lost = 0;
    add_granted(box, ret_text);
    add_refused(box, ret_text);
    ret_text->is_centred = ret_text->count == 1;
    shorten(ret_text, rows);
}

/* ---- the box ---- */

/* What is drawn, and where it stands. */
struct drawing {
    const struct box *box;
    struct frame *frame;
    const struct theme *theme;
    int top, left, rows;
};

static struct drawing drawing_of(const struct box *box, struct box_screen screen, size_t lines)
{
    int rows = OTHER_ROWS + (int)lines;
    return (struct drawing){
        .box = box,
        .top = MAX_OF((screen.rows - rows) / 2, 0),
        .left = MAX_OF((screen.columns - WIDTH) / 2, 0),
        .rows = rows,
    };
}

/* In a box without a target there only is the last button, in the middle. */
static bool has_button(const struct box *box, enum box_button button)
{
    return button == BOX_CANCEL || page_box_granted(box) > 0;
}

static int button_left(const struct drawing *drawing, enum box_button button)
{
    if (page_box_granted(drawing->box) == 0)
        return drawing->left + (WIDTH - BUTTON_COLUMNS) / 2;
    return drawing->left + 4 + (int)button * (BUTTON_COLUMNS + 2);
}

static int button_top(const struct drawing *drawing)
{
    return drawing->top + drawing->rows - 1 - BUTTON_ROWS;
}

/* A row of the box between its borders, and a blank beside each. */
static void draw_row(const struct drawing *drawing, int row, const char *const shapes[3])
{
    struct frame *frame = drawing->frame;
    frame_fill(frame, row, drawing->left, WIDTH, " ");
    frame_fill(frame, row, drawing->left + 1, 1, shapes[0]);
    frame_fill(frame, row, drawing->left + 2, WIDTH - 4, shapes[1]);
    frame_fill(frame, row, drawing->left + WIDTH - 2, 1, shapes[2]);
}

static void draw_shape(const struct drawing *drawing)
{
    static const char *const top[] = { "╒", "═", "╕" }, *const middle[] = { "│", " ", "│" },
                             *const bottom[] = { "╘", "═", "╛" };
    int last = drawing->top + drawing->rows - 1;
    draw_row(drawing, drawing->top, top);
    for (int row = drawing->top + 1; row < last; row++)
        draw_row(drawing, row, middle);
    draw_row(drawing, last, bottom);
}

static void draw_text(const struct drawing *drawing, const struct text *text)
{
    for (size_t i = 0; i < text->count; i++) {
        char cut[TEXT_SIZE];
        const char *line = text_cut_end(text->lines[i], TEXT_COLUMNS, "..", cut);
        int indent = text->is_centred ? (TEXT_COLUMNS - utf8_width(line)) / 2 : 0;
        frame_text(drawing->frame, drawing->top + 2 + (int)i, drawing->left + 3 + indent,
                   TEXT_COLUMNS, plain, line);
    }
}

static const struct {
    const char *word;
    int start;  /* within the button */
    int letter; /* the one that is its key, within the word */
    enum theme_role role;
} buttons[] = {
    [BOX_TERMINATE] = { "SIGTERM", 2, 3, ROLE_DANGER },
    [BOX_KILL] = { "SIGKILL", 2, 3, ROLE_DANGER },
    [BOX_INTERRUPT] = { "SIGINT", 3, 3, ROLE_DANGER },
    [BOX_CANCEL] = { "Cancel", 3, 0, ROLE_PLAIN },
};

static void draw_button(const struct drawing *drawing, enum box_button button)
{
    static const char *const shape[] = { "┌──────────┐", "│          │", "└──────────┘" };
    int row = button_top(drawing), left = button_left(drawing, button);
    bool is_current = drawing->box->current == button;
    struct style around = theme_style(drawing->theme, ROLE_PLAIN);
    struct style word = theme_style(drawing->theme, buttons[button].role);
    if (is_current) {
        around = theme_pressed(around);
        word = theme_pressed(word);
    }
    for (int i = 0; i < BUTTON_ROWS; i++) {
        frame_text(drawing->frame, row + i, left, BUTTON_COLUMNS, plain, shape[i]);
        frame_restyle(drawing->frame, row + i, left - is_current, BUTTON_COLUMNS + 2 * is_current,
                      around);
    }
    int column = left + buttons[button].start;
    frame_text(drawing->frame, row + 1, column, BUTTON_COLUMNS, word, buttons[button].word);
    frame_restyle(drawing->frame, row + 1, column + buttons[button].letter, 1, theme_letter(word));
}

void page_box_draw(const struct box *box, const struct theme *theme, struct frame *frame)
{
    struct box_screen screen = { frame_rows(frame), frame_columns(frame) };
    struct text text;
    write_text(box, screen.rows, &text);
    struct drawing drawing = drawing_of(box, screen, text.count);
    drawing.frame = frame;
    drawing.theme = theme;
    frame_dim(frame);
    draw_shape(&drawing);
    draw_text(&drawing, &text);
    for (enum box_button button = 0; button < BOX_BUTTON_COUNT; button++)
        if (has_button(box, button))
            draw_button(&drawing, button);
}

enum box_button page_box_button_at(const struct box *box, struct box_screen screen, int row,
                                   int column)
{
    struct text text;
    write_text(box, screen.rows, &text);
    struct drawing drawing = drawing_of(box, screen, text.count);
    int top = button_top(&drawing);
    for (enum box_button button = 0; button < BOX_BUTTON_COUNT; button++) {
        int left = button_left(&drawing, button);
        if (has_button(box, button) && row >= top && row < top + BUTTON_ROWS && column >= left &&
            column < left + BUTTON_COLUMNS)
            return button;
    }
    return BOX_BUTTON_COUNT;
}
