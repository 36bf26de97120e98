/* A list that only grows; keys stand behind each other in one block. */
#include "collect/result.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void result_add(struct result *result, const char *prefix, const char *name, const char *statistic,
                double value)
{
    if (result->count == result->cap) {
        result->cap = result->cap * 2 + 128;
        result->values = xreallocarray(result->values, result->cap, sizeof(*result->values));
    }
    result->values[result->count++] = value;
    if (result->which == RESULT_NO_KEYS)
        return;
    str_append(&result->keys, prefix);
    str_append(&result->keys, name);
    if (statistic)
        str_printf(&result->keys, "/%s", statistic);
    str_append_char(&result->keys, 0);
}

void result_emit(const struct result *result, result_emit_fn *emit, void *arg)
{
    const char *key = str_text(&result->keys);
    for (size_t i = 0; i < result->count; i++) {
        emit(arg, key, result->values[i]);
        key += strlen(key) + 1;
    }
}

void result_done(struct result *result)
{
    str_done(&result->keys);
    free(result->values);
    *result = (struct result){ 0 };
}
