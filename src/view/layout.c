/* The widths. All numbers are those of the screen that people know (see layout.h). */
#include "view/layout.h"

#include "base/mem.h"

enum { TWO_BARS_FROM = 44 };

int layout_report_width(int terminal, bool has_devices, int widest)
{
    terminal = MAX_OF(terminal, LAYOUT_BOX);
    if (!has_devices)
        return LAYOUT_BOX;
    int device = terminal >= LAYOUT_BARS_FROM ? terminal : LAYOUT_BOX;
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
