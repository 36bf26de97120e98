/*
 * The widths. All numbers are those of the screen that people know (see layout.h), in display
 * columns. Invariant: the bars and what stands between them fill the room: single + 3 columns of
 * it, or left + right + 6.
 */
#include "view/layout.h"

#include "base/mem.h"

/* Columns beside the box from which on there are two bars, of 18 columns each at least. */
enum { TWO_BARS_FROM = 44 };

int layout_report_width(int terminal, bool has_devices, int widest)
{
    terminal = MAX_OF(terminal, LAYOUT_BOX);
    if (!has_devices)
        return LAYOUT_BOX;
    int device = terminal >= LAYOUT_BARS_FROM ? terminal : LAYOUT_BOX;
    /* Wider than the floor only for the sake of a command; narrower only with the terminal, so that
     * the bars do not change with the length of a command line. */
    int needed = MIN_OF(MIN_OF(device, terminal), widest);
    return MAX_OF(needed, MIN_OF(terminal, LAYOUT_ONCE_FLOOR));
}

struct layout_bars layout_bars(int width)
{
    struct layout_bars bars = { 0 };
    if (width < LAYOUT_BARS_FROM)
        return bars;
    bars.room = width - LAYOUT_BOX;
    bars.single = bars.room - 3;
    if (bars.room >= TWO_BARS_FROM) {
        bars.left = (bars.room - 5) / 2 - 1;
        bars.right = (bars.room - 6) / 2 + 1;
    }
    return bars;
}
