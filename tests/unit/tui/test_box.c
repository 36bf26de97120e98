/*
 * When the box sends a signal, to whom, and above all when it does not. The clock is stepped; the
 * app and the source are stand-ins that count.
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

#include "base/clock.h"
#include "base/mem.h"
#include "core/source.h"
#include "scene.h"
#include "tui/app.h"
#include "tui/keymap.h"
#include "tui/screen.h"
#include "tui/screen_act.h"
#include "view/frame.h"
#include "view/model.h"

/* ---- stand-ins ---- */

struct app {
    struct model model;
    struct source source;
    struct screen below, *top;
    struct term_event last_key;
    uint64_t now_ns;
    char notice[256];
    bool is_refusal;
    /* What the source was told. */
    int calls, signal, status;
    struct process_id targets[600];
    size_t count;
};

static struct app *the_app; /* of the test that runs: the source's functions know no other way */

struct model *app_model(struct app *app)
{
    return &app->model;
}

struct source *app_source(struct app *app)
{
    return &app->source;
}

void app_pop(struct app *app)
{
    app->top = app->top->below;
}

void app_push(struct app *app, struct screen *screen)
{
    (void)app, (void)screen;
    fail(); /* nothing opens above the box */
}

void app_redraw(struct app *app)
{
    (void)app;
}

void app_notice(struct app *app, bool is_refusal, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(app->notice, sizeof(app->notice), format, arguments);
    va_end(arguments);
    app->is_refusal = is_refusal;
}

uint64_t app_now_ns(const struct app *app)
{
    return app->now_ns;
}

const struct term_event *app_last_key(const struct app *app)
{
    return &app->last_key;
}

static int send_signal(struct source *source, int signal, const struct process_id *targets,
                       size_t count)
{
    (void)source;
    assert_true(count > 0 && count <= SIGNAL_TARGETS_MAX);
    the_app->calls++;
    the_app->signal = signal;
    memcpy(the_app->targets + the_app->count, targets, count * sizeof(*targets));
    the_app->count += count;
    return the_app->status;
}

static void draw_below(struct screen *screen, struct app *app, struct frame *frame)
{
    (void)screen, (void)app;
    frame_fill(frame, 0, 0, 1, "b");
}

/* ---- the stage ---- */

struct stage {
    struct app app;
    struct snapshot *snapshot;
    struct screen *box; /* NULL: there is none */
    struct process_id tags[600];
};

static void prepare(struct stage *stage)
{
    static const struct screen_ops below_ops = { .draw = draw_below };
    static const struct source_ops source_ops = { .send_signal = send_signal };
    memset(stage, 0, sizeof(*stage));
    stage->snapshot = scene_a();
    for (size_t i = 0; i < stage->snapshot->process_count; i++)
        stage->snapshot->processes[i].start_ticks = stage->snapshot->processes[i].pid * 10;
    struct app *app = &stage->app;
    app->model = scene_model(stage->snapshot, 40, 120);
    app->model.tags.ids = stage->tags;
    app->source.ops = &source_ops;
    app->below.ops = &below_ops;
    app->top = &app->below;
    app->now_ns = 1000 * CLOCK_NS_PER_S;
    scene_select(&app->model, 0);
    the_app = app;
}

static void tag(struct stage *stage, size_t process)
{
    const struct snapshot_process *row = &stage->snapshot->processes[process];
    stage->tags[stage->app.model.tags.count++] = (struct process_id){ row->pid, row->start_ticks };
}

static struct term_event key_event(const struct stage *stage, uint32_t key)
{
    return (struct term_event){ .kind = TERM_KEY, .at_ns = stage->app.now_ns, .key = key };
}

static void draw(struct stage *stage)
{
    struct frame *frame = frame_new(40, 120);
    struct screen *top = stage->app.top;
    top->ops->draw(top, &stage->app, frame);
    assert_string_equal(frame_cell(frame, 0, 0)->text, "b"); /* the page below is drawn */
    frame_free(frame);
}

/* A key of the page below opens the box; it is on the screen at once. */
static void open_by(struct stage *stage, uint32_t key, int number)
{
    struct app *app = &stage->app;
    app->last_key = key_event(stage, key);
    stage->box = screen_box_new(app, number);
    if (!stage->box)
        return;
    stage->box->below = app->top;
    app->top = stage->box;
    draw(stage);
}

static bool is_open(const struct stage *stage)
{
    return stage->box && stage->app.top == stage->box;
}

/* As the app does: what is due is done, then a frame is drawn. */
static void pass(struct stage *stage, unsigned ms)
{
    struct app *app = &stage->app;
    uint64_t end_ns = app->now_ns + ms * CLOCK_NS_PER_MS;
    while (is_open(stage)) {
        uint64_t at_ns = stage->box->ops->deadline(stage->box, app);
        if (!at_ns || at_ns > end_ns)
            break;
        app->now_ns = at_ns;
        stage->box->ops->due(stage->box, app);
        if (is_open(stage))
            draw(stage);
    }
    app->now_ns = end_ns;
}

static void press(struct stage *stage, uint32_t key)
{
    struct term_event event = key_event(stage, key);
    struct keymap keymap = { 0 };
    if (!is_open(stage) || stage->box->ops->key(stage->box, &stage->app, &event))
        return;
    enum key_action action = keymap_action(&keymap, &event, stage->box->ops->context);
    if (action != ACTION_NONE)
        assert_true(screen_act(stage->box, &stage->app, action));
}

static void click(struct stage *stage, int row, int column)
{
    struct term_event event = { .kind = TERM_MOUSE,
                                .at_ns = stage->app.now_ns,
                                .button = TERM_BUTTON_LEFT,
                                .row = row,
                                .column = column };
    stage->box->ops->mouse(stage->box, &stage->app, &event);
}

static void finish(struct stage *stage)
{
    if (stage->box)
        stage->box->ops->done(stage->box);
    snapshot_unref(stage->snapshot);
}

static void assert_nothing_sent(const struct stage *stage)
{
    assert_int_equal(stage->app.calls, 0);
}

static void assert_sent(const struct stage *stage, int number, uint32_t pid)
{
    assert_int_equal(stage->app.calls, 1);
    assert_int_equal(stage->app.signal, number);
    assert_int_equal(stage->app.count, 1);
    assert_int_equal(stage->app.targets[0].pid, pid);
    assert_int_equal(stage->app.targets[0].start_ticks, pid * 10);
    assert_false(is_open(stage));
}

enum { ESC = 27, ENTER = 13, CTRL_C = 3 };

/* ---- confirming ---- */

static void enter_sends_once_the_box_has_been_seen(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    open_by(&stage, 'T', SIGTERM);
    pass(&stage, 249);
    press(&stage, ENTER);
    press(&stage, ' ');
    assert_nothing_sent(&stage);
    assert_true(is_open(&stage));
    pass(&stage, 1);
    press(&stage, ENTER);
    assert_sent(&stage, SIGTERM, 16471);
    finish(&stage);
}

static void trap_25_what_is_typed_before_it_is_drawn_confirms_nothing(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    struct app *app = &stage.app;
    app->last_key = key_event(&stage, 'K');
    stage.box = screen_box_new(app, SIGKILL);
    stage.box->below = app->top;
    app->top = stage.box; /* keys come in the same read: nothing has been drawn yet */
    pass(&stage, 5000);
    press(&stage, ENTER);
    assert_nothing_sent(&stage);
    draw(&stage);
    pass(&stage, 300);
    press(&stage, ENTER);
    assert_sent(&stage, SIGKILL, 16471);
    finish(&stage);
}

static void acceptance_38_the_same_key_again_sends_when_it_comes_alone(void **state)
{
    (void)state;
    static const struct {
        uint32_t key;
        int number;
    } cases[] = { { 'T', SIGTERM }, { 'K', SIGKILL }, { 'I', SIGINT }, { CTRL_C, SIGINT } };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct stage stage;
        prepare(&stage);
        open_by(&stage, cases[i].key, cases[i].number);
        pass(&stage, 300);
        press(&stage, cases[i].key);
        pass(&stage, 149);
        assert_nothing_sent(&stage);
        pass(&stage, 1);
        assert_sent(&stage, cases[i].number, 16471);
        finish(&stage);
    }
}

static void acceptance_38_a_burst_sends_nothing(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    open_by(&stage, 'K', SIGKILL);
    press(&stage, 'K');
    pass(&stage, 10000);
    assert_nothing_sent(&stage);
    press(&stage, 'K'); /* twice, long after */
    press(&stage, 'K');
    pass(&stage, 10000);
    assert_nothing_sent(&stage);
    assert_true(is_open(&stage));
    finish(&stage);
}

static void acceptance_38_a_held_key_sends_nothing(void **state)
{
    (void)state;
    static const unsigned delays[] = { 150, 200, 250, 251, 300, 500, 660, 1000 };
    static const unsigned periods[] = { 10, 30, 33, 50, 92, 149 };
    for (size_t i = 0; i < ARRAY_LEN(delays); i++)
        for (size_t j = 0; j < ARRAY_LEN(periods); j++) {
            struct stage stage;
            prepare(&stage);
            open_by(&stage, 'K', SIGKILL);
            pass(&stage, delays[i]);
            for (int repeats = 0; repeats < 100; repeats++) {
                press(&stage, 'K');
                pass(&stage, periods[j]);
            }
            pass(&stage, 10000);
            assert_nothing_sent(&stage);
            assert_true(is_open(&stage));
            finish(&stage);
        }
}

static void another_key_close_by_sends_nothing(void **state)
{
    (void)state;
    static const unsigned gaps[] = { 0, 1, 100, 149 };
    static const uint32_t others[] = { 'x', 'k', TERM_KEY_LEFT, TERM_KEY_UNKNOWN, '1' };
    for (size_t i = 0; i < ARRAY_LEN(gaps); i++)
        for (size_t j = 0; j < ARRAY_LEN(others); j++)
            for (int is_before = 0; is_before < 2; is_before++) {
                struct stage stage;
                prepare(&stage);
                open_by(&stage, 'K', SIGKILL);
                pass(&stage, 260);
                press(&stage, is_before ? others[j] : 'K');
                pass(&stage, gaps[i]);
                press(&stage, is_before ? 'K' : others[j]);
                pass(&stage, 10000);
                assert_nothing_sent(&stage);
                finish(&stage);
            }
}

/* Dropped as a command, it still is a key. */
static void a_dropped_key_is_close_by_too(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    open_by(&stage, 'K', SIGKILL);
    pass(&stage, 200);
    press(&stage, 'x');
    pass(&stage, 100);
    press(&stage, 'K');
    pass(&stage, 10000);
    assert_nothing_sent(&stage);
    finish(&stage);
}

/* Only the very key that asked: Ctrl-C after I may be a wish to get out. */
static void other_signal_keys_only_highlight(void **state)
{
    (void)state;
    static const struct {
        uint32_t opener;
        int asked;
        uint32_t key;
        int number; /* what Enter sends then */
    } cases[] = {
        { 'K', SIGKILL, 'T', SIGTERM },   { 'K', SIGKILL, 't', SIGTERM },
        { 'K', SIGKILL, 'k', SIGKILL },   { 'K', SIGKILL, 'I', SIGINT },
        { 'K', SIGKILL, 'i', SIGINT },    { 'K', SIGKILL, '1', SIGTERM },
        { 'K', SIGKILL, '2', SIGKILL },   { 'K', SIGKILL, '3', SIGINT },
        { 'T', SIGTERM, CTRL_C, SIGINT }, { 'I', SIGINT, CTRL_C, SIGINT },
        { CTRL_C, SIGINT, 'I', SIGINT },  { 'k', SIGKILL, 'k', SIGKILL },
        { 'k', SIGKILL, 'K', SIGKILL },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct stage stage;
        prepare(&stage);
        open_by(&stage, cases[i].opener, cases[i].asked);
        pass(&stage, 1000);
        press(&stage, cases[i].key);
        pass(&stage, 10000);
        assert_nothing_sent(&stage);
        assert_true(is_open(&stage));
        press(&stage, ENTER);
        assert_sent(&stage, cases[i].number, 16471);
        finish(&stage);
    }
}

static void the_opener_sends_nothing_once_another_button_is_current(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    open_by(&stage, 'K', SIGKILL);
    pass(&stage, 1000);
    press(&stage, TERM_KEY_LEFT);
    pass(&stage, 1000);
    press(&stage, 'K'); /* goes back to it */
    pass(&stage, 1000);
    assert_nothing_sent(&stage);
    press(&stage, 'K');
    pass(&stage, 1000);
    assert_sent(&stage, SIGKILL, 16471);
    finish(&stage);
}

static void the_buttons_are_a_ring(void **state)
{
    (void)state;
    static const struct {
        uint32_t key;
        int steps, number; /* 0: nothing is sent */
    } cases[] = {
        { TERM_KEY_RIGHT, 1, SIGKILL },
        { TERM_KEY_RIGHT, 2, SIGINT },
        { TERM_KEY_RIGHT, 3, 0 },
        { TERM_KEY_RIGHT, 4, SIGTERM },
        { TERM_KEY_LEFT, 1, 0 },
        { TERM_KEY_LEFT, 2, SIGINT },
        { '.', 1, SIGKILL },
        { ',', 2, SIGINT },
        { '>', 1, SIGKILL },
        { '<', 2, SIGINT },
        { ']', 1, SIGKILL },
        { '[', 2, SIGINT },
        { 9, 1, SIGKILL },
        { TERM_KEY_BACK_TAB, 3, SIGKILL },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct stage stage;
        prepare(&stage);
        open_by(&stage, 'T', SIGTERM);
        pass(&stage, 300);
        for (int step = 0; step < cases[i].steps; step++)
            press(&stage, cases[i].key);
        press(&stage, ENTER);
        assert_false(is_open(&stage));
        assert_int_equal(stage.app.signal, cases[i].number);
        finish(&stage);
    }
}

static void it_can_be_left_at_any_time(void **state)
{
    (void)state;
    static const uint32_t keys[] = { ESC, 'q', 'Q', 'n', 'N' };
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        for (unsigned ms = 0; ms < 1000; ms += 130) {
            struct stage stage;
            prepare(&stage);
            tag(&stage, 0);
            open_by(&stage, 'K', SIGKILL);
            pass(&stage, ms);
            press(&stage, 'K');
            press(&stage, keys[i]);
            assert_false(is_open(&stage));
            pass(&stage, 1000);
            assert_nothing_sent(&stage);
            assert_true(stage.app.model.selection.is_set);
            assert_int_equal(stage.app.model.tags.count, 1);
            finish(&stage);
        }
}

static void c_highlights_cancel(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    open_by(&stage, 'K', SIGKILL);
    pass(&stage, 300);
    press(&stage, 'c');
    assert_true(is_open(&stage));
    press(&stage, ENTER);
    assert_false(is_open(&stage));
    assert_nothing_sent(&stage);
    finish(&stage);
}

static void a_click_on_a_button_sends_but_not_at_once(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    open_by(&stage, 'T', SIGTERM);
    click(&stage, 21, 50);
    assert_nothing_sent(&stage);
    pass(&stage, 300);
    click(&stage, 5, 5);
    assert_true(is_open(&stage));
    click(&stage, 21, 50); /* SIGKILL */
    assert_sent(&stage, SIGKILL, 16471);
    finish(&stage);
    prepare(&stage);
    open_by(&stage, 'T', SIGTERM);
    click(&stage, 21, 78); /* Cancel, at once */
    assert_false(is_open(&stage));
    assert_nothing_sent(&stage);
    finish(&stage);
}

static void the_wheel_moves_and_ends_a_wait(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    open_by(&stage, 'T', SIGTERM);
    pass(&stage, 300);
    press(&stage, 'T');
    struct term_event wheel = { .kind = TERM_MOUSE, .button = TERM_WHEEL_DOWN };
    stage.box->ops->mouse(stage.box, &stage.app, &wheel);
    pass(&stage, 1000);
    assert_nothing_sent(&stage);
    press(&stage, ENTER);
    assert_sent(&stage, SIGKILL, 16471);
    finish(&stage);
}

/* ---- to whom ---- */

static void trap_26_a_tagged_process_on_two_gpus_gets_it_once(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    tag(&stage, 3); /* 16472, on two GPUs */
    tag(&stage, 0);
    scene_select(&stage.app.model, 2);
    open_by(&stage, 'T', SIGTERM);
    pass(&stage, 300);
    press(&stage, ENTER);
    assert_int_equal(stage.app.calls, 1);
    assert_int_equal(stage.app.count, 2);
    assert_int_equal(stage.app.targets[0].pid, 16471);
    assert_int_equal(stage.app.targets[1].pid, 16472);
    assert_false(stage.app.model.selection.is_set);
    assert_int_equal(stage.app.model.tags.count, 0);
    finish(&stage);
}

static void trap_25_a_tag_is_checked_like_a_selection(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    stage.snapshot->is_superuser = false;
    tag(&stage, 0);
    tag(&stage, 2);                                                             /* nobody's */
    tag(&stage, 4);                                                             /* gone */
    stage.tags[stage.app.model.tags.count++] = (struct process_id){ 16472, 1 }; /* an earlier one */
    open_by(&stage, 'K', SIGKILL);
    pass(&stage, 300);
    press(&stage, ENTER);
    assert_sent(&stage, SIGKILL, 16471);
    finish(&stage);
}

static void trap_25_a_single_refusal_is_a_notice(void **state)
{
    (void)state;
    static const struct {
        size_t process;
        const char *notice;
    } cases[] = {
        { 2, "No signal: process 16480(nobody) belongs to another user" },
        { 4, "No signal: process 999999(N/A) has ended" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct stage stage;
        prepare(&stage);
        stage.snapshot->is_superuser = false;
        scene_select(&stage.app.model, cases[i].process);
        open_by(&stage, 'K', SIGKILL);
        assert_null(stage.box);
        assert_string_equal(stage.app.notice, cases[i].notice);
        assert_true(stage.app.is_refusal);
        finish(&stage);
    }
}

static void several_refusals_are_a_box_that_sends_nothing(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    stage.snapshot->is_superuser = false;
    tag(&stage, 2);
    tag(&stage, 4);
    open_by(&stage, 'K', SIGKILL);
    assert_non_null(stage.box);
    pass(&stage, 300);
    press(&stage, 'K');
    pass(&stage, 300);
    press(&stage, '2');
    press(&stage, ENTER);
    assert_false(is_open(&stage));
    assert_nothing_sent(&stage);
    finish(&stage);
}

static void trap_24_a_pid_of_another_namespace_gets_nothing(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    stage.snapshot->processes[0].presence = PROCESS_HOST_PID;
    open_by(&stage, 'K', SIGKILL);
    assert_null(stage.box);
    assert_non_null(strstr(stage.app.notice, "another pid namespace"));
    finish(&stage);
}

static void a_process_whose_start_is_unknown_gets_nothing(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    stage.snapshot->processes[0].start_ticks = 0;
    scene_select(&stage.app.model, 0);
    open_by(&stage, 'K', SIGKILL);
    assert_null(stage.box);
    assert_true(stage.app.is_refusal);
    finish(&stage);
}

static void a_host_process_of_the_tree_can_be_meant(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    struct snapshot_process parent = stage.snapshot->processes[0];
    parent.pid = 77;
    parent.start_ticks = 770;
    parent.device = (size_t)SNAPSHOT_NO_DEVICE;
    stage.snapshot->relatives = &parent;
    stage.snapshot->relative_count = 1;
    stage.app.model.selection = (struct selection){ .is_set = true,
                                                    .process = { 77, 770 },
                                                    .physical = SNAPSHOT_NO_DEVICE,
                                                    .mig = SNAPSHOT_NO_DEVICE };
    open_by(&stage, 'T', SIGTERM);
    pass(&stage, 300);
    press(&stage, ENTER);
    assert_sent(&stage, SIGTERM, 77);
    finish(&stage);
}

static void more_than_a_call_takes_is_sent_in_several(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    struct snapshot_process *many = xcalloc(600, sizeof(*many));
    for (uint32_t i = 0; i < 600; i++) {
        many[i] = stage.snapshot->processes[0];
        many[i].pid = 1000 + i;
        many[i].start_ticks = 1;
        stage.tags[i] = (struct process_id){ 1000 + i, 1 };
    }
    stage.snapshot->processes = many;
    stage.snapshot->process_count = 600;
    stage.app.model.tags.count = 600;
    many[599].presence = PROCESS_GONE; /* the last one is refused */
    open_by(&stage, 'T', SIGTERM);
    pass(&stage, 300);
    press(&stage, ENTER);
    assert_int_equal(stage.app.calls, 3);
    assert_int_equal(stage.app.count, 599);
    for (uint32_t i = 0; i < 599; i++)
        assert_int_equal(stage.app.targets[i].pid, 1000 + i);
    finish(&stage);
    free(many);
}

/* ---- and otherwise ---- */

static void an_interrupted_process_stays_selected(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    open_by(&stage, CTRL_C, SIGINT);
    pass(&stage, 300);
    press(&stage, ENTER);
    assert_sent(&stage, SIGINT, 16471);
    assert_true(stage.app.model.selection.is_set);
    finish(&stage);
}

static void a_source_that_can_not_send_says_so(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    stage.app.status = NVITOP_ENOTSUP;
    open_by(&stage, 'T', SIGTERM);
    pass(&stage, 300);
    press(&stage, ENTER);
    assert_true(stage.app.is_refusal);
    assert_true(stage.app.model.selection.is_set);
    finish(&stage);
}

/* Nothing is sent that could not be read. */
static void a_terminal_too_small_for_the_box_gets_none(void **state)
{
    (void)state;
    static const struct {
        int rows, columns;
        bool fits;
    } sizes[] = { { 8, 62, true }, { 7, 62, false }, { 8, 61, false }, { 1, 1, false } };
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct stage stage;
        prepare(&stage);
        stage.app.model.rows = sizes[i].rows;
        stage.app.model.columns = sizes[i].columns;
        open_by(&stage, 'T', SIGTERM);
        assert_int_equal(stage.box != NULL, sizes[i].fits);
        assert_int_equal(stage.app.is_refusal, !sizes[i].fits);
        finish(&stage);
        prepare(&stage);
        open_by(&stage, 'T', SIGTERM);
        stage.app.model.rows = sizes[i].rows; /* made small later */
        stage.app.model.columns = sizes[i].columns;
        pass(&stage, 300);
        press(&stage, 'T');
        pass(&stage, 300);
        assert_int_equal(stage.app.calls, sizes[i].fits);
        assert_int_equal(is_open(&stage), !sizes[i].fits);
        press(&stage, ENTER);
        assert_int_equal(stage.app.calls, sizes[i].fits);
        press(&stage, ESC);
        assert_false(is_open(&stage));
        finish(&stage);
    }
}

static void trap_25_readonly_disables_all_of_it(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    stage.app.model.is_readonly = true;
    tag(&stage, 0);
    open_by(&stage, 'T', SIGTERM);
    assert_null(stage.box);
    assert_non_null(strstr(stage.app.notice, "--readonly"));
    finish(&stage);
}

static void without_a_target_there_is_a_hint(void **state)
{
    (void)state;
    struct stage stage;
    prepare(&stage);
    stage.app.model.selection.is_set = false;
    open_by(&stage, CTRL_C, SIGINT);
    assert_null(stage.box);
    assert_non_null(strstr(stage.app.notice, "press q to quit"));
    open_by(&stage, 'T', SIGTERM);
    assert_null(stage.box);
    assert_string_equal(stage.app.notice, "No process is selected");
    stage.app.model.snapshot = NULL;
    open_by(&stage, 'T', SIGTERM);
    assert_null(stage.box);
    finish(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enter_sends_once_the_box_has_been_seen),
        cmocka_unit_test(trap_25_what_is_typed_before_it_is_drawn_confirms_nothing),
        cmocka_unit_test(acceptance_38_the_same_key_again_sends_when_it_comes_alone),
        cmocka_unit_test(acceptance_38_a_burst_sends_nothing),
        cmocka_unit_test(acceptance_38_a_held_key_sends_nothing),
        cmocka_unit_test(another_key_close_by_sends_nothing),
        cmocka_unit_test(a_dropped_key_is_close_by_too),
        cmocka_unit_test(other_signal_keys_only_highlight),
        cmocka_unit_test(the_opener_sends_nothing_once_another_button_is_current),
        cmocka_unit_test(the_buttons_are_a_ring),
        cmocka_unit_test(it_can_be_left_at_any_time),
        cmocka_unit_test(c_highlights_cancel),
        cmocka_unit_test(a_click_on_a_button_sends_but_not_at_once),
        cmocka_unit_test(the_wheel_moves_and_ends_a_wait),
        cmocka_unit_test(trap_26_a_tagged_process_on_two_gpus_gets_it_once),
        cmocka_unit_test(trap_25_a_tag_is_checked_like_a_selection),
        cmocka_unit_test(trap_25_a_single_refusal_is_a_notice),
        cmocka_unit_test(several_refusals_are_a_box_that_sends_nothing),
        cmocka_unit_test(trap_24_a_pid_of_another_namespace_gets_nothing),
        cmocka_unit_test(a_process_whose_start_is_unknown_gets_nothing),
        cmocka_unit_test(a_host_process_of_the_tree_can_be_meant),
        cmocka_unit_test(more_than_a_call_takes_is_sent_in_several),
        cmocka_unit_test(an_interrupted_process_stays_selected),
        cmocka_unit_test(a_source_that_can_not_send_says_so),
        cmocka_unit_test(a_terminal_too_small_for_the_box_gets_none),
        cmocka_unit_test(trap_25_readonly_disables_all_of_it),
        cmocka_unit_test(without_a_target_there_is_a_hint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
