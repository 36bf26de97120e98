/* Why the clocks of a GPU are held down, in words. */
#ifndef NVITOP_VIEW_DEVICE_SLOWED_H
#define NVITOP_VIEW_DEVICE_SLOWED_H

#include "view/text.h"

struct snapshot_device;

/* `power cap, HW thermal`; "" if nothing slows it, or nobody knows. Being idle slows nothing. */
void device_slowed_text(const struct snapshot_device *device, char ret_text[TEXT_SIZE]);

/* The gravest of them in five letters at most: `cap`. */
void device_slowed_word(const struct snapshot_device *device, char ret_text[TEXT_SIZE]);

#endif
