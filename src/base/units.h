/* Numbers as people read them; the forms are the ones of the original's README. */
#ifndef NVITOP_BASE_UNITS_H
#define NVITOP_BASE_UNITS_H

#include <stdint.h>

enum { UNITS_TEXT_SIZE = 32 };

/* Bytes: `967MiB`, `11019MiB`, `24.00GiB`. `min_gib` starts at GiB (`0.44GiB`). */
void units_bytes(double bytes, int min_gib, char ret_text[UNITS_TEXT_SIZE]);

/* Seconds: `1:10`, `46:13:33`; from four days on `5.2 days`. */
void units_seconds(double seconds, char ret_text[UNITS_TEXT_SIZE]);

/* Rounds half to even, as the original's language does. */
int64_t units_round(double value);

#endif
