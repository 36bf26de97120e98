/* Accept-Encoding as RFC 9110 has it, and gzip by zlib. */
#include "exporter/encode.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "base/mem.h"
#include "base/str.h"

/* zlib's: the largest window, and 16 more for a gzip header; the fastest level, since numbers
 * shrink to a tenth at any. */
enum { WINDOW_BITS = MAX_WBITS + 16, LEVEL = 1, MEMORY = 8 };

/* The weight behind `;q=`; 1 if none is there. */
static double weight_of(const char *parameters, size_t len)
{
    for (size_t at = 0; at + 2 < len; at++)
        if (strncasecmp(parameters + at, "q=", 2) == 0)
            return strtod(parameters + at + 2, NULL);
    return 1;
}

bool encode_is_accepted(const char *accept_encoding)
{
    static const char *const names[] = { "gzip", "x-gzip", "*" };
    for (const char *at = accept_encoding ? accept_encoding : ""; *at; at += *at == ',') {
        at += strspn(at, " \t");
        size_t len = strcspn(at, ","), name_len = strcspn(at, ";, \t");
        for (size_t i = 0; i < ARRAY_LEN(names); i++)
            if (strlen(names[i]) == name_len && strncasecmp(at, names[i], name_len) == 0)
                return weight_of(at + name_len, len - name_len) > 0;
        at += len;
    }
    return false;
}

bool encode_gzip(struct str *text)
{
    z_stream stream = { 0 };
    if (text->len > UINT_MAX ||
        deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW_BITS, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    uLong bound = deflateBound(&stream, (uLong)text->len);
    struct str packed = { .data = xmalloc(bound), .cap = bound };
    stream.next_in = (Bytef *)text->data;
    stream.avail_in = (uInt)text->len;
    stream.next_out = (Bytef *)packed.data;
    stream.avail_out = (uInt)bound;
    deflate(&stream, Z_FINISH); /* one step: there is room for the worst case */
    packed.len = stream.total_out;
    deflateEnd(&stream);
    str_done(text);
    *text = packed;
    return true;
}
