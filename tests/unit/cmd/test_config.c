/* The configuration file: what counts, what is warned of, and who is stronger. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "cases.h"
#include "cmd/config.h"
#include "cmd/option_table.h"
#include "cmd/options.h"
#include "settings_text.h"

/* File in, `settings; warning; warning` out. */
static char *config_case(const char *input, size_t len)
{
    struct nvitop_settings settings;
    char name[] = "nvitop", *argv[] = { name, NULL };
    struct options_run run = { .columns = 80 };
    assert_int_equal(options_nvitop_read(&run, &settings, 1, argv), OPTIONS_RUN);
    FILE *file = fmemopen((void *)(uintptr_t)input, len + 1, "r"); /* with its NUL: never empty */
    assert_non_null(file);
    config_read_stream(&run, file, "FILE");
    fclose(file);
    struct str text = { 0 };
    settings_text(&settings, &text);
    char *warnings = str_take(&run.warnings);
    for (char *line = strtok(warnings, "\n"); line; line = strtok(NULL, "\n"))
        str_printf(&text, "; %s", line);
    free(warnings);
    options_done(&run);
    return str_take(&text);
}

static void keys_and_warnings(void **state)
{
    (void)state;
    assert_int_equal(cases_run("config", config_case), 0);
}

static void long_line_is_cut_and_the_next_one_counts(void **state)
{
    (void)state;
    struct str text = { 0 };
    str_append(&text, "interval = 3");
    str_append_repeat(&text, " ", 5000);
    str_append(&text, "9\nascii = yes\nx\n");
    char *result = config_case(text.data, text.len);
    assert_string_equal(result,
                        "run ascii interval=3; nvitop: warning: FILE:1: line too long, its end is "
                        "ignored; nvitop: warning: FILE:3: neither `key = value` nor `[section]`");
    free(result);
    str_done(&text);
}

/* ---- a file on disk ---- */

struct home {
    char folder[64], path[128], variable[128];
};

static int make_home(void **state)
{
    struct home *home = xcalloc(1, sizeof(*home));
    strcpy(home->folder, "/tmp/nvitop-config-XXXXXX");
    assert_non_null(mkdtemp(home->folder));
    snprintf(home->variable, sizeof(home->variable), "XDG_CONFIG_HOME=%s", home->folder);
    snprintf(home->path, sizeof(home->path), "%s/nvitop", home->folder);
    assert_int_equal(mkdir(home->path, 0700), 0);
    strcat(home->path, "/config.ini");
    *state = home;
    return 0;
}

static int remove_home(void **state)
{
    struct home *home = *state;
    remove(home->path);
    *strrchr(home->path, '/') = 0;
    rmdir(home->path);
    rmdir(home->folder);
    free(home);
    return 0;
}

static void write_file(const struct home *home, const char *text)
{
    FILE *file = fopen(home->path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static char *read_with(const struct home *home, const char *variable, const char *option,
                       char **ret_warnings)
{
    const char *environment[] = { home->variable, variable, NULL };
    char name[] = "nvitop", word[64], *argv[] = { name, word, NULL };
    snprintf(word, sizeof(word), "%s", option ? option : "");
    struct options_run run = { .environment = environment, .columns = 80 };
    struct nvitop_settings settings;
    struct str text = { 0 };
    assert_int_equal(options_nvitop_read(&run, &settings, option ? 2 : 1, argv), OPTIONS_RUN);
    settings_text(&settings, &text);
    *ret_warnings = str_take(&run.warnings);
    options_done(&run);
    return str_take(&text);
}

static void expect(const struct home *home, const char *variable, const char *option,
                   const char *expected)
{
    char *warnings, *text = read_with(home, variable, option, &warnings);
    assert_string_equal(text, expected);
    assert_string_equal(warnings, "");
    free(text);
    free(warnings);
}

static void command_line_beats_environment_beats_file(void **state)
{
    const struct home *home = *state;
    write_file(home, "mode = compact\nlight = yes\ncolorful = yes\ngpu-util-thresh = 1 2\n");
    expect(home, NULL, NULL, "run colorful light mode=compact gpu=1,2");
    expect(home, "NVITOP_MONITOR_MODE=full,dark", NULL, "run colorful mode=full gpu=1,2");
    expect(home, "NVITOP_MONITOR_MODE=plain", NULL, "run light mode=compact gpu=1,2");
    expect(home, "NVITOP_MONITOR_THEME=dark", NULL, "run colorful mode=compact gpu=1,2");
    expect(home, "NVITOP_MONITOR_MODE=full", "-mdense",
           "run monitor colorful light mode=dense gpu=1,2");
    expect(home, "NVITOP_MONITOR_MODE=full", "-m", "run monitor colorful light mode=full gpu=1,2");
    expect(home, NULL, "-m", "run monitor colorful light mode=compact gpu=1,2");
    expect(home, "NVITOP_GPU_UTILIZATION_THRESHOLDS=3,4", NULL,
           "run colorful light mode=compact gpu=3,4");
}

static void no_file_is_fine(void **state)
{
    expect(*state, NULL, NULL, "run");
}

static void a_pipe_is_refused_without_waiting(void **state)
{
    const struct home *home = *state;
    assert_int_equal(mkfifo(home->path, 0600), 0);
    char *warnings, *text = read_with(home, NULL, NULL, &warnings);
    assert_string_equal(text, "run");
    assert_non_null(strstr(warnings, home->path));
    assert_non_null(strstr(warnings, "not a regular file"));
    free(text);
    free(warnings);
}

static void warnings_name_file_and_line(void **state)
{
    const struct home *home = *state;
    write_file(home, "# mine\nascii = yes\nfoo = 1\n");
    char *warnings, *text = read_with(home, NULL, NULL, &warnings), expected[256];
    snprintf(expected, sizeof(expected), "nvitop: warning: %s:3: unknown key 'foo'\n", home->path);
    assert_string_equal(text, "run ascii");
    assert_string_equal(warnings, expected);
    free(text);
    free(warnings);
}

static void home_is_the_fallback(void **state)
{
    struct home *home = *state;
    char variable[128], folder[128];
    snprintf(folder, sizeof(folder), "%s/.config", home->folder);
    snprintf(variable, sizeof(variable), "HOME=%s", home->folder);
    assert_int_equal(symlink(".", folder), 0);
    write_file(home, "readonly = on\n");
    strcpy(home->variable, "XDG_CONFIG_HOME=relative/is/ignored");
    expect(home, variable, NULL, "run readonly");
    unlink(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_and_warnings),
        cmocka_unit_test(long_line_is_cut_and_the_next_one_counts),
        cmocka_unit_test_setup_teardown(command_line_beats_environment_beats_file, make_home,
                                        remove_home),
        cmocka_unit_test_setup_teardown(no_file_is_fine, make_home, remove_home),
        cmocka_unit_test_setup_teardown(a_pipe_is_refused_without_waiting, make_home, remove_home),
        cmocka_unit_test_setup_teardown(warnings_name_file_and_line, make_home, remove_home),
        cmocka_unit_test_setup_teardown(home_is_the_fallback, make_home, remove_home),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
