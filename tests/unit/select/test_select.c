/* Which devices are chosen: the case file; steadiness over several looks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "cases.h"
#include "core/snapshot.h"
#include "crowd.h"
#include "select/select.h"
#include "select/steady.h"
#include "select/why.h"

static void put_device(const struct select_verdict *verdict, struct str *out)
{
    str_printf(out, "%d", (int)verdict->device->physical);
    if (verdict->device->mig >= 0)
        str_printf(out, ".%d", (int)verdict->device->mig);
}

/* Those taken in their order, then what became of the others. */
static char *tell(const struct selection *selection)
{
    struct str taken = { 0 }, others = { 0 };
    size_t place = 0;
    for (size_t i = 0; i < selection->count; i++) {
        const struct select_verdict *verdict = &selection->verdicts[i];
        struct str *out = verdict->fate == SELECT_TAKEN ? &taken : &others;
        str_append(out, out->len ? " " : "");
        put_device(verdict, out);
        if (verdict->fate == SELECT_TAKEN)
            assert_int_equal(verdict->place, ++place);
        else
            str_printf(out, "=%s", select_fate_word(verdict->fate));
    }
    assert_int_equal(place, selection->taken_count);
    str_printf(&taken, "%s; %s", taken.len ? " " : "", str_text(&others));
    while (taken.len && taken.data[taken.len - 1] == ' ')
        taken.data[--taken.len] = 0;
    str_done(&others);
    return str_take(&taken);
}

static char *select_case(const char *input, size_t len)
{
    struct crowd crowd;
    struct arena arena = { 0 };
    struct selection selection;
    (void)len;
    crowd_read(input, &crowd);
    select_judge(crowd.snapshot, &crowd.wish, crowd.has_from ? crowd.from : NULL, crowd.from_count,
                 &arena, &selection);
    select_rank(&crowd.wish, &selection);
    char *text = tell(&selection);
    arena_done(&arena);
    crowd_done(&crowd);
    return text;
}

static void trap_37_chooses_what_is_known_to_be_free(void **state)
{
    (void)state;
    assert_int_equal(cases_run("select", select_case), 0);
}

/* ---- steadiness ---- */

/* One look at `line`; what came of it. */
static char *look(struct steady *steady, const char *line, uint64_t now_ns, uint64_t enough_ns)
{
    struct crowd crowd;
    struct arena arena = { 0 };
    struct selection selection;
    crowd_read(line, &crowd);
    select_judge(crowd.snapshot, &crowd.wish, NULL, 0, &arena, &selection);
    steady_look(steady, &selection, now_ns, enough_ns);
    select_rank(&crowd.wish, &selection);
    char *text = tell(&selection);
    arena_done(&arena);
    crowd_done(&crowd);
    return text;
}

static void steady_is_who_was_so_at_every_look(void **state)
{
    static const struct {
        uint64_t at;
        const char *line, *expected;
    } looks[] = {
        { 100, "f=50 0:100/0,0,0 1:100/90,0,0", "; 0=unsteady 1=bound" },
        { 101, "f=50 0:100/0,0,0 1:100/0,0,0", "; 0=unsteady 1=unsteady" },
        { 109, "f=50 0:100/0,0,0 1:100/0,0,0", "; 0=unsteady 1=unsteady" },
        { 110, "f=50 0:100/0,0,0 1:100/0,0,0", "0 ; 1=unsteady" },
        { 111, "f=50 0:100/0,0,0 1:100/10,0,0", "0 1 ;" },
        { 112, "f=50 0:100/90,0,0 1:100/0,0,0", "1 ; 0=bound" },
        { 113, "f=50 0:100/0,0,0 1:100/0,0,0!stale", "; 0=unsteady 1=troubled" },
        { 122, "f=50 0:100/0,0,0 1:100/0,0,0", "; 0=unsteady 1=unsteady" },
        { 123, "f=50 1:100/0,0,0", "; 1=unsteady" },
        { 124, "f=50 0:100/0,0,0 1:100/0,0,0", "; 0=unsteady 1=unsteady" },
        { 132, "f=50 0:100/0,0,0 1:100/0,0,0", "1 ; 0=unsteady" },
        { 134, "f=50 0:100/0,0,0 1:100/0,0,0", "1 0 ;" },
    };
    (void)state;
    struct steady *steady = steady_new();
    for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
        char *text = look(steady, looks[i].line, looks[i].at, 10);
        assert_string_equal(text, looks[i].expected);
        free(text);
    }
    steady_free(steady);
    steady_free(NULL);
}

/* ---- words ---- */

static void every_fate_has_a_word_and_a_sentence(void **state)
{
    (void)state;
    struct crowd crowd;
    crowd_read("f=50 0:100/0,0,0", &crowd);
    for (enum select_fate fate = 0; fate < SELECT_FATE_COUNT; fate++) {
        struct str why = { 0 };
        struct select_verdict verdict = { .device = crowd.snapshot->devices, .fate = fate };
        select_why(&crowd.wish, &verdict, 1, &why);
        assert_true(why.len > 5);
        for (enum select_fate other = 0; other < fate; other++)
            assert_string_not_equal(select_fate_word(fate), select_fate_word(other));
        str_done(&why);
    }
    crowd_done(&crowd);
}

static void everything_that_is_compared_is_asked_for(void **state)
{
    (void)state;
    struct metric_wanted wanted = { 0 };
    select_metrics(&wanted);
    for (size_t i = 0; i < SELECT_BOUND_COUNT; i++)
        assert_true(metric_set_has(&wanted.gpu, select_kinds[i].metric) &&
                    metric_set_has(&wanted.mig, select_kinds[i].metric));
    assert_true(metric_set_has(&wanted.gpu, NVITOP_DEV_UUID));
    assert_false(metric_set_has(&wanted.gpu, NVITOP_DEV_TEMPERATURE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trap_37_chooses_what_is_known_to_be_free),
        cmocka_unit_test(steady_is_who_was_so_at_every_look),
        cmocka_unit_test(every_fate_has_a_word_and_a_sentence),
        cmocka_unit_test(everything_that_is_compared_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
