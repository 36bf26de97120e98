/* Settings of the monitor in the configuration file: written, read again, and nothing else lost. */
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
#include "cmd/config.h"
#include "cmd/options.h"
#include "cmd/remember.h"
#include "settings_text.h"
#include "tui/app_options.h"

enum { ALL = SETTING_MODE | SETTING_HOST | SETTING_PCIE | SETTING_COLUMNS };

struct home {
    char folder[64], path[128];
};

static int make_home(void **state)
{
    struct home *home = xcalloc(1, sizeof(*home));
    strcpy(home->folder, "/tmp/nvitop-remember-XXXXXX");
    assert_non_null(mkdtemp(home->folder));
    snprintf(home->path, sizeof(home->path), "%s/.config/nvitop/config.ini", home->folder);
    setenv("HOME", home->folder, 1);
    unsetenv("XDG_CONFIG_HOME");
    *state = home;
    return 0;
}

static int remove_home(void **state)
{
    struct home *home = *state;
    char command[160];
    snprintf(command, sizeof(command), "%s", home->path);
    for (int i = 0; i < 4; i++) {
        remove(command);
        *strrchr(command, '/') = 0;
    }
    free(home);
    return 0;
}

static void put_file(const struct home *home, const char *text)
{
    char folder[160];
    snprintf(folder, sizeof(folder), "%s/.config", home->folder);
    mkdir(folder, 0755);
    snprintf(folder, sizeof(folder), "%s/.config/nvitop", home->folder);
    mkdir(folder, 0755);
    FILE *file = fopen(home->path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static const char *get_file(const struct home *home, char text[4096])
{
    FILE *file = fopen(home->path, "r");
    text[file ? fread(text, 1, 4095, file) : 0] = 0;
    if (file)
        fclose(file);
    return text;
}

static const struct app_settings chosen = { .mode = VIEW_DENSE,
                                            .is_host_hidden = true,
                                            .hidden_columns = 1u << 6 | 1u << 9 };

static void a_file_is_made_with_its_folders(void **state)
{
    char text[4096];
    assert_null(remember_settings(&chosen, ALL));
    assert_string_equal(get_file(*state, text), "mode = dense\nno-host = yes\npcie = no\n"
                                                "hide-columns = %GMBW TIME\n");
}

static void other_lines_stay(void **state)
{
    char text[4096];
    put_file(*state, "# mine\ninterval = 3\n  Mode=full ; not now\nhide-columns = USER\n"
                     "[other]\nmode = x");
    assert_null(remember_settings(&(struct app_settings){ .mode = VIEW_COMPACT }, ALL));
    assert_string_equal(get_file(*state, text),
                        "# mine\ninterval = 3\nmode = compact\nno-host = no\npcie = no\n"
                        "[other]\nmode = x\n");
}

/* The others may stand on a command line, for once. */
static void what_was_not_changed_is_not_written(void **state)
{
    char text[4096];
    assert_null(remember_settings(&chosen, SETTING_HOST));
    assert_string_equal(get_file(*state, text), "no-host = yes\n");
    put_file(*state, "mode = full\nhide-columns = USER\nno-host = no\n");
    assert_null(remember_settings(&chosen, SETTING_HOST));
    assert_string_equal(get_file(*state, text),
                        "mode = full\nhide-columns = USER\nno-host = yes\n");
    assert_null(remember_settings(&(struct app_settings){ 0 }, SETTING_COLUMNS));
    assert_string_equal(get_file(*state, text), "mode = full\nno-host = yes\n");
}

static void without_a_home_nothing_is_remembered(void **state)
{
    (void)state;
    unsetenv("HOME");
    assert_string_equal(remember_settings(&chosen, ALL), "HOME is not set");
    setenv("HOME", "/proc/none", 1);
    assert_string_equal(remember_settings(&chosen, ALL), "there is no home directory");
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    char name[] = "nvitop", *argv[] = { name, NULL }, home[160];
    assert_null(remember_settings(&chosen, ALL));
    snprintf(home, sizeof(home), "HOME=%s", getenv("HOME"));
    const char *environment[] = { home, NULL };
    struct nvitop_settings settings;
    struct options_run run = { .columns = 80, .environment = environment };
    assert_int_equal(options_nvitop_read(&run, &settings, 1, argv), OPTIONS_RUN);
    assert_string_equal(str_text(&run.warnings), "");
    assert_int_equal(settings.mode, VIEW_DENSE);
    assert_true(settings.is_no_host);
    assert_false(settings.is_pcie);
    assert_int_equal(settings.hidden_columns, chosen.hidden_columns);
    options_done(&run);
}

static void a_link_stays_a_link(void **state)
{
    struct home *home = *state;
    char target[160], text[4096];
    struct stat facts;
    put_file(home, "");
    snprintf(target, sizeof(target), "%s/real.ini", home->folder);
    assert_int_equal(rename(home->path, target), 0);
    assert_int_equal(symlink(target, home->path), 0);
    assert_null(remember_settings(&chosen, ALL));
    assert_int_equal(lstat(home->path, &facts), 0);
    assert_true(S_ISLNK(facts.st_mode));
    assert_non_null(strstr(get_file(home, text), "dense"));
    remove(target);
}

/* As `sudo` leaves it: root in another user's home. */
static void a_home_of_another_user_is_left_alone(void **state)
{
    struct home *home = *state;
    char text[4096];
    if (geteuid() != 0)
        skip();
    assert_int_equal(chown(home->folder, 65534, 65534), 0);
    assert_non_null(remember_settings(&chosen, ALL));
    assert_string_equal(get_file(home, text), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_made_with_its_folders, make_home, remove_home),
        cmocka_unit_test_setup_teardown(other_lines_stay, make_home, remove_home),
        cmocka_unit_test_setup_teardown(what_is_written_is_read, make_home, remove_home),
        cmocka_unit_test_setup_teardown(what_was_not_changed_is_not_written, make_home,
                                        remove_home),
        cmocka_unit_test_setup_teardown(without_a_home_nothing_is_remembered, make_home,
                                        remove_home),
        cmocka_unit_test_setup_teardown(a_link_stays_a_link, make_home, remove_home),
        cmocka_unit_test_setup_teardown(a_home_of_another_user_is_left_alone, make_home,
                                        remove_home),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
