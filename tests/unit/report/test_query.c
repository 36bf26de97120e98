/* Words of a query: which metrics they mean, and what is said of those that mean none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "report/query.h"

/* The words of what was asked for, or the error. */
static void ask(const char *word, struct query *ret_query, struct str *ret_text)
{
    *ret_query = (struct query){ 0 };
    str_clear(ret_text);
    if (!query_add_words(ret_query, &word, 1, ret_text))
        return;
    for (size_t i = 0; i < ret_query->count; i++) {
        str_append(ret_text, i ? " " : "");
        query_word(ret_query->metrics[i], ret_text);
    }
}

static void words_become_metrics(void **state)
{
    (void)state;
    static const struct {
        const char *words, *expected;
    } cases[] = {
        { "temperature", "temperature" },
        { "name,uuid,name", "name uuid" },
        { " name , uuid ", "name uuid" },
        { ",name,,", "name" },
        { "device.name", "name" },
        { "name,process.name", "name process.name" },
        { "process.command,host.uptime", "process.command host.uptime" },
        { "memory_total", "memory_total" },
        { "host.memory_total", "host.memory_total" },
        { "uptime", "host.uptime" },
        { "username", "process.username" },
        { "pid,index,timestamp", "" },
        { "process.pid,command", "process.command" },
        { "cpu_percent", "`cpu_percent` could be process.cpu_percent or host.cpu_percent" },
        { "device.pid", "there is no metric `device.pid`; near it: energy, uuid, bus_id; "
                        "--list-metrics names them all" },
        { "", "no metric is named; --list-metrics names them all" },
        { ", ", "no metric is named; --list-metrics names them all" },
        { "gpu.power_usage", "there is no metric `gpu.power_usage`; near it: power_usage; "
                             "--list-metrics names them all" },
        { "zzzzzzzz", "there is no metric `zzzzzzzz`; --list-metrics names them all" },
    };
    struct query query;
    struct str text = { 0 };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        ask(cases[i].words, &query, &text);
        if (strstr(cases[i].expected, "`device.pid`")) /* which ones are near is not promised */
            assert_non_null(strstr(str_text(&text), "there is no metric `device.pid`"));
        else
            assert_string_equal(str_text(&text), cases[i].expected);
    }
    str_done(&text);
}

static void a_long_word_is_no_metric(void **state)
{
    (void)state;
    char word[5000];
    memset(word, 'a', sizeof(word) - 1);
    word[sizeof(word) - 1] = 0;
    struct query query;
    struct str text = { 0 };
    ask(word, &query, &text);
    assert_int_equal(query.count, 0);
    assert_non_null(strstr(str_text(&text), "there is no metric"));
    str_done(&text);
}

static void scopes_that_are_asked_about(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        bool device, process, host, has_processes;
    } cases[] = {
        { "temperature", true, false, false, false },
        { "memory_used", true, false, false, true },
        { "memory_percent", true, false, false, true },
        { "process.command", false, true, false, true },
        { "pid", false, true, false, true },
        { "index", true, false, false, false },
        { "timestamp", false, false, false, false },
        { "host.uptime", false, false, true, false },
        { "device,process,host", true, true, true, true },
    };
    struct query query;
    struct str text = { 0 };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        ask(cases[i].words, &query, &text);
        assert_int_equal(query.is_asked[NVITOP_SCOPE_DEVICE], cases[i].device);
        assert_int_equal(query.is_asked[NVITOP_SCOPE_PROCESS], cases[i].process);
        assert_int_equal(query.is_asked[NVITOP_SCOPE_HOST], cases[i].host);
        assert_int_equal(query_needs_processes(&query), cases[i].has_processes);
    }
    str_done(&text);
}

static void what_blocks_must_be_named(void **state)
{
    (void)state;
    struct query query;
    struct str text = { 0 };
    ask("device", &query, &text);
    size_t count = query.count;
    for (size_t i = 0; i < count; i++)
        assert_false(query_is_blocking(query.metrics[i]));
    assert_true(count < NVITOP_DEV_COUNT);
    ask("device,pcie_tx_throughput", &query, &text);
    assert_int_equal(query.count, count + 1);
    assert_true(query_is_blocking(query.metrics[count]));
    query = (struct query){ 0 };
    query_add_scope(&query, NVITOP_SCOPE_DEVICE, true);
    assert_int_equal(query.count, NVITOP_DEV_COUNT);
    str_done(&text);
}

static void what_is_asked_of_the_driver(void **state)
{
    (void)state;
    struct query query;
    struct metric_wanted wanted;
    struct str text = { 0 };
    ask("temperature,process.command,host.uptime", &query, &text);
    query_wanted(&query, &wanted);
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++) {
        int id = metric_device[i].id;
        bool is_wanted = id == NVITOP_DEV_TEMPERATURE || id == NVITOP_DEV_UUID;
        assert_int_equal(metric_set_has(&wanted.gpu, id), is_wanted);
        assert_int_equal(metric_set_has(&wanted.mig, id), is_wanted);
    }
    str_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_become_metrics),        cmocka_unit_test(a_long_word_is_no_metric),
        cmocka_unit_test(scopes_that_are_asked_about), cmocka_unit_test(what_blocks_must_be_named),
        cmocka_unit_test(what_is_asked_of_the_driver),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
