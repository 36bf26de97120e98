/* What every panel draws from. Panels are pure: the same input gives the same cells. */
#ifndef NVITOP_VIEW_PANEL_H
#define NVITOP_VIEW_PANEL_H

#include <stdint.h>

struct model;
struct snapshot;
struct theme;

enum panel_mode { PANEL_FULL, PANEL_COMPACT };

struct panel {
    const struct snapshot *snapshot;
    const struct theme *theme;
    int width; /* columns of the screen */
    enum panel_mode mode;
    const char *version;       /* of this program */
    uint32_t hidden_columns;   /* of the process table: a bit per row of process_columns */
    const struct model *model; /* what the viewer of a monitor has chosen; NULL: a report */
};

#endif
