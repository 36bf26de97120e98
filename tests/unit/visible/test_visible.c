/* CUDA_VISIBLE_DEVICES: the case file, over the machines of boxes.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "boxes.h"
#include "cases.h"

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

static size_t resolve(const struct box *box, const char *value, struct visible_index *ret)
{
    return visible_resolve(value, box->devices, box->device_count,
                           box->order_count ? box->order : NULL, box->order_count, ret);
}

static void append_device(struct str *answer, const struct visible_index *device)
{
    str_append(answer, answer->len ? " " : "");
    str_printf(answer, "%d", device->physical);
    if (device->mig >= 0)
        str_printf(answer, ":%d", device->mig);
}

static char *visible_case(const char *input, size_t len)
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
    size_t count = resolve(box, is_unset ? NULL : expanded, found);
    for (size_t i = 0; i < count; i++)
        append_device(&answer, &found[i]);
    free(expanded);
    if (count == 0)
        str_append(&answer, "-");
    return str_take(&answer);
}

static void trap36_names_devices_as_the_cuda_runtime_does(void **state)
{
    (void)state;
    assert_int_equal(cases_run("visible", visible_case), 0);
}

static void no_device_is_no_trouble(void **state)
{
    static const char *const values[] = { NULL, "", "0", "GPU-", "MIG-", "0,1,GPU-a" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        assert_int_equal(visible_resolve(values[i], NULL, 0, NULL, 0, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trap36_names_devices_as_the_cuda_runtime_does),
        cmocka_unit_test(no_device_is_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
