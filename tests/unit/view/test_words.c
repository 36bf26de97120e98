/* Words, bars, widths and colours of the view: pure functions, mostly from case files. */
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
#include "cases.h"
#include "view/bar.h"
#include "view/layout.h"
#include "view/text.h"
#include "view/theme.h"

static const struct {
    const char *name;
    void (*format)(const struct text_values *values, char ret_text[TEXT_SIZE]);
} formats[] = {
    { "plain", text_plain },
    { "name", text_name },
    { "profile", text_profile },
    { "on_off", text_on_off },
    { "mig_mode", text_mig_mode },
    { "compute_mode", text_compute_mode },
    { "pstate", text_pstate },
    { "percent", text_percent },
    { "percent_max", text_percent_max },
    { "celsius", text_celsius },
    { "watts", text_watts },
    { "power", text_power },
    { "bytes", text_bytes },
    { "memory", text_memory },
    { "memory_padded", text_memory_padded },
    { "mhz", text_mhz },
    { "throughput", text_throughput },
    { "number", text_number },
    { "cpu", text_cpu },
    { "tenths", text_tenths },
    { "seconds", text_seconds },
    { "uptime", text_uptime },
    { "gib", text_gib },
    { "load", text_load },
};

/* NA, 12, 1.5, or text. */
static struct value parse_value(const char *word)
{
    char *end;
    if (strcmp(word, "NA") == 0)
        return value_na(NVITOP_WHY_NOT_SUPPORTED);
    if (!strpbrk(word, ".") && (strtoll(word, &end, 10), !*end))
        return value_int(strtoll(word, NULL, 10));
    double real = strtod(word, &end);
    return *end ? value_text(word) : value_real(real);
}

/* `FORMAT VALUE` or `FORMAT VALUE, VALUE`; the text is put between angle brackets. */
static char *text_case(const char *input, size_t len)
{
    (void)len;
    char line[512], text[TEXT_SIZE] = "no such format";
    snprintf(line, sizeof(line), "%s", input);
    char *first = strchr(line, ' ');
    assert_non_null(first);
    *first++ = 0;
    char *second = strstr(first, ", ");
    if (second) {
        *second = 0;
        second += 2;
    }
    struct text_values values = { parse_value(first), parse_value(second ? second : "NA") };
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        if (strcmp(formats[i].name, line) == 0)
            formats[i].format(&values, text);
    }
    struct str out = { 0 };
    str_printf(&out, "<%s>", text);
    return str_take(&out);
}

/* `PREFIX VALUE WIDTH first|last EXTRA`; a prefix `-` is none, and the value stands last. */
static char *bar_case(const char *input, size_t len)
{
    char prefix[8], word[32], side[8], extra[64] = "";
    int width;
    (void)len;
    assert_true(sscanf(input, "%7s %31s %d %7s %63[^\n]", prefix, word, &width, side, extra) >= 4);
    struct bar bar = {
        .prefix = strcmp(prefix, "-") == 0 ? NULL : prefix,
        .is_value_last = strcmp(prefix, "-") == 0,
        .percent = parse_value(word),
        .extra = *extra ? extra : NULL,
        .is_extra_first = strcmp(side, "first") == 0,
    };
    struct str out = { 0 };
    str_append(&out, "<");
    bar_text(&bar, width, &out);
    str_append(&out, ">");
    return str_take(&out);
}

/* `TERMINAL WIDEST DEVICES`. */
static char *width_case(const char *input, size_t len)
{
    int terminal, widest, devices;
    (void)len;
    assert_int_equal(sscanf(input, "%d %d %d", &terminal, &widest, &devices), 3);
    struct str out = { 0 };
    str_printf(&out, "%d", layout_report_width(terminal, devices > 0, widest));
    return str_take(&out);
}

/* `WIDTH` → room, single, left, right. */
static char *bars_case(const char *input, size_t len)
{
    (void)len;
    struct layout_bars bars = layout_bars(atoi(input));
    struct str out = { 0 };
    str_printf(&out, "%d %d %d %d", bars.room, bars.single, bars.left, bars.right);
    return str_take(&out);
}

/* `start|end COLUMNS TEXT`. */
static char *cut_case(const char *input, size_t len)
{
    char side[8], text[512], cut[TEXT_SIZE];
    int columns;
    (void)len;
    assert_int_equal(sscanf(input, "%7s %d %511[^\n]", side, &columns, text), 3);
    struct str out = { 0 };
    str_printf(&out, "<%s>",
               strcmp(side, "end") == 0 ? text_cut_end(text, columns, "..", cut)
                                        : text_cut_start(text, columns, "..", cut));
    return str_take(&out);
}

static void values_read_as_in_the_report(void **state)
{
    (void)state;
    assert_int_equal(cases_run("view-text", text_case), 0);
}

static void bars_show_what_fits(void **state)
{
    (void)state;
    assert_int_equal(cases_run("view-bar", bar_case), 0);
}

static void the_report_is_as_wide_as_it_needs(void **state)
{
    (void)state;
    assert_int_equal(cases_run("view-width", width_case), 0);
}

static void bars_share_the_room_beside_the_box(void **state)
{
    (void)state;
    assert_int_equal(cases_run("view-bars", bars_case), 0);
}

static void texts_are_cut_at_columns(void **state)
{
    (void)state;
    assert_int_equal(cases_run("view-cut", cut_case), 0);
}

static void a_bar_always_has_its_width(void **state)
{
    (void)state;
    static const char *const extras[] = { NULL, "1041MiB", "@ 1815MHz", "N/A" };
    for (int width = 14; width < 130; width++) {
        for (int tenth = -10; tenth <= 1100; tenth += 7) {
            struct bar bar = { .prefix = "MEM",
                               .percent = value_real(tenth / 10.0),
                               .extra = extras[tenth & 3],
                               .is_extra_first = tenth & 4 };
            struct frame *frame = frame_new(1, width + 1);
            struct str text = { 0 };
            bar_text(&bar, width, &text);
            assert_int_equal(frame_text(frame, 0, 0, width + 1, bar.style, str_text(&text)), width);
            str_done(&text);
            frame_free(frame);
        }
    }
}

static void thresholds_are_the_first_value_of_the_next_step(void **state)
{
    (void)state;
    static const int thresholds[] = { 10, 75 };
    assert_int_equal(theme_load(value_real(9.94), thresholds), ROLE_LIGHT_LOAD);
    assert_int_equal(theme_load(value_real(9.96), thresholds),
                     ROLE_MODERATE_LOAD); /* shown as 10.0 */
    assert_int_equal(theme_load(value_int(74), thresholds), ROLE_MODERATE_LOAD);
    assert_int_equal(theme_load(value_int(75), thresholds), ROLE_HEAVY_LOAD);
    assert_int_equal(theme_load(value_na(NVITOP_WHY_LOST), thresholds), ROLE_MODERATE_LOAD);
}

static void the_spectrum_runs_from_green_over_red_to_purple(void **state)
{
    (void)state;
    struct theme theme = { .kind = THEME_DARK, .is_gradient = true };
    assert_int_equal(theme_gradient(&theme, 0).rgb, 0x3dcc4b);
    assert_int_equal(theme_gradient(&theme, 0.7).rgb, 0xcc3d3d);
    assert_int_equal(theme_gradient(&theme, 1).rgb, 0xcc3dbe);
    assert_int_equal(theme_gradient(&theme, 7).rgb, theme_gradient(&theme, 1).rgb);
    theme.kind = THEME_NONE;
    assert_int_equal(theme_gradient(&theme, 0.5).fg, COLOUR_DEFAULT);
}

static void a_light_theme_darkens_what_is_reversed(void **state)
{
    (void)state;
    struct theme light = { .kind = THEME_LIGHT }, dark = { .kind = THEME_DARK };
    struct style cyan = theme_style(&light, ROLE_CPU);
    assert_int_equal(cyan.bg, COLOUR_DEFAULT);
    assert_int_equal(theme_reverse(&light, cyan).bg, COLOUR_BLACK);
    assert_int_equal(theme_reverse(&dark, cyan).bg, COLOUR_DEFAULT);
    assert_int_equal(theme_reverse(&light, (struct style){ 0 }).bg, COLOUR_DEFAULT);
    assert_true(theme_reverse(&dark, cyan).attrs & ATTR_REVERSE);
}

static void without_colours_attributes_stay(void **state)
{
    (void)state;
    struct theme none = { .kind = THEME_NONE };
    assert_int_equal(theme_style(&none, ROLE_CPU).fg, COLOUR_DEFAULT);
    assert_int_equal(theme_style(&none, ROLE_CPU).attrs, ATTR_BOLD);
}

static void a_gradient_bar_colours_each_block(void **state)
{
    (void)state;
    struct theme theme = { .kind = THEME_DARK, .is_gradient = true };
    struct bar bar = { .prefix = "MEM", .percent = value_int(50), .spectrum = &theme };
    struct frame *frame = frame_new(1, 29);
    bar_draw(frame, 0, 0, 29, &bar);
    for (int i = 0; i < 10; i++)
        assert_int_equal(frame_cell(frame, 0, 5 + i)->style.rgb,
                         theme_gradient(&theme, i / 20.0).rgb);
    assert_int_equal(frame_cell(frame, 0, 0)->style.rgb, theme_gradient(&theme, 0.5).rgb);
    assert_int_equal(frame_cell(frame, 0, 16)->style.rgb, theme_gradient(&theme, 0.5).rgb);
    frame_free(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_read_as_in_the_report),
        cmocka_unit_test(bars_show_what_fits),
        cmocka_unit_test(the_report_is_as_wide_as_it_needs),
        cmocka_unit_test(bars_share_the_room_beside_the_box),
        cmocka_unit_test(texts_are_cut_at_columns),
        cmocka_unit_test(a_bar_always_has_its_width),
        cmocka_unit_test(thresholds_are_the_first_value_of_the_next_step),
        cmocka_unit_test(the_spectrum_runs_from_green_over_red_to_purple),
        cmocka_unit_test(a_light_theme_darkens_what_is_reversed),
        cmocka_unit_test(without_colours_attributes_stay),
        cmocka_unit_test(a_gradient_bar_colours_each_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
