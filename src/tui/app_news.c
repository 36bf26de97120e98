/*
 * What the source has to say, and what it is told. Invariant: selection and tags name processes of
 * the newest snapshot only; one that has left it is forgotten before any key can act on it.
 */
#include "tui/app_news.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "core/order.h"
#include "tui/app.h"
#include "tui/app_state.h"
#include "view/page_main.h"

enum { MS_PER_S = 1000 };

/* ---- what is shown ---- */

static unsigned milliseconds(double seconds)
{
    return (unsigned)(seconds * MS_PER_S + 0.5);
}

/* Intervals under a second hold for devices and host, too. */
static struct source_demand make_demand(const struct app *app)
{
    const struct app_options *options = &app->options;
    unsigned process_ms = milliseconds(options->interval);
    struct source_demand demand = { .has_processes = options->has_processes,
                                    .device_ms = MIN_OF(process_ms, (unsigned)MS_PER_S),
                                    .process_ms = process_ms,
                                    .is_paused = app->model.is_paused };
    page_main_metrics(&app->model, &demand.metrics);
    if (options->more_metrics)
        options->more_metrics(options->arg, app->model.columns, &demand.metrics);
    for (const struct screen *screen = app->top; screen; screen = screen->below)
        if (screen->ops->demand)
            screen->ops->demand(screen, app, &demand);
    return demand;
}

static bool is_same(const struct source_demand *a, const struct source_demand *b)
{
    return memcmp(&a->metrics, &b->metrics, sizeof(a->metrics)) == 0 &&
           a->has_processes == b->has_processes && a->has_workloads == b->has_workloads &&
           a->has_relatives == b->has_relatives && a->device_ms == b->device_ms &&
           a->process_ms == b->process_ms && a->is_paused == b->is_paused;
}

void app_tell_demand(struct app *app)
{
    struct source_demand demand = make_demand(app);
    bool is_first = app->demand.device_ms == 0;
    if (is_same(&demand, &app->demand))
        return;
    app->demand = demand;
    if (is_first)
        app->status = source_start(app->options.source, &demand);
    else
        source_demand(app->options.source, &demand);
}

/* ---- what is new ---- */

static bool is_selection_there(const struct model *model)
{
    const struct snapshot *snapshot = model->snapshot;
    if (model->selection.physical == SNAPSHOT_NO_DEVICE)
        return snapshot_find_process(snapshot, model->selection.process) != NULL;
    for (size_t i = 0; i < snapshot->process_count; i++)
        if (selection_is(&model->selection, snapshot, &snapshot->processes[i]))
            return true;
    return false;
}

static void forget_the_gone(struct model *model)
{
    if (!is_selection_there(model))
        model->selection.is_set = false;
    size_t kept = 0;
    for (size_t i = 0; i < model->tags.count; i++)
        if (snapshot_find_process(model->snapshot, model->tags.ids[i]))
            model->tags.ids[kept++] = model->tags.ids[i];
    model->tags.count = kept;
}

/* In a container that does not see the host's processes: how to mend it, once. */
static void hint_at_pids(struct app *app)
{
    const struct snapshot *snapshot = app->model.snapshot;
    if (app->has_told_pid_hint || !snapshot->has_pid_namespace)
        return;
    for (size_t i = 0; i < snapshot->process_count; i++)
        if (snapshot->processes[i].presence == PROCESS_HOST_PID) {
            app->has_told_pid_hint = true;
            app_notice(app, false, "Host PIDs: start the container with --pid=host");
            return;
        }
}

static bool take_snapshot(struct app *app)
{
    struct snapshot *snapshot = source_latest(app->options.source);
    if (snapshot == app->model.snapshot || !snapshot) {
        snapshot_unref(snapshot);
        return false;
    }
    snapshot_unref((struct snapshot *)(uintptr_t)app->model.snapshot);
    app->model.snapshot = snapshot;
    histories_push(&app->histories, snapshot);
    forget_the_gone(&app->model);
    hint_at_pids(app);
    if (snapshot->driver_state == DRIVER_OK && !snapshot->device_count)
        app_quit(app); /* nothing to watch: the report says so */
    return true;
}

static const struct {
    int status;
    const char *words;
} refusals[] = {
    { NVITOP_EPERM, "it belongs to another user" },
    { NVITOP_EGONE, "it has ended" },
    { NVITOP_ENOTSUP, "its pid is not one of this system's" },
};

static const char *refusal_words(int status)
{
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
        if (refusals[i].status == status)
            return refusals[i].words;
    return "the system refused";
}

/* The first refusal, and how many more there are. */
static void tell_verdicts(struct app *app, const struct signal_report *report)
{
    size_t first = 0, count = 0;
    for (size_t i = 0; i < report->count; i++)
        if (report->verdicts[i].status != NVITOP_OK && count++ == 0)
            first = i;
    if (!count)
        return;
    char more[40] = "";
    if (count > 1)
        snprintf(more, sizeof(more), " (and %zu more)", count - 1);
    app_notice(app, true, "No signal to %u: %s%s", (unsigned)report->verdicts[first].process.pid,
               refusal_words(report->verdicts[first].status), more);
}

void app_take_news(struct app *app)
{
    struct signal_report report;
    bool is_new = take_snapshot(app);
    while (source_take_verdicts(app->options.source, &report))
        tell_verdicts(app, &report);
    for (struct screen *screen = app->top; screen; screen = screen->below)
        if (screen->ops->news)
            is_new |= screen->ops->news(screen, app);
    app->is_dirty |= is_new;
}
