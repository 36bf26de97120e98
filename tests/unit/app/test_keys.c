/*
 * Keys to screens, through the whole app: the acceptance cases as they are told, key by key. What
 * is written of a line must stand in it somewhere; `=` before it: it is the whole line.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fakes.h"
#include "scene.h"

enum { ENTER = 13, ESC = 27, CHECKS = 6, SEEN_MS = 300 };

struct check {
    int row;
    const char *text;
};

struct step {
    const char *keys; /* blank-separated; a name, or one character */
    struct check checks[CHECKS];
};

struct play {
    const struct step *steps;
    size_t count;
};

static const struct {
    const char *name;
    uint32_t key;
} names[] = {
    { "Up", TERM_KEY_UP },
    { "Down", TERM_KEY_DOWN },
    { "Left", TERM_KEY_LEFT },
    { "Right", TERM_KEY_RIGHT },
    { "Home", TERM_KEY_HOME },
    { "End", TERM_KEY_END },
    { "PageUp", TERM_KEY_PAGE_UP },
    { "PageDown", TERM_KEY_PAGE_DOWN },
    { "Enter", ENTER },
    { "Esc", ESC },
    { "Space", ' ' },
};

static uint32_t key_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].key;
    assert_int_equal(strlen(name), 1);
    return (unsigned char)*name;
}

/* `!` before a key: it comes once the box has been seen. */
static void type(struct stage *stage, const char *keys)
{
    char line[256], *rest = line, *name;
    snprintf(line, sizeof(line), "%s", keys);
    while ((name = strtok_r(rest, " ", &rest))) {
        bool is_late = *name == '!';
        stage_key_later(stage, key_of(name + is_late), is_late ? SEEN_MS : 0);
    }
}

static void assert_shown(const struct stage *stage, const struct check *check)
{
    char line[1024];
    scene_line(stage->text, check->row, line, sizeof(line));
    bool is_right = *check->text == '=' ? strcmp(line, check->text + 1) == 0
                                        : strstr(line, check->text) != NULL;
    if (!is_right)
        fail_msg("row %d is `%s`, not `%s`", check->row, line, check->text);
}

static void play(struct stage *stage, int count, const struct frame *frame)
{
    const struct play *it = stage->arg;
    (void)frame;
    if (count > 1 && (size_t)count - 2 < it->count)
        for (size_t i = 0; i < CHECKS && it->steps[count - 2].checks[i].text; i++)
            assert_shown(stage, &it->steps[count - 2].checks[i]);
    if ((size_t)count > it->count)
        type(stage, "q q q");
    else
        type(stage, it->steps[count - 1].keys);
}

static struct snapshot *living(struct snapshot *snapshot)
{
    static const char *const commands[] = { "python3 train.py --epochs 90",
                                            "python3 render.py --resolution 3840x2160",
                                            "python3 serve.py",
                                            "python3 render.py --resolution 3840x2160" };
    for (size_t i = 0; i < snapshot->process_count; i++)
        snapshot->processes[i].start_ticks = snapshot->processes[i].pid * 10;
    for (size_t i = 0; snapshot->device_count == 3 && i < ARRAY_LEN(commands); i++)
        scene_set_process(snapshot, i, NVITOP_PROC_COMMAND, value_text(commands[i]));
    return snapshot;
}

/* Free with stage_free. */
static struct stage *perform(struct snapshot *snapshot, int rows, int columns,
                             const struct step *steps, size_t count)
{
    static struct play it;
    struct stage *stage = stage_new(living(snapshot));
    it = (struct play){ steps, count };
    stage->arg = &it;
    stage->script = play;
    stage->rows = rows;
    stage->columns = columns;
    assert_int_equal(stage_run(stage, false).status, NVITOP_OK);
    return stage;
}

#define PERFORM(SCENE, ROWS, COLUMNS, STEPS)                                                       \
    stage_free(perform(SCENE, ROWS, COLUMNS, STEPS, ARRAY_LEN(STEPS)))

static void acceptance_30_to_32_keys_order(void **state)
{
    (void)state;
    static const struct step steps[] = {
        { "o g",
          { { 17, "GPU-MEM▼" },
            { 19, "  999999 G" },
            { 20, "68.36GiB" },
            { 21, " 9000MiB" },
            { 22, " 1031MiB" },
            { 23, "      0B" } } },
        { "o G", { { 17, "GPU-MEM▲" }, { 19, "      0B" }, { 23, "  999999 G" } } },
        { "o p", { { 17, "PID▼" }, { 19, "999999" }, { 23, "16471" } } },
        { "o P", { { 17, "PID▲" }, { 19, "16471" }, { 23, "999999" } } },
        { "o n /", { { 17, "│ ID▼ " }, { 19, "  999999 G" }, { 23, "   16471 C" } } },
        { "o n",
          { { 17, "│ GPU     PID      USER  GPU-MEM %SM %GMBW  %CPU  %MEM  TIME  COMMAND" } } },
        { ",", { { 17, "TIME▼" } } },
        { ".",
          { { 17, "│ GPU     PID      USER  GPU-MEM %SM %GMBW  %CPU  %MEM  TIME  COMMAND" } } },
        { ".", { { 17, "PID▲" } } },
        { ".", { { 17, "USER▲" } } },
        { ".", { { 17, "GPU-MEM▼" } } },
        { "<", { { 17, "USER▲" } } },
    };
    PERFORM(scene_a(), 24, 79, steps);
}

static void acceptance_33_keys_move_to_the_side(void **state)
{
    (void)state;
    static const struct step steps[] = {
        { "Right Right",
          { { 17,
              "=│ GPU     PID      USER  GPU-MEM %SM %GMBW  U  %MEM  TIME  COMMAND            │" },
            { 19, "=│   0   16471 C    root  1031MiB   5     3  0   0.0  1:10  python3 train.py - "
                  "│" } } },
        { "$",
          { { 17,
              "=│ GPU     PID      USER  GPU-MEM %SM %GMBW  COMMAND                           │" },
            { 19, "=│   0   16471 C    root  1031MiB   5     3   train.py --epochs 90             "
                  "│" } } },
        { "^",
          { { 19, "=│   0   16471 C    root  1031MiB   5     3   0.0   0.0  1:10  python3 train.. "
                  "│" } } },
    };
    PERFORM(scene_a(), 24, 79, steps);
}

static void acceptance_34_the_screen_follows_the_selection(void **state)
{
    (void)state;
    static const struct step steps[] = {
        { "Up", { { 23, "   20029 C" } } },
        { "Down", { { 22, "   20029 C" }, { 23, "╘" } } },
        { "Home", { { 0, "(Press h for help or q to quit)" }, { 15, "   20000 C" } } },
        { "End", { { 22, "   20029 C" }, { 23, "╘" } } },
    };
    PERFORM(scene_b(), 24, 79, steps);
}

/* However far up one wants: the selected row stays on the screen. */
static void acceptance_35_pages_move_the_whole_screen(void **state)
{
    (void)state;
    static const struct step steps[] = {
        { "PageDown PageDown PageDown PageDown", { { 0, "│ GPU Fan Temp Perf" } } },
        { "PageUp PageUp PageUp PageUp", { { 0, "(Press h for help or q to quit)" } } },
        { "] ] ] ] ] ] ] ]", { { 7, "   20000 C" } } },
        { "Home Home Up", { { 0, "│ GPU Fan Temp Perf" }, { 11, "   20000 C" } } },
    };
    PERFORM(scene_b(), 12, 79, steps);
}

static void acceptance_38_others_are_refused_and_own_ones_get_it(void **state)
{
    (void)state;
    static const struct step steps[] = {
        { "Down Down Down K",
          { { 14, " No signal: process 16480(nobody) belongs to another user" } } },
        { "Home K", { { 10, "Which signal for process 16471(root)?" } } },
        { "K K !Enter", { { 14, "=" } } },
    };
    struct snapshot *snapshot = scene_a();
    snapshot->is_superuser = false;
    struct stage *stage = perform(snapshot, 24, 90, steps, ARRAY_LEN(steps));
    assert_int_equal(stage->sends, 1); /* by Enter; not by the first, nor by the burst */
    assert_int_equal(stage->sent.signal, SIGKILL);
    assert_int_equal(stage->sent.count, 1);
    assert_int_equal(stage->sent.verdicts[0].process.pid, 16471);
    stage_free(stage);
}

static void acceptance_40_tags_the_box_and_the_metrics(void **state)
{
    (void)state;
    static const struct step steps[] = {
        { "Down Space Space T",
          { { 15, " ╒══════════════════════════════════════════════════════════╕ " },
            { 19, " │ 16471(root) 16472(root)                                  │ " },
            { 22, "│ SIGTERM  │" },
            { 24, " ╘══════════════════════════════════════════════════════════╛ " } } },
        { "Esc", { { 15, "╧" }, { 22, "│" } } },
        { "T", { { 19, " │ 16471(root) 16472(root)                                  │ " } } },
        { "n Enter", { { 1, "│ Process:" }, { 5, "╤" }, { 6, "MAX CPU:" } } },
    };
    struct stage *stage = perform(scene_a(), 40, 120, steps, ARRAY_LEN(steps));
    assert_int_equal(stage->sends, 0);
    stage_free(stage);
}

static void the_help_leads_back_by_any_key(void **state)
{
    (void)state;
    static const struct step steps[] = {
        { "h", { { 0, "nvitop 1.0.0" }, { 23, "any other key leads back" } } },
        { "Down", { { 0, "Free software" } } },
        { "End", { { 22, "Ctrl-L:" } } },
        { "Home", { { 0, "nvitop 1.0.0" } } },
        { "T", { { 17, "COMMAND" } } },
        { "? q", { { 17, "COMMAND" } } },
    };
    PERFORM(scene_a(), 24, 80, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acceptance_30_to_32_keys_order),
        cmocka_unit_test(acceptance_33_keys_move_to_the_side),
        cmocka_unit_test(acceptance_34_the_screen_follows_the_selection),
        cmocka_unit_test(acceptance_35_pages_move_the_whole_screen),
        cmocka_unit_test(acceptance_38_others_are_refused_and_own_ones_get_it),
        cmocka_unit_test(acceptance_40_tags_the_box_and_the_metrics),
        cmocka_unit_test(the_help_leads_back_by_any_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
