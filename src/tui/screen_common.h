/* What several screens have in common. */
#ifndef NVITOP_TUI_SCREEN_COMMON_H
#define NVITOP_TUI_SCREEN_COMMON_H

#include <stdbool.h>

struct app;
struct model;
struct screen;
struct snapshot_process;
struct term_event;

/* How far a key, and one step of the wheel, moves to the side. */
enum { SCREEN_KEY_COLUMNS = 5, SCREEN_WHEEL_COLUMNS = 2 };

/* How far the wheel turns: in rows, or in steps to the side if Shift is held. 0: a button. */
int screen_wheel(const struct term_event *event);

/* The row of what is selected: on its device, else its first one, else as a relative. NULL: nothing
 * is, or it is not in the snapshot. */
const struct snapshot_process *screen_selected(const struct model *model);

/* An action: opens the question before that signal. */
bool screen_signal(struct screen *screen, struct app *app, int number);

#endif
