/*
 * Decoding and widths over utf8proc. The rule for what may reach a terminal is `is_unsafe`:
 * everything that moves the cursor, starts an escape sequence or re-orders text is replaced.
 */
#include "utf8.h"

#include <string.h>

#include <utf8proc.h>

#include "arena.h"
#include "mem.h"

size_t utf8_decode(const char *text, size_t len, uint32_t *ret_code)
{
    utf8proc_int32_t code;
    utf8proc_ssize_t used =
        utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, &code);
    if (used <= 0 || code < 0) {
        *ret_code = 0xfffd;
        return 1;
    }
    *ret_code = (uint32_t)code;
    return (size_t)used;
}

int utf8_code_width(uint32_t code)
{
    if (code < 0x80)
        return code >= 0x20 && code < 0x7f;
    if (code >= 0x1160 && code <= 0x11ff)
        return 0; /* conjoining jamo: utf8proc 2.8 says 1, terminals 0 */
    if (code == 0xad)
        return 1; /* soft hyphen: terminals print it */
    return utf8proc_charwidth((utf8proc_int32_t)code);
}

size_t utf8_fit(const char *text, int columns, int *ret_width)
{
    size_t at = 0, len = strlen(text);
    int width = 0;
    while (at < len) {
        uint32_t code;
        size_t used = utf8_decode(text + at, len - at, &code);
        int wide = utf8_code_width(code);
        if (width + wide > columns)
            break;
        width += wide;
        at += used;
    }
    if (ret_width)
        *ret_width = width;
    return at;
}

int utf8_width(const char *text)
{
    int width;
    utf8_fit(text, 1 << 30, &width);
    return width;
}

static bool is_unsafe(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) ||      /* C0, DEL, C1 */
           code == 0x61c || code == 0x200e || code == 0x200f || /* bidirectional marks */
           (code >= 0x2028 && code <= 0x202e) || /* separators, embeddings, overrides */
           (code >= 0x2066 && code <= 0x206f) || code == 0xfeff ||
           (code >= 0xe0000 && code <= 0xe0fff) || (code >= 0xfff9 && code <= 0xfffb);
}

char *utf8_printable(struct arena *arena, const char *bytes, size_t len)
{
    char *out =
        arena_alloc(arena, len * 3 + 1); /* U+FFFD takes three bytes, others no more than read */
    size_t put = 0;
    for (size_t at = 0; at < len;) {
        uint32_t code;
        size_t used = utf8_decode(bytes + at, len - at, &code);
        bool is_replaced = code == 0xfffd || (is_unsafe(code) && code != '\t');
        if (is_replaced) {
            memcpy(out + put, UTF8_REPLACEMENT, 3);
            put += 3;
        } else if (code == '\t') {
            out[put++] = ' ';
        } else if (put || utf8_code_width(code) > 0) {
            memcpy(out + put, bytes + at, used);
            put += used;
        }
        at += used;
    }
    out[put] = 0;
    return out;
}
