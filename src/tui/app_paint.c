/*
 * When to draw. A snapshot comes right after each full second, and its frame shows the new time as
 * well; only when none comes is a frame drawn for the clock alone, a moment later.
 */
#include "tui/app_paint.h"

#include "base/clock.h"
#include "base/mem.h"
#include "tui/app.h"
#include "tui/app_state.h"
#include "view/frame.h"

enum { CLOCK_GRACE_MS = 150, US_PER_S = 1000000 };

static struct frame *frame_for(struct app *app)
{
    const struct model *model = &app->model;
    bool fits = app->frame && frame_rows(app->frame) == model->rows &&
                frame_columns(app->frame) == model->columns;
    if (!fits) {
        frame_free(app->frame);
        app->frame = frame_new(model->rows, model->columns);
    } else {
        frame_clear(app->frame);
    }
    return app->frame;
}

static void expire_notice(struct app *app)
{
    if (!app->notice_until_ns || clock_mono_ns() < app->notice_until_ns)
        return;
    app->notice_until_ns = 0;
    app->model.notice = (struct notice){ 0 };
    app->is_dirty = true;
}

static void tell_due(struct app *app)
{
    struct screen *top = app->top;
    uint64_t at_ns = top->ops->deadline ? top->ops->deadline(top, app) : 0;
    if (!at_ns || at_ns > clock_mono_ns())
        return;
    if (top->ops->due)
        top->ops->due(top, app);
    app->is_dirty = true;
}

void app_paint(struct app *app)
{
    uint64_t epoch_us = clock_epoch_us();
    uint64_t second = epoch_us / US_PER_S;
    bool is_late = second != app->drawn_second &&
                   (epoch_us % US_PER_S >= CLOCK_GRACE_MS * 1000 || second > app->drawn_second + 1);
    expire_notice(app);
    tell_due(app);
    if (!app->is_dirty && !is_late)
        return;
    app->model.epoch_us = epoch_us;
    struct frame *frame = frame_for(app);
    app->top->ops->draw(app->top, app, frame);
    if (app->model.is_ascii)
        frame_to_ascii(frame);
    term_paint(app->term, frame);
    app->drawn_second = second;
    app->is_dirty = false;
}

uint64_t app_next_draw_ns(const struct app *app)
{
    uint64_t now_ns = clock_mono_ns(), epoch_us = clock_epoch_us();
    uint64_t late_us =
        (epoch_us / US_PER_S == app->drawn_second ? US_PER_S : 0) + CLOCK_GRACE_MS * 1000;
    uint64_t in_second_us = epoch_us % US_PER_S;
    uint64_t next_ns = now_ns + (late_us > in_second_us ? late_us - in_second_us : 0) * 1000;
    if (app->notice_until_ns)
        next_ns = MIN_OF(next_ns, app->notice_until_ns);
    const struct screen *top = app->top;
    uint64_t wanted_ns = top->ops->deadline ? top->ops->deadline(top, app) : 0;
    return wanted_ns ? MIN_OF(next_ns, wanted_ns) : next_ns;
}
