/* When a frame is drawn. */
#ifndef NVITOP_TUI_APP_PAINT_H
#define NVITOP_TUI_APP_PAINT_H

#include <stdint.h>

struct app;

/* Draws one if there is a reason to. */
void app_paint(struct app *app);

/* The next time (clock_mono_ns) at which something must be drawn though nothing comes. */
uint64_t app_next_draw_ns(const struct app *app);

#endif
