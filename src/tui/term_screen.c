/*
 * A packed copy of the cells that the terminal shows, and the difference to a frame in few bytes.
 *
 * Columns never shift: the terminal's opinion of a character's width is only relied upon where all
 * agree (is_certain). After any other character the cursor is put where the next cell belongs,
 * and that cell is sent again, for the character may have covered it. Lines do not wrap (the
 * terminal was told so), so the last column can be written and no error there reaches further.
 *
 * A cell is 64 bits: its style (term_style.h), and above it the code of its only character, or the
 * number of a cluster of several, kept in a table. The right half of a wide character is 0.
 */
#include "tui/term_screen.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "tui/term_style.h"
#include "view/frame.h"

enum {
    CLUSTER = 1 << 21, /* above all characters: the rest is a number of the table */
    CLUSTERS_MAX = 1024,
    SLOTS = 2 * CLUSTERS_MAX,
    BLANKS_MAX = 3, /* at the end of a line; more are worth a sequence */
    MOVE_SIZE = 32,
};

#define STYLE_MASK ((UINT64_C(1) << TERM_STYLE_BITS) - 1)
#define BLANK ((uint64_t)' ' << TERM_STYLE_BITS)
#define RIGHT_HALF UINT64_C(0)

struct cluster {
    char text[CELL_TEXT_SIZE];
};

struct term_screen {
    const struct term_caps *caps;
    bool is_ascii, is_forgotten;
    int rows, columns;
    uint64_t *cells; /* rows * columns; NULL: nothing is known */
    int row, column; /* of the cursor; column -1: not known */
    uint64_t style;  /* what is sent next gets it */
    struct cluster *clusters;
    unsigned cluster_count;
    uint16_t *slots; /* hash table of cluster numbers + 1 */
};

struct term_screen *term_screen_new(const struct term_caps *caps, bool is_ascii)
{
    struct term_screen *screen = xcalloc(1, sizeof(*screen));
    screen->caps = caps;
    screen->is_ascii = is_ascii;
    screen->is_forgotten = true;
    return screen;
}

static void forget_clusters(struct term_screen *screen)
{
    free(screen->clusters);
    free(screen->slots);
    screen->clusters = NULL;
    screen->slots = NULL;
    screen->cluster_count = 0;
}

void term_screen_free(struct term_screen *screen)
{
    if (!screen)
        return;
    forget_clusters(screen);
    free(screen->cells);
    free(screen);
}

void term_screen_forget(struct term_screen *screen)
{
    screen->is_forgotten = true;
}

/* ---- packing ---- */

static uint32_t hash(const char *text)
{
    uint32_t sum = 2166136261u;
    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * 16777619u;
    return sum;
}

/* The number of a cluster, kept from now on. When the table is full, the base stands for it; the
 * next paint begins with an empty one. */
static uint32_t cluster_code(struct term_screen *screen, const char *text, uint32_t base)
{
    if (!screen->slots) {
        screen->slots = xcalloc(SLOTS, sizeof(*screen->slots));
        screen->clusters = xcalloc(CLUSTERS_MAX, sizeof(*screen->clusters));
    }
    uint32_t at = hash(text) % SLOTS;
    for (; screen->slots[at]; at = (at + 1) % SLOTS)
        if (strcmp(screen->clusters[screen->slots[at] - 1].text, text) == 0)
            return CLUSTER | (uint32_t)(screen->slots[at] - 1);
    if (screen->cluster_count == CLUSTERS_MAX)
        return base;
    strcpy(screen->clusters[screen->cluster_count].text, text);
    screen->slots[at] = (uint16_t)++screen->cluster_count;
    return CLUSTER | (screen->cluster_count - 1);
}

static uint32_t text_code(struct term_screen *screen, const struct cell *cell)
{
    unsigned char first = (unsigned char)cell->text[0];
    if (first >= ' ' && first < 0x7f && !cell->text[1])
        return first;
    if (screen->is_ascii || (first && first < ' '))
        return '?';
    uint32_t code;
    size_t len = strlen(cell->text), used = len ? utf8_decode(cell->text, len, &code) : 0;
    if (used != len || !len)
        return len ? cluster_code(screen, cell->text, code) : '?';
    return code < 0x7f || code > 0x9f ? code : '?';
}

static uint64_t pack(struct term_screen *screen, const struct cell *cell)
{
    uint32_t code = text_code(screen, cell);
    uint64_t style = term_style_pack(screen->caps, cell->style);
    if (code == ' ')
        style = term_style_of_blank(style);
    return (uint64_t)code << TERM_STYLE_BITS | style;
}

static uint32_t code_of(uint64_t cell)
{
    return (uint32_t)(cell >> TERM_STYLE_BITS);
}

/* ---- which widths are certain ---- */

struct range {
    uint32_t first, last;
};

static bool is_in(const struct range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count && ranges[i].first <= code; i++)
        if (code <= ranges[i].last)
            return true;
    return false;
}

/* Everything else (emoji, private use, scripts with marks, what is newer than the terminal) is
 * not. */
static bool is_certain(uint32_t code)
{
    static const struct range certain[] = {
        { 0x20, 0x7e },     { 0xa1, 0xac },     { 0xae, 0x2ff },    { 0x370, 0x377 },
        { 0x391, 0x3a9 },   { 0x3b1, 0x3c9 },   { 0x400, 0x482 },   { 0x48a, 0x52f },
        { 0x2010, 0x2027 }, { 0x2030, 0x205e }, { 0x2190, 0x2193 }, { 0x2500, 0x259f },
        { 0x25b2, 0x25b2 }, { 0x25bc, 0x25bc }, { 0x2800, 0x28ff }, { 0x3041, 0x3096 },
        { 0x30a1, 0x30fa }, { 0x4e00, 0x9fa5 }, { 0xac00, 0xd7a3 },
    };
    return is_in(certain, ARRAY_LEN(certain), code);
}

/* ---- moving ---- */

static void add_moves(char moves[MOVE_SIZE], const char *text, int times)
{
    while (times-- > 0)
        strcat(moves, text);
}

/* From where the cursor is, if a short way is worth a try; else "". */
static void relative_moves(const struct term_screen *screen, int row, int column,
                           char ret_moves[MOVE_SIZE])
{
    int down = row - screen->row, right = column - screen->column;
    ret_moves[0] = 0;
    if (screen->column < 0 || down < 0 || down > 4)
        return;
    if (right != 0 && column == 0) {
        add_moves(ret_moves, "\r", 1);
        right = 0;
    }
    add_moves(ret_moves, "\n", down); /* output is not processed: the column stays */
    size_t len = strlen(ret_moves);
    if (right < 0 && right >= -4)
        add_moves(ret_moves, "\b", -right);
    else if (right < 0)
        snprintf(ret_moves + len, MOVE_SIZE - len, "\033[%dD", -right);
    else if (right == 1)
        add_moves(ret_moves, "\033[C", 1);
    else if (right > 1)
        snprintf(ret_moves + len, MOVE_SIZE - len, "\033[%dC", right);
}

static void move_to(struct term_screen *screen, int row, int column, struct str *out)
{
    char moves[MOVE_SIZE], place[MOVE_SIZE];
    if (screen->row == row && screen->column == column)
        return;
    snprintf(place, sizeof(place), "\033[%d;%dH", row + 1, column + 1);
    relative_moves(screen, row, column, moves);
    str_append(out, *moves && strlen(moves) <= strlen(place) ? moves : place);
    screen->row = row;
    screen->column = column;
}

/* ---- sending ---- */

struct line {
    const struct frame *frame;
    uint64_t *cells; /* of the screen */
    int row;
};

/* Whether the current style would make the cell look as it should; a blank asks for little. */
static bool is_in_style(const struct term_screen *screen, uint64_t cell)
{
    uint64_t style = screen->style;
    return (cell & STYLE_MASK) == (code_of(cell) == ' ' ? term_style_of_blank(style) : style);
}

static void set_style(struct term_screen *screen, uint64_t cell, struct str *out)
{
    uint64_t style = cell & STYLE_MASK;
    if (is_in_style(screen, cell))
        return;
    term_style_change(screen->caps, screen->style, style, out);
    screen->style = style;
}

static void send_text(const struct line *line, int column, uint64_t cell, struct str *out)
{
    uint32_t code = code_of(cell);
    if (code < 0x80)
        str_append_char(out, (char)code);
    else
        str_append(out, frame_cell(line->frame, line->row, column)->text);
}

/* Cells between the cursor and `column` that look the same in the current style: sending them
 * again is a way to move. */
static bool can_walk(const struct term_screen *screen, const struct line *line, int column)
{
    enum { WALK_MAX = 4 };
    if (screen->row != line->row || screen->column < 0 || column <= screen->column ||
        column - screen->column > WALK_MAX)
        return false;
    for (int at = screen->column; at < column; at++) {
        uint64_t cell = line->cells[at];
        if (!is_in_style(screen, cell) || code_of(cell) < ' ' || code_of(cell) > 0x7e)
            return false;
    }
    return true;
}

static void go(struct term_screen *screen, const struct line *line, int column, struct str *out)
{
    if (!can_walk(screen, line, column)) {
        move_to(screen, line->row, column, out);
        return;
    }
    for (; screen->column < column; screen->column++)
        str_append_char(out, (char)code_of(line->cells[screen->column]));
}

/* Sends one cell, with its right half. Returns whether the next one must follow whatever it is. */
static bool send_cell(struct term_screen *screen, const struct line *line, int column, int width,
                      struct str *out)
{
    uint64_t cell = line->cells[column];
    bool is_sure = is_certain(code_of(cell));
    go(screen, line, column, out);
    set_style(screen, cell, out);
    if (!is_sure && width == 2) {
        str_append(out, "  "); /* if the terminal finds it narrow, this is its right half */
        screen->column = column + 2 < screen->columns ? column + 2 : -1;
        move_to(screen, line->row, column, out);
    }
    send_text(line, column, cell, out);
    screen->column = is_sure && column + width < screen->columns ? column + width : -1;
    return !is_sure;
}

/* The first column from which the line is to be blank. */
static int tail_of(const struct term_screen *screen, const struct frame *frame, int row)
{
    int column = row < frame_rows(frame) ? MIN_OF(screen->columns, frame_columns(frame)) : 0;
    while (column > 0) {
        const struct cell *cell = frame_cell(frame, row, column - 1);
        if (cell->text[0] != ' ' || cell->text[1] || cell->style.bg ||
            cell->style.attrs & (ATTR_REVERSE | ATTR_UNDERLINE))
            break;
        column--;
    }
    return column;
}

/* Makes the line blank from `column` on. */
static void send_tail(struct term_screen *screen, const struct line *line, int column,
                      bool is_forced, struct str *out)
{
    int first = is_forced ? column : screen->columns, end = is_forced ? column + 1 : 0;
    for (int at = column; at < screen->columns; at++) {
        if (line->cells[at] == BLANK)
            continue;
        line->cells[at] = BLANK;
        first = MIN_OF(first, at);
        end = at + 1;
    }
    if (first >= end)
        return;
    go(screen, line, first, out);
    set_style(screen, BLANK, out);
    if (end - first > BLANKS_MAX) {
        str_append(out, "\033[K");
        return;
    }
    str_append_repeat(out, " ", (size_t)(end - first));
    screen->column = end < screen->columns ? end : -1;
}

static void paint_line(struct term_screen *screen, const struct frame *frame, int row,
                       struct str *out)
{
    struct line line = { frame, screen->cells + (size_t)row * (size_t)screen->columns, row };
    int tail = tail_of(screen, frame, row);
    bool is_forced = false;
    for (int column = 0, width; column < tail; column += width) {
        const struct cell *cell = frame_cell(frame, row, column);
        width = cell->width == 2 && !screen->is_ascii ? 2 : 1;
        bool is_cut = column + width > screen->columns; /* only its left half would fit */
        uint64_t packed = is_cut ? BLANK : pack(screen, cell);
        width = is_cut ? 1 : width;
        bool is_shown =
            line.cells[column] == packed && (width == 1 || line.cells[column + 1] == RIGHT_HALF);
        if (is_shown && !is_forced)
            continue;
        line.cells[column] = packed;
        if (width == 2)
            line.cells[column + 1] = RIGHT_HALF;
        is_forced = send_cell(screen, &line, column, width, out);
    }
    send_tail(screen, &line, tail, is_forced && tail < screen->columns, out);
}

static void start_over(struct term_screen *screen, int rows, int columns, struct str *out)
{
    size_t count = (size_t)rows * (size_t)columns;
    forget_clusters(screen);
    screen->cells = xreallocarray(screen->cells, count, sizeof(*screen->cells));
    for (size_t i = 0; i < count; i++)
        screen->cells[i] = BLANK;
    str_append(out, "\033[0m\033[H\033[2J");
    screen->rows = rows;
    screen->columns = columns;
    screen->row = screen->column = 0;
    screen->style = 0;
    screen->is_forgotten = false;
}

void term_screen_paint(struct term_screen *screen, const struct frame *frame, int rows, int columns,
                       struct str *out)
{
    if (screen->is_forgotten || rows != screen->rows || columns != screen->columns ||
        screen->cluster_count == CLUSTERS_MAX)
        start_over(screen, rows, columns, out);
    for (int row = 0; row < rows; row++)
        paint_line(screen, frame, row, out);
}
