/* Small tables that several screens read; no state. */
#include "tui/screen_common.h"

#include "base/mem.h"
#include "core/source.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "view/list_view.h"
#include "view/model.h"

enum { WHEEL_FAST = 5 };

static void leave(struct app *app)
{
    app_pop(app);
}

static void help(struct app *app)
{
    app_push(app, screen_help_new(app));
}

static void switch_pause(struct app *app)
{
    struct model *model = app_model(app);
    model->is_paused = !model->is_paused;
}

static void refresh(struct app *app)
{
    source_refresh(app_source(app));
    app_redraw(app);
}

bool screen_common_act(struct app *app, enum key_action action)
{
    static const struct {
        enum key_action action;
        void (*act)(struct app *app);
    } acts[] = {
        { ACTION_QUIT, leave },      { ACTION_HELP, help },         { ACTION_PAUSE, switch_pause },
        { ACTION_REFRESH, refresh }, { ACTION_REDRAW, app_redraw },
    };
    for (size_t i = 0; i < ARRAY_LEN(acts); i++)
        if (acts[i].action == action) {
            acts[i].act(app);
            return true;
        }
    return false;
}

int screen_list_step(enum key_action action)
{
    static const int steps[ACTION_COUNT] = {
        [ACTION_UP] = -1,
        [ACTION_DOWN] = 1,
        [ACTION_PAGE_UP] = -1,
        [ACTION_PAGE_DOWN] = 1,
        [ACTION_FIRST] = -LIST_VIEW_FAR,
        [ACTION_LAST] = LIST_VIEW_FAR,
    };
    return (unsigned)action < ACTION_COUNT ? steps[action] : 0;
}

int screen_wheel(const struct term_event *event)
{
    int step = event->button == TERM_WHEEL_UP ? -1 : event->button == TERM_WHEEL_DOWN ? 1 : 0;
    return event->modifiers & TERM_CTRL ? step * WHEEL_FAST : step;
}

static const struct snapshot_process *find(const struct snapshot_process *processes, size_t count,
                                           struct process_id id)
{
    for (size_t i = 0; i < count; i++)
        if (processes[i].pid == id.pid && processes[i].start_ticks == id.start_ticks)
            return &processes[i];
    return NULL;
}

const struct snapshot_process *screen_selected(const struct model *model)
{
    const struct snapshot *snapshot = model->snapshot;
    const struct selection *selection = &model->selection;
    if (!snapshot || !selection->is_set)
        return NULL;
    for (size_t i = 0; i < snapshot->process_count; i++)
        if (selection_is(selection, snapshot, &snapshot->processes[i]))
            return &snapshot->processes[i];
    const struct snapshot_process *found =
        find(snapshot->processes, snapshot->process_count, selection->process);
    return found ? found : find(snapshot->relatives, snapshot->relative_count, selection->process);
}
