/* The case file: a box, a value with {NAMES} of UUIDs in it, the devices. */
#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cases.h"

/* Case functions have no argument of their own. */
static vectors_fn *resolve_box;

/* `value` with every {NAME} replaced. */
static char *expand(const char *value)
{
    struct str text = { 0 };
    while (*value) {
        size_t len = strcspn(value, "{");
        str_append_bytes(&text, value, len);
        value += len;
        if (!*value)
            break;
        len = strcspn(++value, "}");
        const char *uuid = box_uuid(value, len);
        str_append(&text, uuid ? uuid : "unknown name");
        value += len + 1;
    }
    return str_take(&text);
}

static void append_device(struct str *answer, const struct visible_index *device)
{
    str_append(answer, answer->len ? " " : "");
    str_printf(answer, "%d", device->physical);
    if (device->mig >= 0)
        str_printf(answer, ":%d", device->mig);
}

static char *run_case(const char *input, size_t len)
{
    struct visible_index found[BOX_DEVICES];
    struct str answer = { 0 };
    char name[16] = "";
    size_t name_len = strcspn(input, ":");
    (void)len;
    snprintf(name, sizeof(name), "%.*s", (int)name_len, input);
    const struct box *box = box_find(name);
    if (!box)
        return xstrdup("no such box");
    const char *value = input + name_len + 1;
    value += *value == ' ';
    char *expanded = expand(value);
    bool is_unset = strcmp(value, "unset") == 0;
    size_t count = resolve_box(box, is_unset ? NULL : expanded, found);
    for (size_t i = 0; i < count; i++)
        append_device(&answer, &found[i]);
    free(expanded);
    if (count == 0)
        str_append(&answer, "-");
    return str_take(&answer);
}

int vectors_run(vectors_fn *resolve)
{
    resolve_box = resolve;
    return cases_run("visible", run_case);
}
