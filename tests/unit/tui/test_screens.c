/*
 * The screens beside the main one, over an app and a source that only note what they are asked.
 * What a screen shows is read from the frame it draws.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/source.h"
#include "scene.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "tui/screen_act.h"
#include "view/frame.h"
#include "view/page_device.h"
#include "view/page_environ.h"
#include "view/page_setup.h"
#include "view/page_tree.h"

/* ---- an app without a terminal ---- */

struct fake_source {
    struct source source; /* first */
    struct process_id asked;
    int ask_count, ask_status;
    struct source_environ *answer;
};

struct app {
    struct model model;
    struct fake_source source;
    struct screen *top;
    int save_count, redraw_count;
};

struct model *app_model(struct app *app)
{
    return &app->model;
}

struct source *app_source(struct app *app)
{
    return &app->source.source;
}

void app_push(struct app *app, struct screen *screen)
{
    if (!screen)
        return;
    screen->below = app->top;
    app->top = screen;
}

void app_pop(struct app *app)
{
    struct screen *screen = app->top;
    app->top = screen->below;
    screen->ops->done(screen);
}

void app_quit(struct app *app)
{
    (void)app;
}

void app_redraw(struct app *app)
{
    app->redraw_count++;
}

void app_notice(struct app *app, bool is_refusal, const char *format, ...)
{
    (void)app, (void)is_refusal, (void)format;
}

const struct term_event *app_last_key(const struct app *app)
{
    static const struct term_event none;
    (void)app;
    return &none;
}

void app_save(struct app *app, unsigned changed)
{
    assert_true(changed != 0);
    app->save_count++;
}

uint64_t app_now_ns(const struct app *app)
{
    (void)app;
    return 0;
}

static int ask_environ(struct source *source, struct process_id process)
{
    struct fake_source *fake = (struct fake_source *)source;
    fake->asked = process;
    fake->ask_count++;
    return fake->ask_status;
}

static struct source_environ *take_environ(struct source *source)
{
    struct fake_source *fake = (struct fake_source *)source;
    struct source_environ *answer = fake->answer;
    fake->answer = NULL;
    return answer;
}

static void app_open(struct app *app, struct snapshot *snapshot)
{
    static const struct source_ops ops = { .ask_environ = ask_environ,
                                           .take_environ = take_environ };
    *app = (struct app){ .source.source.ops = &ops };
    app->model = scene_model(snapshot, 24, 100);
}

/* True: a screen wants to be drawn for it. */
static bool show(struct app *app, struct snapshot *snapshot)
{
    bool is_new = false;
    app->model.snapshot = snapshot;
    for (struct screen *screen = app->top; screen; screen = screen->below)
        if (screen->ops->news)
            is_new |= screen->ops->news(screen, app);
    return is_new;
}

static void app_close(struct app *app)
{
    while (app->top)
        app_pop(app);
    free(app->model.tags.ids);
}

static bool press(struct app *app, enum key_action action)
{
    return screen_act(app->top, app, action);
}

static void press_times(struct app *app, enum key_action action, int times)
{
    while (times--)
        press(app, action);
}

static void point(struct app *app, enum term_button button, int row)
{
    struct term_event event = { .kind = TERM_MOUSE, .button = button, .row = row };
    app->top->ops->mouse(app->top, app, &event);
}

/* The frame as text, malloc'd. */
static char *drawn(struct app *app)
{
    struct str text = { 0 };
    struct frame *frame = frame_new(app->model.rows, app->model.columns);
    app->top->ops->draw(app->top, app, frame);
    frame_write(frame, FRAME_PLAIN, &text);
    frame_free(frame);
    return str_take(&text);
}

static void assert_drawn(struct app *app, const char *part)
{
    char *text = drawn(app);
    if (!strstr(text, part))
        fail_msg("not on the screen: %s\n%s", part, text);
    free(text);
}

static void assert_not_drawn(struct app *app, const char *part)
{
    char *text = drawn(app);
    if (strstr(text, part))
        fail_msg("on the screen: %s\n%s", part, text);
    free(text);
}

static bool is_reversed(struct app *app, int row)
{
    struct frame *frame = frame_new(app->model.rows, app->model.columns);
    app->top->ops->draw(app->top, app, frame);
    bool is = frame_cell(frame, row, 0)->style.attrs & ATTR_REVERSE;
    frame_free(frame);
    return is;
}

/* ---- the tree ---- */

static void tree_moves_within_its_rows(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_family();
    struct app app;
    app_open(&app, snapshot);
    app_push(&app, screen_tree_new(&app));
    press(&app, ACTION_UP); /* nothing is selected: from below */
    assert_int_equal(app.model.selection.process.pid, 999999);
    press(&app, ACTION_DOWN);
    assert_int_equal(app.model.selection.process.pid, 999999);
    press(&app, ACTION_FIRST);
    assert_int_equal(app.model.selection.process.pid, 1);
    assert_int_equal(app.model.selection.physical, SNAPSHOT_NO_DEVICE);
    press(&app, ACTION_PAGE_DOWN);
    assert_int_equal(app.model.selection.process.pid, 16480);
    assert_int_equal(app.model.selection.physical, 1);
    assert_true(is_reversed(&app, PAGE_TREE_TOP + 1));
    press(&app, ACTION_CLEAR);
    press(&app, ACTION_FIRST);
    assert_int_equal(app.model.selection.process.pid, 1);
    press(&app, ACTION_CLEAR);
    press(&app, ACTION_LAST);
    assert_int_equal(app.model.selection.process.pid, 999999);
    app_close(&app);
    snapshot_unref(snapshot);
}

static void tree_keeps_the_selected_row_in_the_window(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_b();
    struct app app;
    for (size_t i = 0; i < snapshot->process_count; i++)
        snapshot->processes[i].start_ticks = 1;
    snapshot->has_relatives = true;
    app_open(&app, snapshot);
    app.model.rows = 11; /* ten processes */
    app_push(&app, screen_tree_new(&app));
    press(&app, ACTION_LAST);
    assert_drawn(&app, "20029");
    assert_drawn(&app, "20020");
    assert_not_drawn(&app, "20019");
    press_times(&app, ACTION_UP, 12);
    assert_drawn(&app, "20017");
    assert_not_drawn(&app, "20027");
    app.model.rows = 5; /* the window shrinks */
    assert_drawn(&app, "20017");
    press(&app, ACTION_CLEAR);
    assert_drawn(&app, "20000");
    app_close(&app);
    snapshot_unref(snapshot);
}

static void tree_keys_wait_until_the_relatives_are_known(void **state)
{
    (void)state;
    struct snapshot *before = scene_a(), *after = scene_family();
    struct app app;
    app_open(&app, before);
    app_push(&app, screen_tree_new(&app));
    struct source_demand demand = { .has_processes = true };
    app.top->ops->demand(app.top, &app, &demand);
    assert_true(demand.has_relatives);
    assert_drawn(&app, "Gathering");
    press_times(&app, ACTION_DOWN, 3);
    press(&app, ACTION_TAG);
    press(&app, ACTION_ENVIRON);
    press(&app, ACTION_DOWN); /* meant for the environment: not the tree's */
    assert_false(app.model.selection.is_set);
    show(&app, after);
    assert_int_equal(app.model.tags.count, 1);
    assert_int_equal(app.model.tags.ids[0].pid, 16481);
    assert_int_equal(app.model.selection.process.pid, 800);
    assert_string_equal(app.top->ops->name, "environ");
    assert_int_equal(app.source.asked.pid, 800);
    app_close(&app);
    snapshot_unref(before);
    snapshot_unref(after);
}

static void tree_leaves_nothing_selected_that_main_does_not_show(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_family();
    struct app app;
    app_open(&app, snapshot);
    app_push(&app, screen_tree_new(&app));
    press(&app, ACTION_FIRST);
    press(&app, ACTION_TAG); /* init, and on to 16480 */
    press(&app, ACTION_TAG); /* 16480, and on to its child */
    assert_int_equal(app.model.tags.count, 2);
    assert_int_equal(app.model.selection.process.pid, 16481);
    press(&app, ACTION_QUIT);
    assert_null(app.top);
    assert_false(app.model.selection.is_set);
    assert_int_equal(app.model.tags.count, 1);
    assert_int_equal(app.model.tags.ids[0].pid, 16480);
    app_close(&app);
    snapshot_unref(snapshot);
}

static void tree_gives_main_the_device_that_main_had(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_family();
    struct app app;
    app_open(&app, snapshot);
    scene_select(&app.model, 3); /* 16472 on GPU 1 */
    app_push(&app, screen_tree_new(&app));
    assert_true(is_reversed(&app, PAGE_TREE_TOP + 5));
    press(&app, ACTION_QUIT);
    assert_int_equal(app.model.selection.physical, 1);
    app_push(&app, screen_tree_new(&app));
    press(&app, ACTION_UP);
    press(&app, ACTION_DOWN);
    press(&app, ACTION_QUIT);
    assert_int_equal(app.model.selection.process.pid, 16472);
    assert_int_equal(app.model.selection.physical, 0); /* its first row */
    app_close(&app);
    snapshot_unref(snapshot);
}

static void tree_clicks_select_and_clear(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_family();
    struct app app;
    app_open(&app, snapshot);
    app_push(&app, screen_tree_new(&app));
    point(&app, TERM_BUTTON_LEFT, PAGE_TREE_TOP + 3);
    assert_int_equal(app.model.selection.process.pid, 800);
    point(&app, TERM_WHEEL_DOWN, 0);
    assert_int_equal(app.model.selection.process.pid, 16471);
    press(&app, ACTION_TAG);
    point(&app, TERM_BUTTON_LEFT, PAGE_TREE_TOP + 20);
    assert_false(app.model.selection.is_set);
    assert_int_equal(app.model.tags.count, 0);
    app_close(&app);
    snapshot_unref(snapshot);
}

static void tree_scrolls_sideways(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_family();
    struct app app;
    app_open(&app, snapshot);
    app_push(&app, screen_tree_new(&app));
    press(&app, ACTION_RIGHT);
    assert_drawn(&app, "\n1  root"); /* five columns less than "     1  root" */
    press_times(&app, ACTION_RIGHT, 40);
    assert_drawn(&app, "COMMAND");
    press(&app, ACTION_LINE_START);
    assert_drawn(&app, "\n     1  root");
    press(&app, ACTION_LEFT);
    assert_drawn(&app, "\n     1  root");
    app_close(&app);
    snapshot_unref(snapshot);
}

/* ---- the environment ---- */

static struct source_environ *answer_for(struct process_id process, size_t count)
{
    struct source_environ *answer = xcalloc(1, sizeof(*answer));
    answer->process = process;
    answer->pairs = arena_array(&answer->arena, count, sizeof(*answer->pairs));
    for (size_t i = 0; i < count; i++)
        answer->pairs[i] = arena_printf(&answer->arena, "KEY_%02zu=of %u", i, process.pid);
    answer->count = count;
    answer->why = value_int((int64_t)count);
    return answer;
}

static void environ_shows_what_is_answered_and_nothing_before(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_family();
    struct app app;
    app_open(&app, snapshot);
    scene_select(&app.model, 1);
    app_push(&app, screen_environ_new(&app));
    assert_int_equal(app.source.asked.pid, 16472);
    assert_int_equal(app.source.asked.start_ticks, 16472);
    assert_drawn(&app, "Environment of process 16472 (root@GPU: Compute+Graphics): python3 100000");
    assert_drawn(&app, "Reading");
    app.source.answer = answer_for((struct process_id){ 16471, 16471 }, 3); /* of before */
    assert_false(show(&app, snapshot));
    assert_drawn(&app, "Reading");
    app.source.answer = answer_for(app.source.asked, 3);
    assert_true(show(&app, snapshot)); /* to be drawn at once */
    assert_not_drawn(&app, "Reading");
    assert_false(show(&app, snapshot));
    assert_drawn(&app, "KEY_02=of 16472");
    app.model.selection.is_set = false; /* it has ended: the screen stays with it */
    press(&app, ACTION_REFRESH);
    assert_int_equal(app.source.ask_count, 2);
    assert_int_equal(app.source.asked.pid, 16472);
    assert_drawn(&app, "Reading");
    app_close(&app);
    snapshot_unref(snapshot);
}

static void environ_without_a_selection_is_our_own(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    struct app app;
    char heading[100];
    app_open(&app, snapshot);
    app_push(&app, screen_environ_new(&app));
    assert_int_equal(app.source.ask_count, 1);
    assert_int_equal(app.source.asked.pid, 0); /* whatever number a tree has for us */
    snprintf(heading, sizeof(heading), "Environment of process %d (root@Host): nvitop", getpid());
    assert_drawn(&app, heading);
    app_close(&app);
    snapshot_unref(snapshot);
}

static void environ_says_why_there_is_none(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    struct app app;
    app_open(&app, snapshot);
    app.source.ask_status = NVITOP_ENOTSUP;
    app_push(&app, screen_environ_new(&app));
    assert_drawn(&app, "Could not read process environment.\nWhy: not supported.");
    app.source.ask_status = NVITOP_OK;
    press(&app, ACTION_REFRESH);
    assert_drawn(&app, "Reading");
    app.source.answer = answer_for(app.source.asked, 0);
    app.source.answer->why = value_na(NVITOP_WHY_NO_PERMISSION);
    show(&app, snapshot);
    assert_drawn(&app, "Could not read process environment.\nWhy: no permission.");
    app_close(&app);
    snapshot_unref(snapshot);
}

static void trap_24_environ_of_a_foreign_pid_is_not_asked_for(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_family();
    struct app app;
    app_open(&app, snapshot);
    scene_select(&app.model, 1);
    snapshot->processes[1].presence = PROCESS_HOST_PID;
    app_push(&app, screen_environ_new(&app));
    press(&app, ACTION_REFRESH);
    assert_int_equal(app.source.ask_count, 0);
    assert_drawn(&app, "Could not read process environment.\nWhy: pid of another namespace");
    app_close(&app);
    snapshot_unref(snapshot);
}

static void environ_moves_and_scrolls(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    struct app app;
    app_open(&app, snapshot);
    app.model.rows = PAGE_ENVIRON_TOP + 5;
    app_push(&app, screen_environ_new(&app));
    app.source.answer = answer_for(app.source.asked, 12);
    show(&app, snapshot);
    assert_true(is_reversed(&app, PAGE_ENVIRON_TOP));
    press_times(&app, ACTION_DOWN, 6);
    assert_true(is_reversed(&app, PAGE_ENVIRON_TOP + 4));
    assert_drawn(&app, "KEY_06");
    assert_not_drawn(&app, "KEY_01");
    point(&app, TERM_WHEEL_UP, 0); /* the view moves, the line stays where it is on the screen */
    assert_drawn(&app, "KEY_01");
    assert_not_drawn(&app, "KEY_06");
    assert_true(is_reversed(&app, PAGE_ENVIRON_TOP + 4));
    point(&app, TERM_BUTTON_LEFT, PAGE_ENVIRON_TOP + 1);
    assert_true(is_reversed(&app, PAGE_ENVIRON_TOP + 1));
    press(&app, ACTION_LAST);
    assert_drawn(&app, "KEY_11");
    assert_not_drawn(&app, "KEY_06");
    press(&app, ACTION_RIGHT);
    assert_drawn(&app, "\n1=of");
    press(&app, ACTION_LINE_START);
    press(&app, ACTION_FIRST);
    assert_drawn(&app, "\nKEY_00");
    press(&app, ACTION_QUIT);
    assert_null(app.top);
    app_close(&app);
    snapshot_unref(snapshot);
}

/* ---- the metrics ---- */

static struct snapshot *second(int i, double cpu)
{
    struct snapshot *snapshot = scene_family();
    snapshot->mono_ns = (uint64_t)(100 + i) * CLOCK_NS_PER_S;
    scene_set_process(snapshot, 1, NVITOP_PROC_CPU_PERCENT, value_real(cpu));
    return snapshot;
}

static void metrics_go_on_while_they_are_open(void **state)
{
    (void)state;
    struct snapshot *snapshots[3];
    struct app app;
    for (int i = 0; i < 3; i++)
        snapshots[i] = second(i, 20 + 10 * i);
    app_open(&app, snapshots[0]);
    assert_null(screen_metrics_new(&app)); /* nothing is selected */
    scene_select(&app.model, 1);
    app_push(&app, screen_metrics_new(&app));
    assert_drawn(&app, "MAX CPU: 20.0%"); /* never less than the row says */
    assert_drawn(&app, " CPU: 20.0%");
    app_push(&app, screen_environ_new(&app)); /* on top of it */
    show(&app, snapshots[1]);
    show(&app, snapshots[1]); /* an answer is no new second */
    show(&app, snapshots[2]);
    press(&app, ACTION_QUIT);
    assert_drawn(&app, "MAX CPU: 40.0%");
    assert_drawn(&app, " 40.0%"); /* the row is of now */
    struct source_demand demand = { .process_ms = 2000 };
    app.top->ops->demand(app.top, &app, &demand);
    assert_int_equal(demand.process_ms, 1000);
    app_close(&app);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(snapshots[i]->refs, 1);
        snapshot_unref(snapshots[i]);
    }
}

static void metrics_keep_the_last_values_of_what_has_ended(void **state)
{
    (void)state;
    struct snapshot *snapshots[4];
    struct app app;
    for (int i = 0; i < 4; i++)
        snapshots[i] = second(i, 55);
    snapshots[2]->processes[1].presence = PROCESS_GONE; /* the driver still lists it */
    snapshots[3]->process_count = 1;                    /* now it does not */
    app_open(&app, snapshots[0]);
    scene_select(&app.model, 1);
    app_push(&app, screen_metrics_new(&app));
    show(&app, snapshots[1]);
    assert_not_drawn(&app, "No Such Process");
    for (int i = 2; i < 4; i++) {
        show(&app, snapshots[i]);
        assert_drawn(&app, "No Such Process");
        assert_drawn(&app, " 55.0%");
    }
    app.model.selection.is_set = false; /* as the app does */
    assert_false(press(&app, ACTION_ENVIRON));
    press(&app, ACTION_QUIT);
    assert_null(app.top);
    app_close(&app);
    for (int i = 0; i < 4; i++)
        snapshot_unref(snapshots[i]);
}

/* ---- a device ---- */

static void device_walks_from_gpu_to_gpu(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_m(), *less = scene_m();
    struct app app;
    less->devices++; /* GPU 0 has gone, its MIG devices are the first */
    less->device_count--;
    app_open(&app, snapshot);
    app_push(&app, screen_device_new(&app));
    assert_drawn(&app, "GPU 0: NVIDIA A100");
    assert_false(press(&app, ACTION_LEFT));
    assert_true(press(&app, ACTION_RIGHT));
    assert_true(press(&app, ACTION_RIGHT));
    assert_drawn(&app, "GPU 0:1: ");
    show(&app, less);
    assert_drawn(&app, "GPU 0:1: ");
    assert_true(press(&app, ACTION_RIGHT));
    assert_drawn(&app, "GPU 1: ");
    assert_false(press(&app, ACTION_RIGHT));
    press(&app, ACTION_QUIT);
    assert_null(app.top);
    show(&app, snapshot);
    scene_select(&app.model, 1);
    app_push(&app, screen_device_new(&app));
    assert_drawn(&app, "GPU 0:1: "); /* where the selected process is */
    less->devices--;
    app_close(&app);
    snapshot_unref(snapshot);
    snapshot_unref(less);
}

static void device_asks_for_all_but_the_lane(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    struct app app;
    app_open(&app, snapshot);
    app_push(&app, screen_device_new(&app));
    struct source_demand demand = { 0 };
    app.top->ops->demand(app.top, &app, &demand);
    for (int i = 0; i < NVITOP_DEV_COUNT; i++) {
        const struct metric *metric = &metric_device[i];
        bool is_lane = metric->tier == TIER_LANE, is_mig_only = metric->has == METRIC_MIG_ONLY;
        assert_int_equal(metric_set_has(&demand.metrics.gpu, metric->id), !is_lane && !is_mig_only);
    }
    press(&app, ACTION_LAST);
    assert_drawn(&app, "dram_active");
    app_close(&app);
    snapshot_unref(snapshot);
}

/* ---- all of them ---- */

static struct screen *make_box(struct app *app)
{
    return screen_box_new(app, SIGINT);
}

static void assert_every_key_is_known(const struct screen *screen)
{
    for (size_t i = 0; i < keytable_count; i++) {
        const struct key_binding *row = &keytable[i];
        if (!*row->keys || !(row->contexts & (unsigned)screen->ops->context))
            continue;
        const struct screen_action *known = screen_action_find(screen, row->action);
        if (!known || !known->act == !known->make)
            fail_msg("%s does nothing on %s", row->keys, screen->ops->name);
    }
}

static void assert_every_action_has_a_key(const struct screen *screen)
{
    const struct screen_action *row = screen->ops->actions;
    for (; row->action != ACTION_NONE; row++) {
        size_t i = 0;
        while (i < keytable_count && !(keytable[i].action == row->action && *keytable[i].keys &&
                                       keytable[i].contexts & (unsigned)screen->ops->context))
            i++;
        if (i == keytable_count)
            fail_msg("no key for action %d on %s", (int)row->action, screen->ops->name);
        assert_true(!row->waits || screen->ops->keep);
    }
}

static void what_is_not_of_now_says_so(void **state)
{
    (void)state;
    static struct screen *(*const makers[])(struct app *) = { screen_tree_new, screen_metrics_new,
                                                              screen_device_new };
    struct snapshot *snapshot = scene_family();
    for (size_t i = 0; i < ARRAY_LEN(makers); i++) {
        struct app app;
        app_open(&app, snapshot);
        scene_select(&app.model, 1);
        app_push(&app, makers[i](&app));
        assert_not_drawn(&app, "PAUSED");
        press(&app, ACTION_PAUSE);
        assert_drawn(&app, "[PAUSED]");
        press(&app, ACTION_PAUSE);
        assert_not_drawn(&app, "PAUSED");
        app_close(&app);
    }
    snapshot_unref(snapshot);
}

/* In both directions: a key that a screen does not know, and what a screen has no key for. */
static void every_key_is_known_to_its_screens(void **state)
{
    (void)state;
    static const struct {
        enum key_context context;
        struct screen *(*make)(struct app *);
    } screens[] = {
        { ON_MAIN, screen_main_new },       { ON_TREE, screen_tree_new },
        { ON_ENVIRON, screen_environ_new }, { ON_METRICS, screen_metrics_new },
        { ON_DEVICE, screen_device_new },   { ON_SETUP, screen_setup_new },
        { ON_HELP, screen_help_new },       { ON_BOX, make_box },
    };
    struct snapshot *snapshot = scene_family();
    unsigned seen = 0;
    for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
        struct app app;
        app_open(&app, snapshot);
        scene_select(&app.model, 1);
        app_push(&app, screens[i].make(&app));
        assert_int_equal(app.top->ops->context, screens[i].context);
        seen |= (unsigned)screens[i].context;
        assert_every_key_is_known(app.top);
        assert_every_action_has_a_key(app.top);
        app_close(&app);
    }
    assert_int_equal(seen, ON_ANY);
    snapshot_unref(snapshot);
}

/* ---- the settings ---- */

static int line_of(enum setup_kind kind, size_t column)
{
    int at = 0;
    while (page_setup_item(at).kind != kind || page_setup_item(at).column != column)
        at++;
    return at;
}

static void setup_acts_at_once_and_is_remembered_at_the_end(void **state)
{
    (void)state;
    struct snapshot *snapshot = scene_a();
    struct app app;
    app_open(&app, snapshot);
    app_push(&app, screen_setup_new(&app));
    press(&app, ACTION_TAG);
    assert_int_equal(app.model.mode, VIEW_FULL);
    press_times(&app, ACTION_LEFT, 2);
    assert_int_equal(app.model.mode, VIEW_DENSE);
    press_times(&app, ACTION_DOWN, line_of(SETUP_HOST, 0));
    press(&app, ACTION_TAG);
    assert_true(app.model.is_host_hidden);
    press(&app, ACTION_FIRST);
    press_times(&app, ACTION_DOWN, line_of(SETUP_COLUMN, 3));
    press(&app, ACTION_TAG);
    assert_int_equal(app.model.hidden_columns, 1 << 3);
    press(&app, ACTION_TAG);
    assert_int_equal(app.model.hidden_columns, 0);
    point(&app, TERM_BUTTON_LEFT, PAGE_SETUP_TOP + line_of(SETUP_PCIE, 0));
    assert_true(app.model.has_pcie_bars);
    assert_int_equal(app.save_count, 0);
    press(&app, ACTION_QUIT);
    assert_int_equal(app.save_count, 1);
    app_push(&app, screen_setup_new(&app));
    press(&app, ACTION_DOWN);
    press(&app, ACTION_QUIT);
    assert_int_equal(app.save_count, 1); /* nothing was changed */
    app_close(&app);
    snapshot_unref(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tree_moves_within_its_rows),
        cmocka_unit_test(tree_keeps_the_selected_row_in_the_window),
        cmocka_unit_test(tree_keys_wait_until_the_relatives_are_known),
        cmocka_unit_test(tree_leaves_nothing_selected_that_main_does_not_show),
        cmocka_unit_test(tree_gives_main_the_device_that_main_had),
        cmocka_unit_test(tree_clicks_select_and_clear),
        cmocka_unit_test(tree_scrolls_sideways),
        cmocka_unit_test(environ_shows_what_is_answered_and_nothing_before),
        cmocka_unit_test(environ_without_a_selection_is_our_own),
        cmocka_unit_test(environ_says_why_there_is_none),
        cmocka_unit_test(trap_24_environ_of_a_foreign_pid_is_not_asked_for),
        cmocka_unit_test(environ_moves_and_scrolls),
        cmocka_unit_test(metrics_go_on_while_they_are_open),
        cmocka_unit_test(metrics_keep_the_last_values_of_what_has_ended),
        cmocka_unit_test(device_walks_from_gpu_to_gpu),
        cmocka_unit_test(device_asks_for_all_but_the_lane),
        cmocka_unit_test(what_is_not_of_now_says_so),
        cmocka_unit_test(every_key_is_known_to_its_screens),
        cmocka_unit_test(setup_acts_at_once_and_is_remembered_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
