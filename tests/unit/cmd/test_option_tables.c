/* The tables of options of all programs: complete, in order, and kind to old habits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/option_match.h"
#include "cmd/option_table.h"
#include "cmd/options.h"
#include "cmd/options_nvisel.h"

static const struct option_program *const programs[] = { &options_nvitop, &options_nvisel };

static void check_row(const struct option_program *program, const struct option_row *row)
{
    assert_true(str_has_prefix(option_long_name(row), "--"));
    assert_true(row->set || row->action != OPTION_SET);
    assert_true(strlen(row->group) && strlen(row->help) > 10);
    assert_true(row->arity == ARITY_NONE || row->metavar || row->choices);
    assert_true((row->arity == ARITY_EXACT) == (row->exact > 0));
    assert_true((row->complete == COMPLETE_CHOICES) == (row->choices || row->offers));
    for (size_t k = 0; k < ARRAY_LEN(row->names) && row->names[k]; k++)
        assert_ptr_equal(option_by_name(program, row->names[k]), row);
}

static void rows_are_complete_and_in_order(void **state)
{
    (void)state;
    for (size_t p = 0; p < ARRAY_LEN(programs); p++)
        for (size_t i = 0; i < programs[p]->row_count; i++) {
            const struct option_row *row = &programs[p]->rows[i];
            check_row(programs[p], row);
            if (i && strcmp(row->group, row[-1].group) == 0)
                assert_true(row->rank >= row[-1].rank);
            if (row->is_joined)
                assert_true(row->exclusive && row->exclusive == row[-1].exclusive);
        }
}

static void groups_stand_together(void **state)
{
    (void)state;
    for (size_t p = 0; p < ARRAY_LEN(programs); p++) {
        const struct option_row *rows = programs[p]->rows;
        for (size_t i = 1; i < programs[p]->row_count; i++)
            for (size_t k = 0; k + 1 < i; k++)
                if (strcmp(rows[i].group, rows[k].group) == 0)
                    assert_string_equal(rows[i].group, rows[i - 1].group);
    }
}

static void variables_are_complete(void **state)
{
    (void)state;
    for (size_t p = 0; p < ARRAY_LEN(programs); p++)
        for (size_t i = 0; i < programs[p]->variable_count; i++) {
            const struct option_variable *variable = &programs[p]->variables[i];
            assert_true(variable->name && variable->values && variable->otherwise &&
                        variable->help);
        }
}

/* How many names of the original's options begin so. */
static size_t count_old(const struct option_program *program, const char *beginning)
{
    size_t count = 0;
    for (size_t i = 0; i < program->row_count; i++)
        for (size_t k = 0; k < ARRAY_LEN(program->rows[i].names); k++) {
            const char *name = program->rows[i].names[k];
            count += program->rows[i].rank != RANK_OURS && name && str_has_prefix(name, beginning);
        }
    return count;
}

static bool means(const struct option_program *program, const char *word,
                  const struct option_row *row)
{
    struct token token;
    struct str err = { 0 };
    bool is_matched = option_match(program, word, &token, &err);
    str_done(&err);
    return is_matched && token.row == row;
}

static void beginnings_of_old_names_mean_what_they_did(void **state)
{
    (void)state;
    size_t checked = 0;
    for (size_t p = 0; p < ARRAY_LEN(programs); p++)
        for (size_t i = 0; i < programs[p]->row_count; i++) {
            const struct option_row *row = &programs[p]->rows[i];
            const char *name = option_long_name(row);
            for (size_t len = 3; row->rank != RANK_OURS && len < strlen(name); len++) {
                char beginning[64] = "";
                memcpy(beginning, name, len);
                if (count_old(programs[p], beginning) != 1)
                    continue;
                assert_true(means(programs[p], beginning, row));
                checked++;
            }
        }
    assert_true(checked > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_complete_and_in_order),
        cmocka_unit_test(groups_stand_together),
        cmocka_unit_test(variables_are_complete),
        cmocka_unit_test(beginnings_of_old_names_mean_what_they_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
