/*
 * What screens ask for. Invariant: a screen that was taken off the stack lives on until nothing of
 * it runs any more.
 */
#include "tui/app.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "tui/app_state.h"

struct model *app_model(struct app *app)
{
    return &app->model;
}

struct source *app_source(struct app *app)
{
    return app->options.source;
}

uint64_t app_now_ns(const struct app *app)
{
    (void)app;
    return clock_mono_ns();
}

const struct term_event *app_last_key(const struct app *app)
{
    return &app->last_key;
}

/* ---- screens ---- */

/* Half a chord of the screen before is no beginning of one here. */
static void show(struct app *app, struct screen *screen)
{
    app->top = screen;
    app->keymap = (struct keymap){ 0 };
    app->is_dirty = true;
}

void app_push(struct app *app, struct screen *screen)
{
    if (!screen)
        return;
    screen->below = app->top;
    show(app, screen);
}

void app_pop(struct app *app)
{
    struct screen *screen = app->top;
    if (!screen->below) {
        app_quit(app);
        return;
    }
    show(app, screen->below);
    screen->below = app->dead;
    app->dead = screen;
}

void app_quit(struct app *app)
{
    app->is_ending = true;
}

void app_redraw(struct app *app)
{
    term_forget(app->term);
    app->is_dirty = true;
}

void app_notice(struct app *app, bool is_refusal, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(app->notice, sizeof(app->notice), format, arguments);
    va_end(arguments);
    app->model.notice = (struct notice){ app->notice, is_refusal };
    app->notice_until_ns = clock_mono_ns() + NOTICE_S * CLOCK_NS_PER_S;
    app->is_dirty = true;
}

void app_save(struct app *app, unsigned changed)
{
    const struct model *model = &app->model;
    struct app_settings settings = { .mode = model->mode,
                                     .is_host_hidden = model->is_host_hidden,
                                     .has_pcie_bars = model->has_pcie_bars,
                                     .hidden_columns = model->hidden_columns };
    const char *why = app->options.save ? app->options.save(app->options.arg, &settings, changed)
                                        : "there is no file for them";
    if (why)
        app_notice(app, true, "The settings are not remembered: %s", why);
}
