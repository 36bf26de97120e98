/* Invariant: the `├` of a mark stands above the column of the graph that is that old. */
#include "view/time_marks.h"

#include <stdio.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "view/theme.h"

enum { SECONDS_PER_COLUMN = 2 };

void time_marks_draw(struct frame *frame, const struct time_axis *axis, const struct theme *theme)
{
    static const int seconds[] = { 30, 60, 120, 180, 240, 300 };
    static const struct style plain = { 0 };
    for (size_t i = 0; i < ARRAY_LEN(seconds); i++) {
        char text[32];
        snprintf(text, sizeof(text), "╴%ds├", seconds[i]);
        int width = utf8_width(text), back = seconds[i] / SECONDS_PER_COLUMN + width - 1;
        if (back > axis->width)
            break;
        frame_text(frame, axis->row, axis->border - back, width, plain, text);
        frame_restyle(frame, axis->row, axis->border - back + 1, width - 2,
                      theme_style(theme, ROLE_FAINT));
    }
}
