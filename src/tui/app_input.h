/* What comes from the viewer, and from the system. */
#ifndef NVITOP_TUI_APP_INPUT_H
#define NVITOP_TUI_APP_INPUT_H

struct app;

void app_take_input(struct app *app);
void app_take_signals(struct app *app);

#endif
