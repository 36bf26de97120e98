/* A growing string, always NUL-terminated once something was appended. {0} is empty. */
#ifndef NVITOP_BASE_STR_H
#define NVITOP_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

struct str {
    char *data; /* NULL while nothing was ever appended */
    size_t len, cap;
};

void str_append(struct str *str, const char *text);
void str_append_bytes(struct str *str, const void *bytes, size_t len);
void str_append_char(struct str *str, char c);
void str_append_repeat(struct str *str, const char *text, size_t times);
void str_printf(struct str *str, const char *format, ...)
    __attribute__((format(NVITOP_PRINTF, 2, 3)));
const char *str_text(const struct str *str); /* "" while empty; owned by str */
char *str_take(struct str *str);             /* malloc'd text, never NULL; str is empty again */
void str_clear(struct str *str);             /* empty, memory kept */
void str_done(struct str *str);

bool str_has_prefix(const char *text, const char *prefix);
bool str_parse_int(const char *text, int base, long long *ret_value); /* whole text or false */

#endif
