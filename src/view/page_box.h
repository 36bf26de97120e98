/* The question before a signal: a box over the page it was asked from. */
#ifndef NVITOP_VIEW_PAGE_BOX_H
#define NVITOP_VIEW_PAGE_BOX_H

#include <stdbool.h>
#include <stddef.h>

#include "core/snapshot.h"
#include "view/frame.h"
#include "view/signal_target.h"

struct theme;

enum box_button { BOX_TERMINATE, BOX_KILL, BOX_INTERRUPT, BOX_CANCEL, BOX_BUTTON_COUNT };

enum { BOX_USER_SIZE = 100 };

struct box_target {
    struct process_id process;
    char user[BOX_USER_SIZE];
    enum signal_obstacle obstacle; /* NONE: it gets the signal */
};

struct box {
    const struct box_target *targets;
    size_t count;
    enum box_button current;
};

/* Dims what is in the frame, and draws the box into its middle. Without anybody to get the signal
 * it has one button, to close it. */
void page_box_draw(const struct box *box, const struct theme *theme, struct frame *frame);

struct box_screen {
    int rows, columns;
};

/* Whether all of a box with one line of text can be seen there. */
bool page_box_fits(struct box_screen screen);

/* The button at that cell, BOX_BUTTON_COUNT if there is none. */
enum box_button page_box_button_at(const struct box *box, struct box_screen screen, int row,
                                   int column);

/* How many of the targets get the signal. */
size_t page_box_granted(const struct box *box);

#endif
