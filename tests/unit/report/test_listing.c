/* The list of metrics and the schema: nothing of the tables is missing in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/metric.h"
#include "report/lead.h"
#include "report/listing.h"
#include "report/query.h"
#include "report/schema.h"
#include "report/words.h"

static const enum nvitop_scope scopes[] = { NVITOP_SCOPE_DEVICE, NVITOP_SCOPE_PROCESS,
                                            NVITOP_SCOPE_HOST };

static json_t *parse(struct str *text)
{
    json_error_t error;
    json_t *node = json_loads(str_text(text), JSON_REJECT_DUPLICATES, &error);
    if (!node)
        fail_msg("line %d: %s", error.line, error.text);
    str_done(text);
    return node;
}

static size_t count_lines(const struct str *text)
{
    size_t count = 0;
    for (size_t i = 0; i < text->len; i++)
        count += text->data[i] == '\n';
    return count;
}

static void every_metric_has_its_line(void **state)
{
    (void)state;
    struct str table = { 0 }, narrow = { 0 }, csv = { 0 }, json = { 0 };
    listing_table(0, &table);
    listing_table(60, &narrow);
    listing_csv(&csv);
    listing_json(true, &json);
    assert_int_equal(count_lines(&table), 1 + QUERY_METRICS_MAX);
    assert_int_equal(count_lines(&csv), 1 + QUERY_METRICS_MAX);
    for (const char *line = str_text(&narrow); *line; line += strcspn(line, "\n") + 1)
        assert_true(line == str_text(&narrow) || strcspn(line, "\n") <= 76);
    json_t *root = parse(&json);
    assert_int_equal(json_array_size(json_object_get(root, "metrics")), QUERY_METRICS_MAX);
    json_decref(root);
    str_done(&table);
    str_done(&narrow);
    str_done(&csv);
}

static void every_metric_is_in_the_schema(void **state)
{
    (void)state;
    struct str text = { 0 };
    schema_write(&text);
    json_t *root = parse(&text), *defs = json_object_get(root, "$defs");
    for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
        size_t count;
        const struct metric *rows = metric_of_scope(scopes[i], &count);
        json_t *scope = json_object_get(defs, words_of(&words_scope, (int)scopes[i]));
        json_t *properties = json_object_get(scope, "properties");
        for (size_t k = 0; k < count; k++)
            assert_non_null(json_object_get(properties, rows[k].name));
    }
    json_decref(root);
}

/* A metric that is called like another member of its object would hide it. */
static void no_metric_hides_a_member(void **state)
{
    (void)state;
    struct str text = { 0 };
    schema_write(&text);
    json_t *root = parse(&text), *defs = json_object_get(root, "$defs");
    for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
        size_t count, at;
        metric_of_scope(scopes[i], &count);
        json_t *scope = json_object_get(defs, words_of(&words_scope, (int)scopes[i])), *member;
        size_t required = 0;
        json_array_foreach(json_object_get(scope, "required"), at, member)
        {
            assert_null(metric_by_name(scopes[i], json_string_value(member)));
            required++;
        }
        assert_true(json_object_size(json_object_get(scope, "properties")) >= count + required);
    }
    for (size_t i = 0; i < lead_count; i++)
        for (size_t k = 0; k < ARRAY_LEN(scopes); k++)
            assert_null(metric_by_name(scopes[k], leads[i].name));
    json_decref(root);
}

static void words_are_words(void **state)
{
    (void)state;
    const struct words *const all[] = { &words_why,   &words_unit,      &words_kind,
                                        &words_scope, &words_condition, &words_presence,
                                        &words_driver };
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        for (size_t k = 0; k < all[i]->count; k++) {
            const char *word = words_of(all[i], (int)k);
            assert_true(*word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyz_")]);
            for (size_t j = 0; j < k; j++)
                assert_string_not_equal(word, words_of(all[i], (int)j));
        }
    assert_string_equal(words_of(&words_why, -1), "unknown");
    assert_string_equal(words_of(&words_why, 1000), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_metric_has_its_line),
        cmocka_unit_test(every_metric_is_in_the_schema),
        cmocka_unit_test(no_metric_hides_a_member),
        cmocka_unit_test(words_are_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
