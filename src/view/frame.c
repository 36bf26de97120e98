/*
 * The grid. Invariants: every cell holds printable text; a cell of width 2 is followed by one of
 * width 0 and no other cell has width 0. Writing over one half of a wide character blanks the
 * other half, so a row always is as many columns wide as the frame.
 */
#include "view/frame.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

struct frame {
    int rows, columns;
    struct cell cells[];
};

static const struct cell blank = { .text = " ", .width = 1 };

struct frame *frame_new(int rows, int columns)
{
    rows = MAX_OF(rows, 0);
    columns = MAX_OF(columns, 0);
    size_t count = (size_t)rows * (size_t)columns;
    struct frame *frame = xmalloc(sizeof(*frame) + count * sizeof(struct cell));
    frame->rows = rows;
    frame->columns = columns;
    frame_clear(frame);
    return frame;
}

void frame_clear(struct frame *frame)
{
    size_t count = (size_t)frame->rows * (size_t)frame->columns;
    for (size_t i = 0; i < count; i++)
        frame->cells[i] = blank;
}

void frame_free(struct frame *frame)
{
    free(frame);
}

int frame_rows(const struct frame *frame)
{
    return frame->rows;
}

int frame_columns(const struct frame *frame)
{
    return frame->columns;
}

static bool is_inside(const struct frame *frame, int row, int column)
{
    return row >= 0 && row < frame->rows && column >= 0 && column < frame->columns;
}

static struct cell *cell_at(struct frame *frame, int row, int column)
{
    return &frame->cells[(size_t)row * (size_t)frame->columns + (size_t)column];
}

const struct cell *frame_cell(const struct frame *frame, int row, int column)
{
    if (!is_inside(frame, row, column))
        return NULL;
    return &frame->cells[(size_t)row * (size_t)frame->columns + (size_t)column];
}

static void make_blank(struct cell *cell)
{
    cell->text[0] = ' ';
    cell->text[1] = 0;
    cell->width = 1;
}

/* Before (row, column) is overwritten: the other half of a wide character there becomes blank. */
static void cut_loose(struct frame *frame, int row, int column)
{
    struct cell *cell = cell_at(frame, row, column);
    if (cell->width == 0)
        make_blank(cell - 1);
    else if (cell->width == 2)
        make_blank(cell + 1);
}

/* One character of `len` bytes, at most CELL_TEXT_SIZE - 1, into its cell. Two columns wide, it
 * must not be asked for in the last column: its second half would be the next row's. */
static void put(struct frame *frame, int row, int column, struct style style, const char *text,
                size_t len, int width)
{
    if (!is_inside(frame, row, column))
        return;
    cut_loose(frame, row, column);
    struct cell *cell = cell_at(frame, row, column);
    if (width == 2) {
        cut_loose(frame, row, column + 1);
        cell[1] = (struct cell){ .text = "", .width = 0, .style = style };
    }
    memcpy(cell->text, text, len);
    cell->text[len] = 0;
    cell->width = (uint8_t)width;
    cell->style = style;
}

/* Invisible characters that tie their neighbours together or pick another shape for them: some
 * terminals then draw those in other columns than the sum, without them all agree with us. */
static bool is_invisible(uint32_t code)
{
    return (code >= 0x200b && code <= 0x200d) || (code >= 0x2060 && code <= 0x2064) ||
           (code >= 0xfe00 && code <= 0xfe0f);
}

/* A combining mark joins the character before it, which may be the left half of a wide one. */
static void put_mark(struct frame *frame, int row, int column, const char *text, size_t len)
{
    if (!is_inside(frame, row, column))
        return;
    struct cell *cell = cell_at(frame, row, column);
    if (cell->width == 0)
        cell--;
    size_t have = strlen(cell->text);
    if (have + len >= CELL_TEXT_SIZE)
        return; /* more marks than that are decoration */
    memcpy(cell->text + have, text, len);
    cell->text[have + len] = 0;
}

/* Columns of the character at text[0..len), its bytes and its code; quick for plain ASCII. */
static int char_width(const char *text, size_t len, size_t *ret_used, uint32_t *ret_code)
{
    *ret_used = 1;
    *ret_code = (unsigned char)*text;
    if (*ret_code >= 0x20 && *ret_code < 0x7f)
        return 1;
    *ret_used = utf8_decode(text, len, ret_code);
    return utf8_code_width(*ret_code);
}

int frame_text(struct frame *frame, int row, int column, int columns, struct style style,
               const char *text)
{
    int end = MIN_OF(column + MAX_OF(columns, 0), frame->columns);
    bool has_base = false; /* the cell before `column` is one that a mark may join */
    size_t len = strlen(text);
    for (size_t at = 0, used; at < len; at += used) {
        uint32_t code;
        int width = char_width(text + at, len - at, &used, &code);
        if (width == 0) {
            if (has_base && !is_invisible(code))
                put_mark(frame, row, column - 1, text + at, used);
            continue;
        }
        /* A wide character across either edge: half of it cannot be shown, a blank stands there. */
        bool is_split =
            column < end && (column + width > end || (column < 0 && column + width > 0));
        if (column + width > end) {
            if (is_split)
                put(frame, row, column++, style, " ", 1, 1);
            break;
        }
        has_base = column >= 0;
        if (is_split)
            put(frame, row, 0, style, " ", 1, 1);
        else if (has_base)
            put(frame, row, column, style, text + at, used, width);
        column += width;
    }
    return column;
}

void frame_fill(struct frame *frame, int row, int column, int columns, const char *character)
{
    size_t len = strlen(character);
    for (int i = 0; i < columns; i++)
        put(frame, row, column + i, (struct style){ 0 }, character, len, 1);
}

void frame_restyle(struct frame *frame, int row, int column, int columns, struct style style)
{
    for (int i = 0; i < columns; i++) {
        if (is_inside(frame, row, column + i))
            cell_at(frame, row, column + i)->style = style;
    }
}

void frame_emphasise(struct frame *frame, int row, int column, int columns, unsigned attributes)
{
    for (int i = 0; i < columns; i++) {
        if (is_inside(frame, row, column + i))
            cell_at(frame, row, column + i)->style.attrs |= (uint8_t)attributes;
    }
}

void frame_dim(struct frame *frame)
{
    size_t count = (size_t)frame->rows * (size_t)frame->columns;
    for (size_t i = 0; i < count; i++)
        frame->cells[i].style.attrs |= ATTR_DIM;
}
