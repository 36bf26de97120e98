/*
 * All that is known of one GPU, and why the rest is not. Left and Right go from GPU to GPU.
 * Invariant: the GPU is known by its numbers, so it stays the same one when others come or go.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "core/source.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "tui/screen_common.h"
#include "view/model.h"
#include "view/page_device.h"

struct screen_device {
    struct screen screen; /* first: the screen is this */
    struct device_page page;
    int32_t physical, mig;
};

/* Its row now; the first one if it is not there. */
static size_t row_of(const struct screen_device *state, const struct snapshot *snapshot)
{
    for (size_t i = 0; snapshot && i < snapshot->device_count; i++)
        if (snapshot->devices[i].physical == state->physical &&
            snapshot->devices[i].mig == state->mig)
            return i;
    return 0;
}

static void show(struct screen_device *state, const struct snapshot *snapshot, size_t row)
{
    state->physical = snapshot->devices[row].physical;
    state->mig = snapshot->devices[row].mig;
}

static bool walk(struct screen_device *state, const struct snapshot *snapshot, int by)
{
    size_t row = row_of(state, snapshot);
    if (!snapshot || (by < 0 ? row == 0 : row + 1 >= snapshot->device_count))
        return false;
    show(state, snapshot, by < 0 ? row - 1 : row + 1);
    return true;
}

static void move(struct screen_device *state, const struct model *model, int by)
{
    list_view_move(&state->page.list, page_device_count(), page_device_rows(model), by);
}

static bool act_move(struct screen *screen, struct app *app, int with)
{
    move((struct screen_device *)screen, app_model(app), with);
    return true;
}

static bool act_page(struct screen *screen, struct app *app, int with)
{
    const struct model *model = app_model(app);
    move((struct screen_device *)screen, model, with * page_device_rows(model));
    return true;
}

static bool act_walk(struct screen *screen, struct app *app, int with)
{
    return walk((struct screen_device *)screen, app_model(app)->snapshot, with);
}

static const struct screen_action actions[] = {
    { ACTION_UP, .act = act_move, .with = -1 },
    { ACTION_DOWN, .act = act_move, .with = 1 },
    { ACTION_FIRST, .act = act_move, .with = -LIST_VIEW_FAR },
    { ACTION_LAST, .act = act_move, .with = LIST_VIEW_FAR },
    { ACTION_PAGE_UP, .act = act_page, .with = -1 },
    { ACTION_PAGE_DOWN, .act = act_page, .with = 1 },
    { ACTION_LEFT, .act = act_walk, .with = -1 },
    { ACTION_RIGHT, .act = act_walk, .with = 1 },
    { .action = ACTION_NONE },
};

static void mouse(struct screen *screen, struct app *app, const struct term_event *event)
{
    struct screen_device *state = (struct screen_device *)screen;
    const struct model *model = app_model(app);
    int step = screen_wheel(event), at = state->page.list.top + event->row - PAGE_DEVICE_TOP;
    bool is_row =
        event->row >= PAGE_DEVICE_TOP && event->row < PAGE_DEVICE_TOP + page_device_rows(model);
    if (step)
        list_view_wheel(&state->page.list, page_device_count(), page_device_rows(model), step);
    else if (is_row && at < page_device_count())
        state->page.list.current = at;
}

static void demand(const struct screen *screen, const struct app *app, struct source_demand *demand)
{
    (void)screen, (void)app;
    page_device_metrics(&demand->metrics);
}

static void draw(struct screen *screen, struct app *app, struct frame *frame)
{
    struct screen_device *state = (struct screen_device *)screen;
    const struct model *model = app_model(app);
    move(state, model, 0);
    state->page.device = row_of(state, model->snapshot);
    page_device_draw(model, &state->page, frame);
}

static void done(struct screen *screen)
{
    free(screen);
}

struct screen *screen_device_new(struct app *app)
{
    static const struct screen_ops ops = { .name = "device",
                                           .context = ON_DEVICE,
                                           .draw = draw,
                                           .actions = actions,
                                           .mouse = mouse,
                                           .demand = demand,
                                           .done = done };
    struct screen_device *state = xcalloc(1, sizeof(*state));
    const struct snapshot *snapshot = app_model(app)->snapshot;
    const struct snapshot_process *process = screen_selected(app_model(app));
    state->screen.ops = &ops;
    if (process && process->device < snapshot->device_count)
        show(state, snapshot, process->device);
    else if (snapshot && snapshot->device_count)
        show(state, snapshot, 0);
    return &state->screen;
}
