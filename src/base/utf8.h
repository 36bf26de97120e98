/*
 * UTF-8 from outside: made printable once, at the door, and measured in display columns.
 * Widths are utf8proc's (locale-free): East Asian wide and emoji 2, combining and joiners 0.
 */
#ifndef NVITOP_BASE_UTF8_H
#define NVITOP_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define UTF8_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* Decodes one code point of text[0..len). Returns its length in bytes, at least 1; an invalid
 * byte gives U+FFFD and length 1. len must be > 0. */
size_t utf8_decode(const char *text, size_t len, uint32_t *ret_code);

/* Display columns of one code point: 0, 1 or 2. */
int utf8_code_width(uint32_t code);

/* Display columns of a NUL-terminated printable text. */
int utf8_width(const char *text);

/* Bytes of `text` that fit into `columns`; a wide character is never split.
 * *ret_width (may be NULL) gets the columns they take. */
size_t utf8_fit(const char *text, int columns, int *ret_width);

/* A printable copy: invalid bytes, C0, C1, DEL, line and paragraph separators and bidirectional
 * controls each become U+FFFD; a tab becomes a blank; combining marks at the very start are
 * dropped. The result is valid UTF-8 without a control character. */
char *utf8_printable(struct arena *arena, const char *bytes, size_t len);

/* A UTF-8 locale can be had on this machine: C.UTF-8, en_US.UTF-8 or the environment's. */
bool utf8_has_locale(void);

#endif
