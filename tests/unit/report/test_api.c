/* nvitop_snapshot_json: the program's text, and outputs that stay alone when it fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/snapshot.h"
#include "nvitop/nvitop.h"
#include "report/query.h"
#include "report/snapshot_json.h"

/* Two facts were read, one of them in vain. */
static struct snapshot *new_snapshot(void)
{
    struct snapshot *snapshot = snapshot_new();
    snapshot->driver_version = value_text("550.54.14");
    snapshot->cuda_version = value_text("12.4");
    snapshot->device_count = 1;
    snapshot->devices = arena_array(&snapshot->arena, 1, sizeof(*snapshot->devices));
    snapshot->devices->mig = -1;
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        snapshot->devices->values[i] = value_na(NVITOP_WHY_NOT_ASKED);
    snapshot->devices->values[NVITOP_DEV_PCIE_TX - NVITOP_DEV_NAME] = value_int(5000);
    snapshot->devices->values[NVITOP_DEV_TEMPERATURE - NVITOP_DEV_NAME] = value_na(NVITOP_WHY_LOST);
    return snapshot;
}

static void the_text_is_the_programs(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot();
    const struct nvitop_snapshot *public = (const struct nvitop_snapshot *)snapshot;
    struct query query = { .count = 0 };
    query_add_scope(&query, NVITOP_SCOPE_DEVICE, true);
    query_add_scope(&query, NVITOP_SCOPE_HOST, true);
    for (uint32_t flags = 0; flags <= NVITOP_JSON_PRETTY; flags++) {
        struct snapshot_json how = { .query = &query,
                                     .version = nvitop_version(),
                                     .is_pretty = flags != 0 };
        struct str expected = { 0 };
        char *text = NULL;
        snapshot_json_write(snapshot, &how, &expected);
        assert_int_equal(nvitop_snapshot_json(public, flags, &text), NVITOP_OK);
        assert_string_equal(text, str_text(&expected));
        assert_int_equal(strchr(text, '\n') != NULL, flags != 0);
        assert_true(text[0] == '{' && text[strlen(text) - 1] == '}');
        nvitop_text_free(text);
        str_done(&expected);
    }
    snapshot_unref(snapshot);
}

static void what_was_read_is_in_it(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot();
    char *text = NULL;
    assert_int_equal(nvitop_snapshot_json((const struct nvitop_snapshot *)snapshot, 0, &text),
                     NVITOP_OK);
    assert_non_null(strstr(text, "\"pcie_tx_throughput\":5000"));
    assert_non_null(strstr(text, "\"temperature\":null"));
    assert_non_null(strstr(text, "\"temperature\":{\"why\":\"lost\"}"));
    assert_null(strstr(text, "\"fan_speed\""));
    assert_null(strstr(text, "\"processes\""));
    nvitop_text_free(text);
    snapshot_unref(snapshot);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot();
    const struct nvitop_snapshot *public = (const struct nvitop_snapshot *)snapshot;
    static char before[] = "untouched";
    char *text = before;
    assert_int_equal(nvitop_snapshot_json(NULL, 0, &text), NVITOP_EINVAL);
    assert_int_equal(nvitop_snapshot_json(public, 0, NULL), NVITOP_EINVAL);
    assert_int_equal(nvitop_snapshot_json(public, 2, &text), NVITOP_EINVAL);
    assert_ptr_equal(text, before);
    nvitop_text_free(NULL);
    snapshot_unref(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_the_programs),
        cmocka_unit_test(what_was_read_is_in_it),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
