/* What is answered before there is a snapshot, and while a sampler tells nothing any more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/snapshot.h"
#include "exporter/answer.h"
#include "exporter/served.h"
#include "report/query.h"

enum { PATIENCE_NS = 100 };

static const struct query nothing;
static const struct served served = { .prometheus = { .version = "1.0.0" },
                                      .query = &nothing,
                                      .patience_ns = PATIENCE_NS };

static void assert_answer(const struct snapshot *snapshot, const char *path, uint64_t age_ns,
                          unsigned status, bool has_driver)
{
    struct answer_state state;
    struct answer answer;
    answer_begin(&state, &served);
    struct request request = { .path = answer_path(path) };
    request.is_old = answer_is_old(&state, snapshot, snapshot->mono_ns + age_ns);
    answer_request(&state, &request, snapshot, &answer);
    assert_int_equal(answer.status, status);
    assert_int_equal(strstr(str_text(&answer.body), "driver") != NULL, has_driver);
    str_done(&answer.body);
}

static void what_is_too_old_is_not_told(void **state)
{
    (void)state;
    struct snapshot *snapshot = snapshot_new();
    snapshot->mono_ns = 1000;
    snapshot->hostname = "here";
    assert_answer(snapshot, "/metrics", PATIENCE_NS, 200, true);
    assert_answer(snapshot, "/metrics", PATIENCE_NS + 1, 200, false);
    assert_answer(snapshot, "/api/v1/snapshot", PATIENCE_NS, 200, true);
    assert_answer(snapshot, "/api/v1/snapshot", PATIENCE_NS + 1, 503, false);
    assert_answer(snapshot, "/-/ready", PATIENCE_NS, 200, false);
    assert_answer(snapshot, "/-/ready", PATIENCE_NS + 1, 503, false);
    assert_answer(snapshot, "/-/healthy", PATIENCE_NS + 1, 200, false);
    snapshot_unref(snapshot);
}

static void the_build_is_told_from_the_start(void **state)
{
    struct answer_state answers;
    struct answer answer;
    (void)state;
    answer_begin(&answers, &served);
    struct request request = { .path = answer_path("/metrics") };
    answer_request(&answers, &request, NULL, &answer);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(str_text(&answer.body), "nvitop_build_info{version=\"1.0.0\"} 1\n"));
    assert_null(strstr(str_text(&answer.body), "nvitop_driver_up"));
    str_done(&answer.body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_build_is_told_from_the_start),
        cmocka_unit_test(what_is_too_old_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
