/* The help page: where keys stand, that they fit, and that it can be read on a low terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "scene.h"
#include "view/frame.h"
#include "view/keytable.h"
#include "view/page_help.h"
#include "view/theme.h"

static int scroll; /* of the page under test */

static void draw(const struct model *model, struct frame *frame)
{
    page_help_draw(model, scroll, frame);
}

static struct model model_of(struct snapshot *snapshot, int rows)
{
    scroll = 0;
    return scene_model(snapshot, rows, 80);
}

static void the_page_is_the_golden_one(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_z();
    struct model model = model_of(snapshot, page_help_height());
    scene_assert_frame("help-80.txt", scene_page(&model, draw, false));
    model.is_readonly = true;
    scene_assert_frame("help-80-readonly.ansi", scene_page(&model, draw, true));
    snapshot_unref(snapshot);
}

/* As in the original: what people's fingers and eyes know. */
static void keys_stand_where_people_know_them(void **state)
{
    (void)state;
    static const struct {
        int row, end; /* the column of the colon */
        const char *label;
    } cases[] = {
        { 9, 11, " a f c:" },       { 9, 51, " h ?:" },       { 10, 11, " F5 r:" },
        { 10, 51, " q:" },          { 12, 11, " Arrows:" },   { 12, 51, " Space:" },
        { 13, 11, " Home:" },       { 13, 51, " Esc:" },      { 14, 51, " Ctrl-C I:" },
        { 15, 51, " K:" },          { 16, 11, " Ctrl-A ^:" }, { 16, 51, " T:" },
        { 17, 51, " e:" },          { 18, 51, " t:" },        { 19, 11, " PageDown ]:" },
        { 19, 51, " Enter:" },      { 21, 11, " Wheel:" },    { 21, 51, " Shift-Wheel:" },
        { 22, 51, " Ctrl-Wheel:" }, { 24, 11, " on oN:" },    { 25, 11, " op oP:" },
        { 25, 51, " ob oB:" },      { 28, 51, " ot oT:" },    { 29, 11, " , .:" },
        { 29, 51, " /:" },
    };
    struct snapshot *snapshot = scene_z();
    struct model model = model_of(snapshot, 50);
    char *text = scene_page(&model, draw, false);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char line[512];
        size_t len = strlen(cases[i].label);
        scene_line(text, cases[i].row, line, sizeof(line));
        assert_true(strlen(line) > (size_t)cases[i].end);
        assert_memory_equal(line + cases[i].end + 1 - len, cases[i].label, len);
    }
    free(text);
    snapshot_unref(snapshot);
}

static void thresholds_are_the_current_ones(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_z();
    struct model model = model_of(snapshot, 50);
    struct theme theme = *model.theme;
    theme.gpu_thresholds[0] = 7;
    theme.memory_thresholds[1] = 99;
    model.theme = &theme;
    char *text = scene_page(&model, draw, false);
    assert_non_null(strstr(text, "light < 7% <= moderate < 75% <= heavy."));
    assert_non_null(strstr(text, "light < 10% <= moderate < 99% <= heavy."));
    free(text);
    snapshot_unref(snapshot);
}

static void what_is_said_fits_beside_its_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < keytable_count; i++) {
        const struct key_binding *binding = &keytable[i];
        if (binding->place == PLACE_NONE)
            continue;
        bool is_left = (binding->place - PLACE_PROGRAM_LEFT) % 2 == 0;
        assert_true(utf8_width(binding->label) <= 11);
        assert_true(utf8_width(binding->help) <= (is_left ? 25 : 26));
    }
}

/* A row without words goes on with the row above, so the first has some. */
static void every_key_is_explained(void **state)
{
    (void)state;
    assert_non_null(keytable[0].help);
    for (size_t i = 0; i < keytable_count; i++)
        assert_true(keytable[i].help || (*keytable[i].keys && keytable[i].place == PLACE_NONE));
}

static void a_low_terminal_shows_all_of_it_in_turn(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_z();
    struct model model = model_of(snapshot, 50);
    char *whole = scene_page(&model, draw, false);
    assert_int_equal(page_help_scroll_max(page_help_height()), 0);
    model.rows = page_help_height() - 1; /* nothing to scroll, but the way back is still said */
    assert_int_equal(page_help_scroll_max(model.rows), 0);
    char *nearly = scene_page(&model, draw, false);
    assert_non_null(strstr(nearly, "any other key leads back"));
    free(nearly);
    model.rows = 24;
    int most = page_help_scroll_max(24);
    assert_true(most > 0);
    for (scroll = 0; scroll <= most; scroll++) {
        char *part = scene_page(&model, draw, false), line[512], other[512];
        for (int row = 0; row < 23; row++)
            assert_string_equal(scene_line(part, row, line, sizeof(line)),
                                scene_line(whole, scroll + row, other, sizeof(other)));
        assert_non_null(strstr(scene_line(part, 23, line, sizeof(line)), "any other key"));
        free(part);
    }
    char last[512];
    assert_non_null(strstr(scene_line(whole, most + 22, last, sizeof(last)), "Ctrl-L"));
    free(whole);
    snapshot_unref(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_is_the_golden_one),
        cmocka_unit_test(keys_stand_where_people_know_them),
        cmocka_unit_test(thresholds_are_the_current_ones),
        cmocka_unit_test(what_is_said_fits_beside_its_key),
        cmocka_unit_test(every_key_is_explained),
        cmocka_unit_test(a_low_terminal_shows_all_of_it_in_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
