/* Headers as clients send them, and what they are given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "exporter/accept.h"
#include "exporter/answer.h"
#include "exporter/encode.h"

#define OPENMETRICS "application/openmetrics-text"

static void weights(void **state)
{
    static const struct {
        const char *header, *name;
        int weight;
    } rows[] = {
        { NULL, "a", ACCEPT_NOT_NAMED },
        { "", "a", ACCEPT_NOT_NAMED },
        { "ab, b a", "a", ACCEPT_NOT_NAMED },
        { "b,A", "a", 1000 },
        { ",, a ,", "a", 1000 },
        { "a;q=0", "a", 0 },
        { "a;q=0.000", "a", 0 },
        { "a ; Q=0.5", "a", 500 },
        { "a;q=1.000", "a", 1000 },
        { "a;v=1;q=0.25;x=2, b", "a", 250 },
        { "a;seq=0", "a", 1000 },
        { "a;v=\"1,2;q=0\";q=0.3", "a", 300 },
        { "a;v=\"\\\",b\"", "b", ACCEPT_NOT_NAMED },
        { "a;q=0.2, a;q=0.7, a;q=0.1", "a", 700 },
        { "a;q=", "a", 0 },
        { "a;q=1.5", "a", 0 },
        { "a;q=0.1234", "a", 0 },
        { "a;q=nan", "a", 0 },
        { "a;q=-1", "a", 0 },
        { "a;v=\"", "a", 1000 },
        { "a;v=\"\\", "a", 1000 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(accept_weight(rows[i].header, rows[i].name), rows[i].weight);
}

static void packed_for_those_who_like_it(void **state)
{
    static const struct {
        const char *header;
        bool is_packed;
    } rows[] = {
        { NULL, false },
        { "gzip", true },
        { "x-gzip", true },
        { "*", true },
        { "deflate, gzip;q=0.5", true },
        { "gzip;q=0", false },
        { "*, gzip;q=0", false },
        { "gzip;q=0, *", false },
        { "*;q=0, gzip", true },
        { "*;q=0", false },
        { "identity, gzip;q=0.5", false },
        { "identity;q=0.5, gzip;q=0.5", true },
        { "identity", false },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(encode_is_accepted(rows[i].header), rows[i].is_packed);
}

static void openmetrics_for_those_who_like_it(void **state)
{
    static const struct {
        const char *header;
        bool is_openmetrics;
    } rows[] = {
        { NULL, false },
        { "*/*", false },
        { "text/html, */*;q=0.8", false },
        { OPENMETRICS, true },
        { OPENMETRICS ";q=0", false },
        { "text/plain," OPENMETRICS ";q=0.5", false },
        { "text/*," OPENMETRICS ";q=0.5", false },
        { "*/*," OPENMETRICS ";q=0.5", false },
        { "text/plain;q=0.2, */*," OPENMETRICS ";q=0.5", true },
        { OPENMETRICS "s", false },
        { OPENMETRICS ";version=1.0.0," OPENMETRICS ";version=0.0.1;q=0.75,"
                      "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
          true },
        { OPENMETRICS ";version=1.0.0;escaping=allow-utf-8;q=0.6," OPENMETRICS
                      ";version=0.0.1;q=0.5,text/plain;version=1.0.0;q=0.4,"
                      "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
          true },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(answer_is_openmetrics(rows[i].header), rows[i].is_openmetrics);
}

/* What comes out is a string like another: whole, and one can append to it. */
static void gzip_is_a_string(void **state)
{
    struct str text = { 0 };
    (void)state;
    str_append_repeat(&text, "a", 5000);
    assert_true(encode_gzip(&text));
    size_t len = text.len;
    assert_true(text.cap > len && text.data[len] == '\0');
    str_append_char(&text, 'b');
    assert_int_equal(text.len, len + 1);
    str_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights),
        cmocka_unit_test(packed_for_those_who_like_it),
        cmocka_unit_test(openmetrics_for_those_who_like_it),
        cmocka_unit_test(gzip_is_a_string),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
