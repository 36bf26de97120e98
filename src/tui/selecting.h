/* Changing what is selected and tagged; used by every screen with a list of processes. */
#ifndef NVITOP_TUI_SELECTING_H
#define NVITOP_TUI_SELECTING_H

#include "core/snapshot.h"

struct model;

/* The process of a row of the model's snapshot, a relative included. */
void select_process(struct model *model, const struct snapshot_process *process);

/* Neither selection nor tags. */
void select_nothing(struct model *model);

/* Adds a tag, or takes it away. */
void tag_toggle(struct model *model, struct process_id process);

#endif
