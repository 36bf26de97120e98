/*
 * The loop. Invariants: nothing here waits but await(), and everything it waits for is in one set:
 * input, signals, the source, the next moment at which something must be drawn. All input that is
 * there is acted upon before anything is drawn, so no key is lost and none is drawn twice.
 *
 * The terminal is taken when the driver has answered or after 80 ms: a driver that fails at once
 * leaves the screen alone, and one that sleeps is seen to be waited for.
 */
#include "tui/app_loop.h"

#include <stdlib.h>

#include "base/await.h"
#include "base/clock.h"
#include "base/mem.h"
#include "tui/app.h"
#include "tui/app_input.h"
#include "tui/app_news.h"
#include "tui/app_paint.h"
#include "tui/app_state.h"
#include "view/frame.h"

enum { TAKE_MS = 80, COLOURS_FOR_GRADIENT = 256 };

static void bury(struct app *app)
{
    while (app->dead) {
        struct screen *screen = app->dead;
        app->dead = screen->below;
        screen->ops->done(screen);
    }
}

/* ---- the loop ---- */

/* Whether the driver could be opened; false ends the monitor. */
static bool check_opening(struct app *app, struct nvml_failure *ret_failure)
{
    int status = source_opening(app->options.source, ret_failure);
    if (status >= 0)
        return true;
    app->status = status;
    app_quit(app);
    return false;
}

static int milliseconds_until(uint64_t at_ns)
{
    uint64_t now = clock_mono_ns();
    if (at_ns <= now)
        return 0;
    return (int)MIN_OF((at_ns - now + CLOCK_NS_PER_MS - 1) / CLOCK_NS_PER_MS, UINT64_C(60000));
}

static void wait_for_something(const struct app *app)
{
    struct awaited things[] = {
        { .fd = term_input_fd(app->term), .wanted = AWAIT_READ },
        { .fd = term_signals_fd(app->signals), .wanted = AWAIT_READ },
        { .fd = source_wake_fd(app->options.source), .wanted = AWAIT_READ },
    };
    int wait_ms = milliseconds_until(app_next_draw_ns(app));
    int input_ms = term_wait_ms(app->term);
    await(things, ARRAY_LEN(things), input_ms >= 0 ? MIN_OF(input_ms, wait_ms) : wait_ms);
}

static void loop(struct app *app, struct nvml_failure *ret_failure)
{
    while (!app->is_ending) {
        app_tell_demand(app);
        app_paint(app);
        wait_for_something(app);
        app_take_signals(app);
        if (app->is_ending || !check_opening(app, ret_failure))
            break;
        app_take_news(app);
        app_take_input(app);
        bury(app);
    }
}

/* ---- before and after ---- */

static bool is_waiting(const struct app *app, struct nvml_failure *ret_failure)
{
    const struct snapshot *snapshot = app->model.snapshot;
    int status = source_opening(app->options.source, ret_failure);
    return status == 1 ||
           (status == NVITOP_OK && (!snapshot || snapshot->driver_state == DRIVER_WAITING));
}

/* Waits for the driver for a moment: true if the screen is to be taken. */
static bool wait_for_driver(struct app *app, struct nvml_failure *ret_failure)
{
    uint64_t until = clock_mono_ns() + TAKE_MS * CLOCK_NS_PER_MS;
    int left_ms;
    while (is_waiting(app, ret_failure) && (left_ms = milliseconds_until(until)) > 0) {
        struct awaited things[] = {
            { .fd = source_wake_fd(app->options.source), .wanted = AWAIT_READ },
            { .fd = term_signals_fd(app->signals), .wanted = AWAIT_READ },
        };
        await(things, ARRAY_LEN(things), left_ms);
        app_take_news(app);
        app_take_signals(app);
        if (app->is_ending)
            return false;
    }
    return check_opening(app, ret_failure);
}

static bool take_terminal(struct app *app)
{
    const struct app_options *options = &app->options;
    struct term_options wishes = { .has_mouse = options->has_mouse,
                                   .has_gradient = options->theme.is_gradient,
                                   .is_ascii = options->is_ascii };
    if (options->terminal_taken)
        options->terminal_taken(true);
    app->status = term_open(&wishes, &app->term, &app->why);
    if (app->status < 0) {
        if (options->terminal_taken)
            options->terminal_taken(false);
        return false;
    }
    app->theme.is_gradient &= term_colours(app->term) >= COLOURS_FOR_GRADIENT;
    term_size(app->term, &app->model.rows, &app->model.columns);
    return true;
}

static void give_terminal_back(struct app *app)
{
    term_close(app->term);
    app->term = NULL;
    if (app->options.terminal_taken)
        app->options.terminal_taken(false);
}

static void prepare(struct app *app, const struct app_options *options)
{
    *app = (struct app){ .options = *options, .theme = options->theme, .is_dirty = true };
    app->model = (struct model){ .histories = &app->histories,
                                 .theme = &app->theme,
                                 .version = options->version,
                                 .rows = 24,
                                 .columns = 80,
                                 .mode = options->settings.mode,
                                 .is_ascii = options->is_ascii,
                                 .is_readonly = options->is_readonly,
                                 .is_host_hidden = options->settings.is_host_hidden,
                                 .has_pcie_bars = options->settings.has_pcie_bars,
                                 .hidden_columns = options->settings.hidden_columns,
                                 .order = order_default(ORDER_NATURAL),
                                 .scroll_columns = SCROLL_START };
    app->top = screen_main_new(app);
}

static void clean_up(struct app *app)
{
    for (struct screen *screen = app->top, *below; screen; screen = below) {
        below = screen->below;
        screen->ops->done(screen);
    }
    bury(app);
    frame_free(app->frame);
    histories_done(&app->histories);
    free(app->model.tags.ids);
    term_signals_close(app->signals);
}

static void run(struct app *app, struct nvml_failure *ret_failure)
{
    app->status = term_signals_open(&app->signals);
    if (app->status < 0)
        return;
    app_tell_demand(app); /* starts the source */
    if (app->status < 0 || !wait_for_driver(app, ret_failure) || !take_terminal(app))
        return;
    loop(app, ret_failure);
    give_terminal_back(app);
}

void app_run(const struct app_options *options, struct app_result *ret_result,
             struct nvml_failure *ret_failure)
{
    struct app *app = xmalloc(sizeof(*app));
    prepare(app, options);
    run(app, ret_failure);
    *ret_result =
        (struct app_result){ .snapshot = (struct snapshot *)(uintptr_t)app->model.snapshot,
                             .columns = app->model.columns,
                             .hidden_columns = app->model.hidden_columns,
                             .status = app->status,
                             .why = app->why,
                             .signal = app->signal };
    clean_up(app);
    free(app);
}
