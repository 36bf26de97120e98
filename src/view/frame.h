/*
 * A grid of cells. Panels draw into it, it clips; back ends (ANSI text, curses, later pictures)
 * read it. No clock, no I/O.
 */
#ifndef NVITOP_VIEW_FRAME_H
#define NVITOP_VIEW_FRAME_H

#include <stdbool.h>
#include <stdint.h>

struct str;

enum colour {
    COLOUR_DEFAULT,
    COLOUR_RED,
    COLOUR_GREEN,
    COLOUR_YELLOW,
    COLOUR_BLUE,
    COLOUR_MAGENTA,
    COLOUR_CYAN,
    COLOUR_WHITE,
    COLOUR_BLACK,
    COLOUR_RGB /* style.rgb holds 0xRRGGBB */
};

enum attribute {
    ATTR_BOLD = 1,
    ATTR_DIM = 2,
    ATTR_ITALIC = 4,
    ATTR_UNDERLINE = 8,
    ATTR_BLINK = 16,
    ATTR_REVERSE = 32,
};

struct style {
    uint8_t fg, bg; /* enum colour; bg is never COLOUR_RGB */
    uint8_t attrs;  /* enum attribute bits */
    uint32_t rgb;   /* when fg is COLOUR_RGB */
};

enum { CELL_TEXT_SIZE = 24 };

struct cell {
    char text[CELL_TEXT_SIZE]; /* one base character and its marks; "" = right half of a wide one */
    uint8_t width;             /* 1 or 2; 0 for the right half */
    struct style style;
};

struct frame;

struct frame *frame_new(int rows, int columns); /* all blanks, default style */
void frame_clear(struct frame *frame);          /* all blanks again */
void frame_free(struct frame *frame);           /* NULL is fine */
int frame_rows(const struct frame *frame);
int frame_columns(const struct frame *frame);
const struct cell *frame_cell(const struct frame *frame, int row, int column); /* NULL outside */

/* Draws printable text (base/utf8.h) from (row, column), at most `columns` wide, clipped to the
 * frame. A wide character that would be split leaves a blank. Returns the column after it. */
int frame_text(struct frame *frame, int row, int column, int columns, struct style style,
               const char *text);

/* Fills `columns` cells with one character of width 1 in the default style. */
void frame_fill(struct frame *frame, int row, int column, int columns, const char *character);

/* Restyles what is there. */
void frame_restyle(struct frame *frame, int row, int column, int columns, struct style style);

/* Adds attributes to what is there. */
void frame_emphasise(struct frame *frame, int row, int column, int columns, unsigned attributes);

/* Everything steps back: something else comes to the front. */
void frame_dim(struct frame *frame);

/* Replaces everything beyond ASCII: frames and bars by their ASCII shapes, each column of
 * anything else by '?'. No column moves. */
void frame_to_ascii(struct frame *frame);

/* How text leaves: the whole frame as lines ending in '\n', trailing blanks of a row dropped. */
enum frame_colours { FRAME_PLAIN, FRAME_ANSI };
void frame_write(const struct frame *frame, enum frame_colours colours, struct str *out);

#endif
