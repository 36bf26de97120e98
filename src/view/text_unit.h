/* Any metric's value in words, by the unit of its row: for pages that list metrics. */
#ifndef NVITOP_VIEW_TEXT_UNIT_H
#define NVITOP_VIEW_TEXT_UNIT_H

#include "base/value.h"
#include "view/text.h"

struct metric;

/* `17%`, `66.05 W`, `10240MiB`, `yes`; or `N/A (why)` with the driver's code where it gave one. */
void text_unit(const struct metric *metric, struct value value, char ret_text[TEXT_SIZE]);

#endif
