/* What several screens do alike; no state. */
#include "tui/screen_common.h"

#include "core/snapshot.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "view/model.h"

enum { WHEEL_FAST = 5 };

int screen_wheel(const struct term_event *event)
{
    int step = event->button == TERM_WHEEL_UP ? -1 : event->button == TERM_WHEEL_DOWN ? 1 : 0;
    return event->modifiers & TERM_CTRL ? step * WHEEL_FAST : step;
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
    return snapshot_find_process(snapshot, selection->process);
}

bool screen_signal(struct screen *screen, struct app *app, int number)
{
    (void)screen;
    app_push(app, screen_box_new(app, number));
    return true;
}
