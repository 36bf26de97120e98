/* gzip by zlib. */
#include "exporter/encode.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "exporter/accept.h"

/* zlib's: the largest window, and 16 more for a gzip header; the fastest level, since numbers
 * shrink to a tenth at any. */
enum { WINDOW_BITS = MAX_WBITS + 16, LEVEL = 1, MEMORY = 8 };

bool encode_is_accepted(const char *accept_encoding)
{
    int gzip = accept_weight(accept_encoding, "gzip");
    int x_gzip = accept_weight(accept_encoding, "x-gzip");
    int weight = MAX_OF(gzip, x_gzip);
    if (weight == ACCEPT_NOT_NAMED)
        weight = accept_weight(accept_encoding, "*");
    return weight > 0 && weight >= accept_weight(accept_encoding, "identity");
}

bool encode_gzip(struct str *text)
{
    z_stream stream = { 0 };
    if (text->len > UINT_MAX ||
        deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW_BITS, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    uLong bound = deflateBound(&stream, (uLong)text->len);
    struct str packed = { .data = xmalloc(bound + 1), .cap = bound + 1 };
    stream.next_in = (Bytef *)text->data;
    stream.avail_in = (uInt)text->len;
    stream.next_out = (Bytef *)packed.data;
    stream.avail_out = (uInt)bound;
    deflate(&stream, Z_FINISH); /* one step: there is room for the worst case */
    packed.len = stream.total_out;
    packed.data[packed.len] = '\0';
    deflateEnd(&stream);
    str_done(text);
    *text = packed;
    return true;
}
