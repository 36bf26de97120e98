/* A growing string. Invariant: data is NULL, or data[len] is 0 and len < cap. */
#include "str.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

static void reserve(struct str *str, size_t more)
{
    size_t need = str->len + more + 1;
    if (need <= str->cap)
        return;
    size_t cap = MAX_OF(need, str->cap * 2);
    str->data = xreallocarray(str->data, MAX_OF(cap, (size_t)64), 1);
    str->cap = MAX_OF(cap, (size_t)64);
}

void str_append_bytes(struct str *str, const void *bytes, size_t len)
{
    reserve(str, len);
    if (len)
        memcpy(str->data + str->len, bytes, len);
    str->len += len;
    str->data[str->len] = 0;
}

void str_append(struct str *str, const char *text)
{
    str_append_bytes(str, text, strlen(text));
}

void str_append_char(struct str *str, char c)
{
    str_append_bytes(str, &c, 1);
}

void str_append_repeat(struct str *str, const char *text, size_t times)
{
    size_t len = strlen(text);
    reserve(str, len * times);
    while (times--)
        str_append_bytes(str, text, len);
}

void str_printf(struct str *str, const char *format, ...)
{
    va_list args;
    reserve(str, 0);
    size_t room = str->cap - str->len; /* mostly it is enough, and one pass is */
    va_start(args, format);
    int len = vsnprintf(str->data + str->len, room, format, args);
    va_end(args);
    if (len < 0)
        abort();
    if ((size_t)len >= room) {
        reserve(str, (size_t)len);
        va_start(args, format);
        vsnprintf(str->data + str->len, (size_t)len + 1, format, args);
        va_end(args);
    }
    str->len += (size_t)len;
}

const char *str_text(const struct str *str)
{
    return str->data ? str->data : "";
}

char *str_take(struct str *str)
{
    char *data = str->data ? str->data : xstrdup("");
    *str = (struct str){ 0 };
    return data;
}

void str_clear(struct str *str)
{
    str->len = 0;
    if (str->data)
        str->data[0] = 0;
}

void str_done(struct str *str)
{
    free(str->data);
    *str = (struct str){ 0 };
}

bool str_has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_parse_int(const char *text, int base, long long *ret_value)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, base);
    if (end == text || *end || errno)
        return false;
    *ret_value = value;
    return true;
}
