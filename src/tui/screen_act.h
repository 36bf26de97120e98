/* What a key does on a screen, looked up. */
#ifndef NVITOP_TUI_SCREEN_ACT_H
#define NVITOP_TUI_SCREEN_ACT_H

#include <stdbool.h>

#include "tui/screen.h"

/* What it has for an action, of its own or of all screens; NULL: nothing. */
const struct screen_action *screen_action_find(const struct screen *screen, enum key_action action);

/* Does it; false: not possible now. */
bool screen_act(struct screen *screen, struct app *app, enum key_action action);

#endif
