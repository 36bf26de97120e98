/*
 * The report: whole screens against tests/frames (set NVITOP_FRAMES_WRITE to write them anew and
 * read the difference), the lines that the acceptance cases name, and what must not move a column.
 */
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
#include "base/utf8.h"
#include "nvml/nvml.h"
#include "scene.h"
#include "view/frame.h"
#include "view/layout.h"
#include "view/panel_device.h"
#include "view/panel_host.h"
#include "view/theme.h"

#define GIB ((int64_t)1024 * 1024 * 1024)

static void screens_are_the_golden_ones(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct snapshot *(*scene)(void);
        int columns;
        bool is_ascii, is_ansi;
    } screens[] = {
        { "a-79.txt", scene_a, 79, false, false },
        { "a-99.txt", scene_a, 99, false, false },
        { "a-120.txt", scene_a, 120, false, false },
        { "a-140.txt", scene_a, 140, false, false },
        { "a-100.ansi", scene_a, 100, false, true },
        { "a-140.ansi", scene_a, 140, false, true },
        { "a-120-ascii.txt", scene_a, 120, true, false },
        { "m-79.txt", scene_m, 79, false, false },
        { "m-100.txt", scene_m, 100, false, false },
        { "m-130.txt", scene_m, 130, false, false },
        { "m-200.ansi", scene_m, 200, false, true },
        { "b-79.txt", scene_b, 79, false, false },
        { "z-120.txt", scene_z, 120, false, false },
    };
    for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
        struct snapshot *snapshot = screens[i].scene();
        struct view_options options = scene_options(screens[i].columns);
        options.is_ascii = screens[i].is_ascii;
        scene_assert_frame(screens[i].name, scene_report(snapshot, &options, screens[i].is_ansi));
        snapshot_unref(snapshot);
    }
}

/* The monitor's compact device box and the host lines, through the panels themselves. */
static void compact_boxes_are_the_golden_ones(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct snapshot *(*scene)(void);
        int columns;
    } screens[] = {
        { "a-compact-79.txt", scene_a, 79 },   { "a-compact-110.txt", scene_a, 110 },
        { "a-compact-160.txt", scene_a, 160 }, { "m-compact-130.txt", scene_m, 130 },
        { "z-compact-79.txt", scene_z, 79 },
    };
    for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
        struct snapshot *snapshot = screens[i].scene();
        struct theme theme = { .gpu_thresholds = { 10, 75 }, .memory_thresholds = { 10, 80 } };
        struct panel panel = {
            snapshot, &theme, screens[i].columns, PANEL_COMPACT, "1.0.0", 0, NULL
        };
        int height = panel_device_height(snapshot, PANEL_COMPACT);
        struct frame *frame = frame_new(height + PANEL_HOST_LINES, panel.width);
        struct str text = { 0 };
        assert_int_equal(panel_device_draw(frame, 0, &panel), height);
        panel_host_draw(frame, height, &panel);
        frame_write(frame, FRAME_PLAIN, &text);
        scene_assert_frame(screens[i].name, str_take(&text));
        frame_free(frame);
        snapshot_unref(snapshot);
    }
}

/* Takes over the snapshot. */
static char *report_of(struct snapshot *snapshot, int columns, bool is_ansi)
{
    struct view_options options = scene_options(columns);
    char *text = scene_report(snapshot, &options, is_ansi);
    snapshot_unref(snapshot);
    return text;
}

static void assert_line(const char *text, int row, const char *expected)
{
    char line[4096];
    assert_string_equal(scene_line(text, row, line, sizeof(line)), expected);
}

static int widest_line(const char *text)
{
    char line[4096];
    int widest = 0;
    for (int row = 0; *scene_line(text, row, line, sizeof(line)) || row < 30; row++)
        widest = MAX_OF(widest, utf8_width(line));
    return widest;
}

static void acceptance_01_piped_it_is_79_columns_without_escapes(void **state)
{
    (void)state;
    char *text = report_of(scene_a(), 79, false);
    assert_null(strchr(text, '\x1b'));
    assert_int_equal(widest_line(text), 79);
    free(text);
}

static void acceptance_02_to_05_rows_at_120(void **state)
{
    (void)state;
    char *text = report_of(scene_a(), 120, false);
    assert_line(text, 4,
                "│ GPU  Name        Persistence-M│ Bus-Id        Disp.A │ MIG M.   Uncorr. ECC │");
    assert_line(text, 7,
                "│   0  GeForce RTX 2080 Ti  Off │ 00000000:05:00.0 Off │     N/A          N/A │ "
                "MEM: ██▊ 1041MiB                  9.4% │");
    assert_line(text, 8,
                "│ 22%   39C   P2     66W / 250W │   1041MiB / 11019MiB │     17%      Default │ "
                "UTL: ████▉ 17%               @ 1815MHz │");
    assert_line(text, 10,
                "│   1  A100-SXM4-80GB        On │ 00000000:15:00.0 Off │ Disabled           0 │ "
                "MEM: ████████████████████████████ 96%  │");
    assert_line(text, 11,
                "│ N/A   33C   P0    401W / 400W │  77.15GiB / 80.00GiB │    100%   E. Process │ "
                "UTL: █████████████████████████████ MAX │");
    assert_line(text, 13,
                "│   2  ..Long Name Edition   On │ 00000000:25:00.0  On │     N/A        12345 │ "
                "MEM: ▏ 3MiB                       0.0% │");
    assert_line(text, 14,
                "│ MAX  101C   P8       5W / N/A │      3MiB / 11441MiB │      0%      Default │ "
                "UTL: ▏ 0%                     @ 562MHz │");
    free(text);
}

static void acceptance_06_07_at_99_no_bars_and_never_less_than_79(void **state)
{
    (void)state;
    char *text = report_of(scene_a(), 99, false), line[4096];
    assert_int_equal(utf8_width(scene_line(text, 7, line, sizeof(line))), 79);
    assert_int_equal(utf8_width(scene_line(text, 16, line, sizeof(line))), 99);
    assert_int_equal(utf8_width(scene_line(text, 19, line, sizeof(line))), 99);
    free(text);
    text = report_of(scene_a(), 40, false);
    assert_int_equal(widest_line(text), 79);
    free(text);
}

static void acceptance_08_09_never_wider_than_needed(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    snapshot->process_count = 0;
    char *text = report_of(snapshot, 300, false), line[4096], command[110];
    assert_int_equal(widest_line(text), 140);
    assert_non_null(strstr(text, "\n│  No running processes found "));
    free(text);
    memset(command, 'x', sizeof(command) - 1);
    command[sizeof(command) - 1] = 0;
    snapshot = scene_a();
    scene_set_process(snapshot, 1, NVITOP_PROC_COMMAND, value_text(command));
    text = report_of(snapshot, 300, false);
    assert_int_equal(utf8_width(scene_line(text, 24, line, sizeof(line))), 62 + 109 + 2);
    free(text);
}

static void acceptance_10_separators_and_a_process_that_is_gone(void **state)
{
    (void)state;
    char *text = report_of(scene_a(), 79, false), line[4096];
    assert_line(text, 23,
                "│   0   16471 C    root  1031MiB   5     3   0.0   0.0  1:10  python3 100000  │");
    assert_line(text, 24,
                "│   0   16472 X    root       0B  12    55   0.0   0.0  1:10  python3 100000  │");
    assert_int_equal(strncmp(scene_line(text, 25, line, sizeof(line)), "├──", strlen("├──")), 0);
    assert_line(text, 28,
                "│   1  999999 G     N/A      N/A   0     0   N/A   N/A   N/A  No Such Process │");
    free(text);
}

static void acceptance_11_cells_are_coloured_and_borders_are_not(void **state)
{
    (void)state;
    char *text = report_of(scene_a(), 100, true), line[4096];
    assert_non_null(
        strstr(text, "│\x1b[33m   0  GeForce RTX 2080 Ti  Off \x1b[0m│\x1b[33m 00000000"));
    assert_non_null(strstr(text, "│\x1b[31m   1  A100-SXM4-80GB        On \x1b[0m│"));
    assert_non_null(strstr(text, "│\x1b[32m   2  ..Long Name Edition   On \x1b[0m│"));
    assert_non_null(strstr(text, "│ \x1b[32mMEM: ▏ 3MiB   0.0%\x1b[0m │"));
    assert_non_null(strstr(text, "\n\x1b[1m\x1b[36m[ CPU"));
    assert_non_null(strstr(text, "]\x1b[0m  \x1b[1m( Load"));
    assert_non_null(
        strstr(text, "\x1b[1m\x1b[33mroot\x1b[0m\x1b[1m@\x1b[0m\x1b[1m\x1b[32mvm\x1b[0m │"));
    assert_non_null(strstr(text, "\x1b[31mNo Such Process\x1b[0m "));
    assert_non_null(
        strstr(scene_line(text, 23, line, sizeof(line)), "│\x1b[33m   0\x1b[0m   16471 C"));
    free(text);
}

static void acceptance_12_ascii_has_no_other_byte(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    struct view_options options = scene_options(120);
    options.is_ascii = true;
    scene_set_process(snapshot, 0, NVITOP_PROC_COMMAND, value_text("python3 训练.py --é"));
    char *text = scene_report(snapshot, &options, false);
    for (const char *at = text; *at; at++)
        assert_true((unsigned char)*at < 0x80);
    assert_int_equal(strncmp(strchr(text, '\n') + 1, "+====", 5), 0);
    assert_non_null(strstr(text, "UTL: ||||| 17% "));
    assert_non_null(strstr(text, "python3 ????.py --? "));
    assert_int_equal(widest_line(text), 120);
    free(text);
    snapshot_unref(snapshot);
}

static void acceptance_13_without_devices(void **state)
{
    (void)state;
    char *text = report_of(scene_z(), 120, false);
    assert_line(text, 4,
                "│  No visible devices found                                                   │");
    assert_int_equal(widest_line(text), 79);
    free(text);
}

static void acceptance_37_mig_rows(void **state)
{
    (void)state;
    char *text = report_of(scene_m(), 130, false);
    assert_line(text, 10,
                "│ 0:0       1g.5gb @ GI/CI: 7/0 │   3000MiB /  4864MiB │ BAR1:     1MiB /  0% │ "
                "MEM: ████████████████████████▏ 3000MiB     61.7% │");
    assert_non_null(strstr(text, "│ 0:0   16471 C    root  2000MiB N/A   N/A "));
    assert_non_null(strstr(text, "│   1   16473 C    root  2000MiB   0     0 "));
    free(text);
}

/* Every row of the device box has its four borders, every other one its two. */
static void assert_borders(const struct snapshot *snapshot, int columns)
{
    static const int places[] = { 0, 32, 55, 78 };
    struct view_options options = scene_options(columns);
    struct frame *frame = report_draw(snapshot, &options);
    int end = panel_device_height(snapshot, PANEL_FULL); /* the box's last row: the date is above */
    int last = frame_columns(frame) - 1;
    for (int row = 7; row < end; row++) {
        for (size_t i = 0; i < ARRAY_LEN(places); i++)
            assert_non_null(strstr("│├┼┤", frame_cell(frame, row, places[i])->text));
    }
    assert_string_equal(frame_cell(frame, end + 7, 0)->text, "╞");
    for (int row = end + 5; row < frame_rows(frame) - 1; row++) {
        assert_non_null(strstr("│├╞", frame_cell(frame, row, 0)->text));
        assert_non_null(strstr("│┤╡", frame_cell(frame, row, last)->text));
        if (row >= end + 7) {
            assert_non_null(strstr(" ─═", frame_cell(frame, row, 5)->text));
            assert_non_null(strstr(" ─═", frame_cell(frame, row, 42)->text));
        }
    }
    frame_free(frame);
}

static void trap_07_under_mig_nothing_is_zero(void **state)
{
    (void)state;
    char *text = report_of(scene_m(), 140, false);
    assert_line(text, 8,
                "│ N/A   40C   P0    100W / 400W │   9000MiB / 39.59GiB │     N/A      Default │ "
                "UTL: ░░░░░░░░░░░░░░░░░░ N/A │ PWR: ████▊ 100W        25.0% │");
    free(text);
}

static void trap_09_a_lost_gpu_is_a_red_row(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    for (int id = NVITOP_DEV_NAME; id < NVITOP_DEV_NAME + NVITOP_DEV_COUNT; id++)
        scene_set(snapshot, 1, id, value_na(NVITOP_WHY_LOST));
    snapshot->devices[1].condition = DEVICE_LOST;
    snapshot->devices[1].code = 15;
    assert_borders(snapshot, 140);
    snapshot_ref(snapshot);
    char *text = report_of(snapshot, 100, true);
    assert_non_null(strstr(text, "│\x1b[31m   1  ERROR: GPU is Lost   N/A \x1b[0m│"
                                 "\x1b[31m N/A              N/A \x1b[0m│"));
    assert_non_null(
        strstr(text, "│\x1b[31m N/A   N/A  N/A      N/A / N/A \x1b[0m│"
                     "\x1b[31m            N/A / N/A \x1b[0m│\x1b[31m     N/A          N/A \x1b[0m│ "
                     "\x1b[31mUTL: ░░░░░░░░░ N/A\x1b[0m │"));
    free(text);
    snapshot->devices[1].condition = DEVICE_ERROR;
    text = report_of(snapshot, 79, false);
    assert_non_null(strstr(text, "│   1  ERROR: Unknown       N/A │"));
    free(text);
}

static void trap_11_a_gpu_that_does_not_answer_says_so(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    for (int id = NVITOP_DEV_NAME; id < NVITOP_DEV_NAME + NVITOP_DEV_COUNT; id++)
        scene_set(snapshot, 1, id, value_na(NVITOP_WHY_NOT_RESPONDING));
    snapshot->devices[1].condition = DEVICE_NOT_RESPONDING;
    assert_borders(snapshot, 140);
    char *text = report_of(snapshot, 79, false);
    assert_line(text, 10,
                "│   1  driver not responding    │ N/A              N/A │                  N/A │");
    assert_line(text, 11,
                "│ N/A   N/A  N/A      N/A / N/A │            N/A / N/A │     N/A          N/A │");
    free(text);
}

static void trap_15_unified_memory_is_called_so(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    scene_set(snapshot, 0, NVITOP_DEV_MEMORY_KIND, value_text("UMA"));
    char *text = report_of(snapshot, 120, false);
    assert_non_null(strstr(text, "│ UMA: ██▊ 1041MiB                  9.4% │"));
    assert_non_null(strstr(text, "│ MEM: ████████████████████████████ 96%  │"));
    free(text);
}

static void trap_17_one_failing_value_takes_no_other_with_it(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    scene_set(snapshot, 0, NVITOP_DEV_POWER_USAGE, value_int(120000));
    scene_set(snapshot, 0, NVITOP_DEV_POWER_LIMIT, value_na(NVITOP_WHY_NOT_SUPPORTED));
    scene_set(snapshot, 0, NVITOP_DEV_POWER_PERCENT, value_na(NVITOP_WHY_NOT_SUPPORTED));
    char *text = report_of(snapshot, 140, false);
    assert_line(text, 8,
                "│ 22%   39C   P2     120W / N/A │   1041MiB / 11019MiB │     17%      Default │ "
                "UTL: ███ 17%      @ 1815MHz │ PWR: ░░░░░░░░░░░░░░░░░░ 120W │");
    free(text);
}

static void trap_18_large_values_move_no_column(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_m();
    for (size_t i = 0; i < snapshot->device_count; i++) {
        scene_set(snapshot, i, NVITOP_DEV_POWER_USAGE, value_int(1400000));
        scene_set(snapshot, i, NVITOP_DEV_POWER_LIMIT, value_int(1400000));
        scene_set(snapshot, i, NVITOP_DEV_FAN_SPEED, value_int(103));
        scene_set(snapshot, i, NVITOP_DEV_TEMPERATURE, value_int(i ? 105 : -5));
        scene_set(snapshot, i, NVITOP_DEV_MEMORY_USED, value_int(288 * GIB));
        scene_set(snapshot, i, NVITOP_DEV_MEMORY_TOTAL, value_int(288 * GIB));
    }
    scene_set_host(snapshot, NVITOP_HOST_MEMORY_USED, value_real(1.2 * 1024 * (double)GIB));
    for (int columns = 79; columns < 240; columns++)
        assert_borders(snapshot, columns);
    char *text = report_of(snapshot, 79, false);
    assert_line(text, 8,
                "│ MAX   -5C   P0  1400W / 1400W │  288.0GiB / 288.0GiB │     N/A      Default │");
    assert_line(text, 14,
                "│ MAX  105C   P0  1400W / 1400W │  288.0GiB / 288.0GiB │     33%      Default │");
    assert_non_null(strstr(text, "USED: 1.20TiB ]"));
    free(text);
}

static void absurd_values_move_no_column_either(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_m();
    for (size_t i = 0; i < snapshot->device_count; i++) {
        for (int id = NVITOP_DEV_NAME; id < NVITOP_DEV_NAME + NVITOP_DEV_COUNT; id++) {
            if (id != NVITOP_DEV_NAME && id != NVITOP_DEV_BUS_ID && id != NVITOP_DEV_MEMORY_KIND)
                scene_set(snapshot, i, id, value_int(INT64_MAX / (id % 3 ? 1 : -1)));
        }
        scene_set(snapshot, i, NVITOP_DEV_NAME,
                  value_text("训练训练训练 训练训练训练训练训练训练训练"));
        scene_set(snapshot, i, NVITOP_DEV_BUS_ID, value_text("0000000000000000000000:05:00.0"));
        snapshot->devices[i].physical = 123456;
    }
    for (size_t i = 0; i < snapshot->process_count; i++) {
        for (int id = NVITOP_PROC_TYPE; id < NVITOP_PROC_TYPE + NVITOP_PROC_COUNT; id++)
            scene_set_process(snapshot, i, id, value_int(INT64_MAX));
        scene_set_process(snapshot, i, NVITOP_PROC_RUNNING_TIME, value_real(1e12));
        scene_set_process(snapshot, i, NVITOP_PROC_USER, value_text("训练训练训练"));
        snapshot->processes[i].pid = UINT32_MAX;
        snapshot->processes[i].types = 0;
    }
    snapshot->hostname = "a-very-long-host-name.with-a-very-long-domain.and-more-of-it.example.org";
    snapshot->user = "and-a-user-name-that-is-as-long-as-they-come";
    snapshot->driver_version =
        value_text("515.65.01-and-a-suffix-that-no-driver-should-ever-have-had");
    for (int columns = 79; columns < 240; columns++)
        assert_borders(snapshot, columns);
    snapshot_unref(snapshot);
}

static void trap_24_a_pid_of_another_namespace_is_noted(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    static const int ids[] = { NVITOP_PROC_USER, NVITOP_PROC_CPU_PERCENT, NVITOP_PROC_RSS_PERCENT,
                               NVITOP_PROC_RUNNING_TIME, NVITOP_PROC_COMMAND };
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        scene_set_process(snapshot, 0, ids[i], value_na(NVITOP_WHY_HOST_PID));
        scene_set_process(snapshot, 1, ids[i], value_na(NVITOP_WHY_NO_PERMISSION));
    }
    snapshot->processes[0].presence = PROCESS_HOST_PID;
    snapshot->processes[1].presence = PROCESS_HIDDEN;
    char *text = report_of(snapshot, 100, true);
    assert_non_null(strstr(text, "   16471 C     N/A  1031MiB   5     3   N/A   N/A   N/A  "
                                 "\x1b[33mhost PID (another namespace)\x1b[0m"));
    assert_non_null(strstr(text, "   16472 X     N/A       0B  12    55   N/A   N/A   N/A  "
                                 "\x1b[33mNo Permissions\x1b[0m"));
    free(text);
}

static void others_rows_are_dim_unless_the_viewer_is_root(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    snapshot->is_superuser = false;
    snapshot->user = "alice";
    char *text = report_of(snapshot, 100, true);
    assert_non_null(strstr(text, "│\x1b[31m   1\x1b[0m \x1b[2m  16480 C  nobody  9000MiB"));
    assert_non_null(strstr(text, "│\x1b[31m   1\x1b[0m   16472 C "));
    assert_non_null(strstr(text,
                           "\x1b[2m 999999 G     N/A      N/A   0     0   N/A   N/A   N/A  \x1b[0m"
                           "\x1b[31mNo Such Process\x1b[0m\x1b[2m   "));
    assert_non_null(strstr(text, "\x1b[1m\x1b[35malice\x1b[0m\x1b[1m@"));
    free(text);
}

static void a_command_that_cannot_be_read_says_why(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    scene_set_process(snapshot, 0, NVITOP_PROC_COMMAND, value_na(NVITOP_WHY_NOT_RESPONDING));
    snapshot->processes[1].presence = PROCESS_ZOMBIE;
    char *text = report_of(snapshot, 120, true);
    assert_non_null(strstr(text, "\x1b[33mN/A (no answer in time)\x1b[0m"));
    assert_non_null(strstr(text, "\x1b[33mZombie Process\x1b[0m"));
    free(text);
}

static void long_commands_end_in_dots_at_the_border(void **state)
{
    (void)state;
    static const struct {
        const char *command, *expected;
    } cases[] = {
        { "/usr/bin/python3 -m", "0:09  /usr/bin/pyth.. │" },
        { "python3 训练.py --x", "0:09  python3 训练... │" },
        { "python3 xx训练.py -x", "0:09  python3 xx训 .. │" },
        { "exactly15columns", "0:09  exactly15colu.. │" },
        { "just 15 columns", "0:09  just 15 columns │" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct snapshot *snapshot = scene_b();
        snapshot->process_count = 1;
        scene_set_process(snapshot, 0, NVITOP_PROC_RUNNING_TIME, value_real(9));
        scene_set_process(snapshot, 0, NVITOP_PROC_COMMAND, value_text(cases[i].command));
        char *text = report_of(snapshot, 79, false);
        assert_non_null(strstr(text, cases[i].expected));
        free(text);
    }
}

static void a_longer_time_moves_the_commands_of_all(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_b();
    snapshot->process_count = 2;
    scene_set_process(snapshot, 1, NVITOP_PROC_RUNNING_TIME, value_real(166413));
    char *text = report_of(snapshot, 79, false);
    assert_non_null(strstr(text, "  %CPU  %MEM      TIME  COMMAND     │"));
    assert_non_null(strstr(text, "   0.0   0.0      1:10  python3 1.. │"));
    assert_non_null(strstr(text, "   0.0   0.0  46:13:33  python3 1.. │"));
    free(text);
}

static void wsl_is_named(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    snapshot->is_wsl = snapshot->is_wddm = true;
    snapshot_ref(snapshot);
    char *text = report_of(snapshot, 79, false);
    assert_non_null(strstr(text, " root@vm (WSL) │"));
    assert_non_null(strstr(text, "999999 G     N/A WDDM:N/A   0"));
    free(text);
    snapshot->process_count = 0;
    text = report_of(snapshot, 79, false);
    assert_non_null(strstr(text, "│  No running processes found (in WSL) "));
    free(text);
}

static void a_wide_power_limit_makes_room_in_the_compact_row(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    scene_set(snapshot, 1, NVITOP_DEV_POWER_LIMIT, value_int(1000000));
    struct theme theme = { .gpu_thresholds = { 10, 75 }, .memory_thresholds = { 10, 80 } };
    struct panel panel = { snapshot, &theme, 79, PANEL_COMPACT, "1.0.0", 0, NULL };
    struct frame *frame = frame_new(panel_device_height(snapshot, PANEL_COMPACT), 79);
    struct str text = { 0 };
    panel_device_draw(frame, 0, &panel);
    frame_write(frame, FRAME_PLAIN, &text);
    assert_non_null(strstr(str_text(&text), "│   1 N/A  33C P0  401W / 1000W │"));
    str_done(&text);
    frame_free(frame);
    snapshot_unref(snapshot);
}

static bool is_asked(int columns, int id)
{
    struct view_options options = scene_options(columns);
    struct metric_wanted wanted;
    report_metrics(&options, &wanted);
    return metric_set_has(&wanted.gpu, id);
}

static void only_what_is_shown_is_asked_for(void **state)
{
    (void)state;
    static const struct {
        int id, from; /* shown from this width on; 0: never */
    } cases[] = {
        { NVITOP_DEV_NAME, 79 },           { NVITOP_DEV_UTIL_GPU, 79 },
        { NVITOP_DEV_MEMORY_PERCENT, 79 }, { NVITOP_DEV_POWER_LIMIT, 79 },
        { NVITOP_DEV_ECC_ERRORS, 79 },     { NVITOP_DEV_MIG_MODE, 79 },
        { NVITOP_DEV_BAR1_USED, 0 },       { NVITOP_DEV_CLOCK_SM, 100 },
        { NVITOP_DEV_UTIL_MEMORY, 123 },   { NVITOP_DEV_CLOCK_MEMORY, 123 },
        { NVITOP_DEV_POWER_PERCENT, 123 }, { NVITOP_DEV_UUID, 0 },
        { NVITOP_DEV_PCIE_TX, 0 },         { NVITOP_DEV_UTIL_ENCODER, 0 },
        { NVITOP_DEV_CLOCK_GRAPHICS, 0 },  { NVITOP_DEV_ENERGY, 0 },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(is_asked(40, cases[i].id), cases[i].from == 79);
        assert_int_equal(is_asked(99, cases[i].id), cases[i].from == 79);
        assert_int_equal(is_asked(100, cases[i].id), cases[i].from && cases[i].from <= 100);
        assert_int_equal(is_asked(122, cases[i].id), cases[i].from && cases[i].from <= 100);
        assert_int_equal(is_asked(123, cases[i].id), cases[i].from != 0);
        assert_int_equal(is_asked(300, cases[i].id), cases[i].from != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screens_are_the_golden_ones),
        cmocka_unit_test(compact_boxes_are_the_golden_ones),
        cmocka_unit_test(acceptance_01_piped_it_is_79_columns_without_escapes),
        cmocka_unit_test(acceptance_02_to_05_rows_at_120),
        cmocka_unit_test(acceptance_06_07_at_99_no_bars_and_never_less_than_79),
        cmocka_unit_test(acceptance_08_09_never_wider_than_needed),
        cmocka_unit_test(acceptance_10_separators_and_a_process_that_is_gone),
        cmocka_unit_test(acceptance_11_cells_are_coloured_and_borders_are_not),
        cmocka_unit_test(acceptance_12_ascii_has_no_other_byte),
        cmocka_unit_test(acceptance_13_without_devices),
        cmocka_unit_test(acceptance_37_mig_rows),
        cmocka_unit_test(trap_07_under_mig_nothing_is_zero),
        cmocka_unit_test(trap_09_a_lost_gpu_is_a_red_row),
        cmocka_unit_test(trap_11_a_gpu_that_does_not_answer_says_so),
        cmocka_unit_test(trap_15_unified_memory_is_called_so),
        cmocka_unit_test(trap_17_one_failing_value_takes_no_other_with_it),
        cmocka_unit_test(trap_18_large_values_move_no_column),
        cmocka_unit_test(absurd_values_move_no_column_either),
        cmocka_unit_test(trap_24_a_pid_of_another_namespace_is_noted),
        cmocka_unit_test(others_rows_are_dim_unless_the_viewer_is_root),
        cmocka_unit_test(a_command_that_cannot_be_read_says_why),
        cmocka_unit_test(long_commands_end_in_dots_at_the_border),
        cmocka_unit_test(a_longer_time_moves_the_commands_of_all),
        cmocka_unit_test(wsl_is_named),
        cmocka_unit_test(a_wide_power_limit_makes_room_in_the_compact_row),
        cmocka_unit_test(only_what_is_shown_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
