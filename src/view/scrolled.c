/*
 * Text in a window narrower than it. Invariant: nothing is drawn or restyled outside the window,
 * whatever is scrolled.
 */
#include "view/scrolled.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

void scrolled_text(struct frame *frame, int row, const struct scrolled *window, struct style style,
                   const char *text)
{
    int skipped, column = window->column, end = window->column + window->columns;
    const char *rest = text + utf8_fit(text, window->skip, &skipped);
    if (skipped < window->skip && *rest) { /* its right half is the first thing to be seen */
        uint32_t code;
        rest += utf8_decode(rest, strlen(rest), &code);
        column = frame_text(frame, row, column, MIN_OF(1, window->columns), style, " ");
    }
    frame_text(frame, row, column, end - column, style, rest);
}

void scrolled_restyle(struct frame *frame, int row, const struct scrolled *window, struct span part,
                      struct style style)
{
    int from = MAX_OF(part.start - window->skip, 0);
    int until = MIN_OF(part.start - window->skip + part.columns, window->columns);
    frame_restyle(frame, row, window->column + from, until - from, style);
}
