/*
 * Tagged processes are looked at as closely as a selected one. What the screen no longer shows is
 * gone. Invariant: a process is asked about once, on however many GPUs it is.
 */
#include "tui/box_targets.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/signal_number.h"
#include "core/snapshot.h"
#include "tui/app.h"
#include "view/model.h"
#include "view/page_box.h"

static struct box_target target_of(const struct snapshot *snapshot, struct process_id id)
{
    struct box_target target = { .process = id, .user = "N/A", .obstacle = OBSTACLE_GONE };
    const struct snapshot_process *process = snapshot_find_process(snapshot, id);
    if (!process)
        return target;
    struct value user = snapshot_process_value(process, NVITOP_PROC_USER);
    if (user.kind == NVITOP_TEXT)
        snprintf(target.user, sizeof(target.user), "%.*s", BOX_USER_SIZE - 1, user.text);
    target.obstacle = signal_obstacle(snapshot, process);
    return target;
}

static int compare(const void *left, const void *right)
{
    const struct box_target *a = left, *b = right;
    return (a->process.pid > b->process.pid) - (a->process.pid < b->process.pid);
}

static size_t collect(const struct model *model, struct box_target **ret_targets)
{
    const struct tags *tags = &model->tags;
    size_t count = tags->count ? tags->count : model->selection.is_set;
    struct box_target *targets = xcalloc(count + 1, sizeof(*targets));
    for (size_t i = 0; i < count; i++)
        targets[i] =
            target_of(model->snapshot, tags->count ? tags->ids[i] : model->selection.process);
    qsort(targets, count, sizeof(*targets), compare);
    *ret_targets = targets;
    return count;
}

bool box_targets_find(struct app *app, int signal, struct box_target **ret_targets,
                      size_t *ret_count)
{
    const struct model *model = app_model(app);
    if (model->is_readonly) {
        app_notice(app, true, "No signals with --readonly");
        return false;
    }
    struct box_target *targets = NULL;
    size_t count = model->snapshot ? collect(model, &targets) : 0;
    if (count == 0)
        app_notice(app, false,
                   signal == SIGNAL_INT ? "No process is selected; press q to quit"
                                        : "No process is selected");
    else if (count == 1 && targets[0].obstacle != OBSTACLE_NONE)
        app_notice(app, true, "No signal: process %u(%.40s) %s", (unsigned)targets[0].process.pid,
                   targets[0].user, signal_obstacle_text(targets[0].obstacle));
    else {
        *ret_targets = targets;
        *ret_count = count;
        return true;
    }
    free(targets);
    return false;
}
