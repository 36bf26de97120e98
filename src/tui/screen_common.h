/* What the screens beside the main one have in common. */
#ifndef NVITOP_TUI_SCREEN_COMMON_H
#define NVITOP_TUI_SCREEN_COMMON_H

#include <stdbool.h>

#include "view/keytable.h"

struct app;
struct model;
struct snapshot_process;
struct term_event;

/* Back, help, pause, redraw, refresh; false: none of these. */
bool screen_common_act(struct app *app, enum key_action action);

/* How far the list moves for a key; 0: it is not such a key. */
int screen_list_step(enum key_action action);

/* How far the wheel turns: in rows, or in steps to the side if Shift is held. 0: a button. */
int screen_wheel(const struct term_event *event);

/* The row of what is selected: on its device, else its first one, else as a relative. NULL: nothing
 * is, or it is not in the snapshot. */
const struct snapshot_process *screen_selected(const struct model *model);

#endif
