/* What is told before there is a snapshot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "exporter/answer.h"
#include "exporter/served.h"

static void the_build_is_told_from_the_start(void **state)
{
    const struct served served = { .prometheus = { .version = "1.2.3" } };
    struct answer_state answers;
    struct answer answer;
    (void)state;
    answer_begin(&answers, &served);
    struct request request = { .path = answer_path("/metrics") };
    answer_request(&answers, &request, NULL, &answer);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(str_text(&answer.body), "nvitop_build_info{version=\"1.2.3\"} 1\n"));
    assert_null(strstr(str_text(&answer.body), "nvitop_driver_up"));
    str_done(&answer.body);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_build_is_told_from_the_start) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
