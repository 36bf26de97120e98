/* Numbers as people read them; the forms are the ones of the original's README. */
#ifndef NVITOP_BASE_UNITS_H
#define NVITOP_BASE_UNITS_H

#include <stdbool.h>
#include <stdint.h>

enum { UNITS_TEXT_SIZE = 32 };

/* What fits a text of that size: numbers beyond are cut. */
#define UNITS_BYTES_MAX 1e27
#define UNITS_SECONDS_MAX 1e20

/* Bytes: `967MiB`, `11019MiB`, `24.00GiB`; in no unit smaller than `min_unit` bytes, so that with
 * UNITS_GIB it starts at `0.44GiB`. A fraction of a byte is rounded first. */
#define UNITS_GIB 1073741824.0
void units_bytes(double bytes, double min_unit, char ret_text[UNITS_TEXT_SIZE]);

/* The other way: `500`, `10k` (1000 without an i), `1.5 GiB`, `+4g`; in whole bytes, cut. Blanks
 * around and before the unit, any case; no sign but +. False for everything else. */
bool units_parse_bytes(const char *text, double *ret_bytes);

/* Seconds, of which a fraction is cut: `1:10`, `46:13:33`; from `days_from` days on `5.2 days`.
 * Less than none are those of an hour before, as the original has it: -1 is `59:59`. */
enum { UNITS_DAYS_FROM = 4 };
void units_seconds(double seconds, int days_from, char ret_text[UNITS_TEXT_SIZE]);

/* `text` as snprintf wrote it, with a point for a decimal point, whatever the locale has. */
void units_point(char *text);

/* Rounds half to even, as the original's language does. */
int64_t units_round(double value);

#endif
