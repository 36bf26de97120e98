/*
 * Arithmetic of a cursor and a window over a list. Invariants after every call: 0 <= current <
 * count (0 if the list is empty), the current line is within the window if that has a row at all,
 * and the window has no blank rows while lines are hidden above it.
 */
#include "view/list_view.h"

#include "base/mem.h"

static int clamp(int value, int low, int high)
{
    return MAX_OF(low, MIN_OF(value, high));
}

void list_view_move(struct list_view *list, int count, int rows, int delta)
{
    rows = MAX_OF(rows, 1);
    list->current = clamp(list->current + delta, 0, MAX_OF(count - 1, 0));
    list->top = clamp(list->top, 0, MAX_OF(count - rows, 0));
    list->top = clamp(list->top, list->current - rows + 1, list->current);
}

void list_view_wheel(struct list_view *list, int count, int rows, int delta)
{
    int top = clamp(list->top + delta, 0, MAX_OF(count - MAX_OF(rows, 1), 0));
    list->current += top - list->top; /* stays where it is on the screen */
    delta -= top - list->top;
    list->top = top;
    list_view_move(list, count, rows, delta);
}
