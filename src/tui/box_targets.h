/* Whom a signal key means. */
#ifndef NVITOP_TUI_BOX_TARGETS_H
#define NVITOP_TUI_BOX_TARGETS_H

#include <stdbool.h>
#include <stddef.h>

struct app;
struct box_target;

/* The tagged processes by ascending pid, or the selected one, each with what speaks against a
 * signal. False, and a notice that says why, if there is nothing to ask about; else free
 * *ret_targets. */
bool box_targets_find(struct app *app, int signal, struct box_target **ret_targets,
                      size_t *ret_count);

#endif
