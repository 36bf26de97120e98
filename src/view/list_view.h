/* A list that is longer than the screen: which line is the current one, which stands at the top. */
#ifndef NVITOP_VIEW_LIST_VIEW_H
#define NVITOP_VIEW_LIST_VIEW_H

/* {0} is the beginning. */
struct list_view {
    int current, top;
};

enum { LIST_VIEW_FAR = 1 << 20 }; /* a move to the end of any list */

/* Moves the current line, and the view along with it. Called with 0 after a change of `count` or
 * of the rows on the screen, it brings both into what there is. */
void list_view_move(struct list_view *list, int count, int rows, int delta);

/* The wheel: the view moves and takes the current line along; at an end, the line alone. */
void list_view_wheel(struct list_view *list, int count, int rows, int delta);

#endif
