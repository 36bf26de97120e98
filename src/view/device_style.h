/* How a device looks wherever it stands: in its box, in its bars, as an index among processes. */
#ifndef NVITOP_VIEW_DEVICE_STYLE_H
#define NVITOP_VIEW_DEVICE_STYLE_H

#include "view/panel.h"
#include "view/theme.h"

struct snapshot_device;

/* By how hard it is used, or by what is wrong with it. */
enum theme_role device_style_role(const struct snapshot_device *device, const struct theme *theme);

/* Attributes for all that is shown of it: bold for the device of the selected process, dim for the
 * others, and for values that are too old. */
unsigned device_style_attributes(const struct snapshot_device *device, const struct panel *panel);

#endif
