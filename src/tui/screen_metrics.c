/*
 * Graphs of one process. They begin when the screen is opened and go on while it is, whatever lies
 * above it. When the process ends, its last values stay and the graphs go on without values.
 * Invariant: the row that is shown belongs to a snapshot that the screen holds a reference to.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "core/snapshot.h"
#include "core/source.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "tui/screen_common.h"
#include "view/model.h"
#include "view/page_metrics.h"

enum { PERIOD_MS = 1000 };

struct screen_metrics {
    struct screen screen; /* first: the screen is this */
    struct metrics_page page;
    struct snapshot *held;      /* the one of the row */
    struct selection selection; /* the process and its device: not that of the model, which moves */
    uint64_t shown_mono_ns;     /* of the newest snapshot that was looked at */
};

static void hold(struct screen_metrics *state, const struct snapshot *snapshot,
                 const struct snapshot_process *process)
{
    /* Only the count is changed, which is all that may be. */
    struct snapshot *held = snapshot_ref((struct snapshot *)(uintptr_t)snapshot);
    snapshot_unref(state->held);
    state->held = held;
    state->page.row = (struct process_row){ held, process };
}

static const struct snapshot_process *find(const struct screen_metrics *state,
                                           const struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->process_count; i++)
        if (selection_is(&state->selection, snapshot, &snapshot->processes[i]))
            return &snapshot->processes[i];
    return NULL;
}

/* One value of each graph; a process that has ended has none. */
static void push(struct screen_metrics *state, uint64_t now_ns,
                 const struct snapshot_process *process)
{
    for (int plot = 0; plot < METRICS_PLOT_COUNT; plot++)
        history_push(&state->page.plots[plot], now_ns,
                     process ? page_metrics_value((enum metrics_plot)plot, process)
                             : value_na(NVITOP_WHY_GONE));
}

static bool news(struct screen *screen, struct app *app)
{
    struct screen_metrics *state = (struct screen_metrics *)screen;
    const struct snapshot *snapshot = app_model(app)->snapshot;
    if (!snapshot || snapshot->mono_ns == state->shown_mono_ns)
        return false;
    state->shown_mono_ns = snapshot->mono_ns;
    const struct snapshot_process *process = find(state, snapshot);
    if (process && process->presence == PROCESS_GONE)
        process = NULL;
    if (process)
        hold(state, snapshot, process);
    state->page.is_gone = !process;
    push(state, snapshot->mono_ns, process);
    return true;
}

/* A value a second for the graphs, however seldom the list is read. */
static void demand(const struct screen *screen, const struct app *app, struct source_demand *demand)
{
    (void)screen, (void)app;
    demand->process_ms = MIN_OF(demand->process_ms, PERIOD_MS);
    page_metrics_metrics(&demand->metrics);
}

/* The selection of a process that has ended is gone, and nobody else's environment is meant. */
static bool act_environ(struct screen *screen, struct app *app, int with)
{
    (void)with;
    if (((struct screen_metrics *)screen)->page.is_gone)
        return false;
    app_push(app, screen_environ_new(app));
    return true;
}

static const struct screen_action actions[] = {
    { ACTION_ENVIRON, .act = act_environ },
    { .action = ACTION_NONE },
};

static void draw(struct screen *screen, struct app *app, struct frame *frame)
{
    page_metrics_draw(app_model(app), &((struct screen_metrics *)screen)->page, frame);
}

static void done(struct screen *screen)
{
    struct screen_metrics *state = (struct screen_metrics *)screen;
    for (int plot = 0; plot < METRICS_PLOT_COUNT; plot++)
        history_done(&state->page.plots[plot]);
    snapshot_unref(state->held);
    free(state);
}

struct screen *screen_metrics_new(struct app *app)
{
    static const struct screen_ops ops = { .name = "metrics",
                                           .context = ON_METRICS,
                                           .draw = draw,
                                           .actions = actions,
                                           .news = news,
                                           .demand = demand,
                                           .done = done };
    const struct model *model = app_model(app);
    const struct snapshot_process *process = screen_selected(model);
    if (!process || process->device >= model->snapshot->device_count)
        return NULL;
    struct screen_metrics *state = xcalloc(1, sizeof(*state));
    state->screen.ops = &ops;
    state->selection = model->selection;
    hold(state, model->snapshot, process);
    news(&state->screen, app);
    return &state->screen;
}
