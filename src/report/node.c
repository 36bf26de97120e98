/* jansson says NULL or -1 for lack of memory and for text that is no UTF-8; here only the first is
 * left, and it is treated as everywhere. Members stay in the order in which they were put. */
#include "report/node.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "report/words.h"

enum { INDENT = 2, DIGITS = 15 };

static json_t *checked(json_t *node)
{
    if (!node)
        abort();
    return node;
}

json_t *node_object(void)
{
    return checked(json_object());
}

json_t *node_array(void)
{
    return checked(json_array());
}

json_t *node_int(int64_t i)
{
    return checked(json_integer(i));
}

json_t *node_index(int32_t index)
{
    return index < 0 ? node_text(NULL) : node_int(index);
}

json_t *node_real(double r)
{
    return checked(isfinite(r) ? json_real(r) : json_null());
}

json_t *node_bool(bool b)
{
    return checked(json_boolean(b));
}

json_t *node_text(const char *text)
{
    json_t *node = text ? json_string(text) : json_null();
    if (node)
        return node;
    struct arena arena = { 0 };
    node = checked(json_string(utf8_printable(&arena, text, strlen(text))));
    arena_done(&arena);
    return node;
}

json_t *node_value(struct value value)
{
    switch (value.kind) {
    case NVITOP_INT: return node_int(value.i);
    case NVITOP_BOOL: return node_bool(value.i != 0);
    case NVITOP_REAL: return node_real(value.r);
    case NVITOP_TEXT: return node_text(value.text);
    default: return checked(json_null());
    }
}

json_t *node_put(json_t *object, const char *name, json_t *node)
{
    if (json_object_set_new(object, name, node) < 0)
        abort();
    return node;
}

void node_put_value(json_t *object, json_t *unavailable, const char *name, struct value value)
{
    node_put(object, name, node_value(value));
    if (!value_is_na(value))
        return;
    json_t *reason = node_put(unavailable, name, node_object());
    node_put(reason, "why", node_text(words_of(&words_why, value.why)));
    if (value.code)
        node_put(reason, "nvml_code", node_int(value.code));
}

json_t *node_add(json_t *array, json_t *node)
{
    if (json_array_append_new(array, node) < 0)
        abort();
    return node;
}

void node_merge(json_t *object, json_t *from)
{
    if (json_object_update(object, from) < 0)
        abort();
    json_decref(from);
}

static int append(const char *bytes, size_t len, void *arg)
{
    str_append_bytes(arg, bytes, len);
    return 0;
}

void node_write(json_t *node, bool is_pretty, struct str *out)
{
    size_t form = is_pretty ? JSON_INDENT(INDENT) : JSON_COMPACT;
    if (json_dump_callback(node, append, out, form | JSON_REAL_PRECISION(DIGITS)) < 0)
        abort();
    json_decref(node);
}
