/* Any value in words, by its unit: for pages that list metrics, and for whoever prints one. */
#ifndef NVITOP_BASE_VALUE_TEXT_H
#define NVITOP_BASE_VALUE_TEXT_H

#include <stddef.h>

#include "base/value.h"

/*
 * `17%`, `66.05 W`, `10240MiB`, `yes`; or `N/A (why)` with the driver's code where it gave one. Cut
 * to `size` bytes, never in the middle of a character; returns the length of the whole text.
 */
size_t value_text_of(struct value value, enum nvitop_unit unit, char *ret_text, size_t size);

#endif
