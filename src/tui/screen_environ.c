/*
 * The environment of the selected process, or our own. It is asked for when the screen is opened
 * and on request; until the answer comes, the screen says that it is being read. Invariant: what is
 * shown belongs to the process in the heading, whatever is selected meanwhile.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/snapshot.h"
#include "core/source.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "tui/screen_common.h"
#include "view/model.h"
#include "view/page_environ.h"
#include "view/process_columns.h"
#include "view/text.h"

enum { KEY_COLUMNS = 5, WHEEL_COLUMNS = 2 };

struct screen_environ {
    struct screen screen; /* first: the screen is this */
    struct environ_page page;
    struct process_id question;         /* pid 0: ourselves */
    bool is_foreign;                    /* a pid of another namespace means nobody here */
    struct source_environ *environment; /* NULL: not there (yet) */
    char *user, *command;
    bool has_news; /* that have not been drawn yet */
};

static int visible_rows(const struct model *model)
{
    return MAX_OF(model->rows - PAGE_ENVIRON_TOP, 1);
}

static bool move(struct screen_environ *state, const struct model *model, int by)
{
    list_view_move(&state->page.list, page_environ_count(&state->page), visible_rows(model), by);
    return true;
}

static bool scroll(struct screen_environ *state, int by)
{
    state->page.scroll_columns = MAX_OF(state->page.scroll_columns + by, 0);
    return true;
}

static enum nvitop_why why_of(int status)
{
    return status == NVITOP_ENOTSUP ? NVITOP_WHY_NOT_SUPPORTED : NVITOP_WHY_ERROR;
}

static void forget(struct screen_environ *state)
{
    source_environ_free(state->environment);
    state->page.environment = state->environment = NULL;
    state->page.list = (struct list_view){ 0 };
    state->page.scroll_columns = 0;
}

static void ask(struct screen_environ *state, struct app *app)
{
    forget(state);
    state->page.refusal = NVITOP_WHY_HOST_PID;
    if (state->is_foreign)
        return;
    int status = source_ask_environ(app_source(app), state->question);
    state->page.refusal = status == NVITOP_OK ? NVITOP_WHY_NONE : why_of(status);
}

static bool act(struct screen *screen, struct app *app, enum key_action action)
{
    struct screen_environ *state = (struct screen_environ *)screen;
    int step = screen_list_step(action);
    if (step)
        return move(state, app_model(app), step);
    switch (action) {
    case ACTION_LEFT: return scroll(state, -KEY_COLUMNS);
    case ACTION_RIGHT: return scroll(state, KEY_COLUMNS);
    case ACTION_LINE_START: return scroll(state, -state->page.scroll_columns);
    case ACTION_REFRESH: ask(state, app); return true;
    case ACTION_CLEAR:
    case ACTION_ENVIRON: app_pop(app); return true;
    default: return screen_common_act(app, action);
    }
}

static void mouse(struct screen *screen, struct app *app, const struct term_event *event)
{
    struct screen_environ *state = (struct screen_environ *)screen;
    const struct model *model = app_model(app);
    int step = screen_wheel(event), count = page_environ_count(&state->page);
    int at = state->page.list.top + event->row - PAGE_ENVIRON_TOP;
    if (step && event->modifiers & TERM_SHIFT)
        scroll(state, step * WHEEL_COLUMNS);
    else if (step)
        list_view_wheel(&state->page.list, count, visible_rows(model), step);
    else if (event->row >= PAGE_ENVIRON_TOP && at < count)
        state->page.list.current = at;
}

/* An answer to a question of before is not ours. */
static void news(struct screen *screen, struct app *app)
{
    struct screen_environ *state = (struct screen_environ *)screen;
    struct source_environ *answer = source_take_environ(app_source(app));
    if (!answer)
        return;
    if (answer->process.pid != state->question.pid ||
        answer->process.start_ticks != state->question.start_ticks) {
        source_environ_free(answer);
        return;
    }
    source_environ_free(state->environment);
    state->page.environment = state->environment = answer;
    state->has_news = true;
}

/* An answer is drawn when it comes, and not only with the next snapshot. */
static uint64_t deadline(const struct screen *screen, const struct app *app)
{
    const uint64_t now = 1; /* long past */
    (void)app;
    return ((const struct screen_environ *)screen)->has_news ? now : 0;
}

static void draw(struct screen *screen, struct app *app, struct frame *frame)
{
    struct screen_environ *state = (struct screen_environ *)screen;
    const struct model *model = app_model(app);
    state->has_news = false;
    move(state, model, 0);
    page_environ_draw(model, &state->page, frame);
}

static void done(struct screen *screen)
{
    struct screen_environ *state = (struct screen_environ *)screen;
    source_environ_free(state->environment);
    free(state->user);
    free(state->command);
    free(state);
}

/* The texts of a snapshot are gone with it. */
static void name_process(struct screen_environ *state, const struct model *model)
{
    const struct snapshot_process *process = screen_selected(model);
    char user[TEXT_SIZE], command[TEXT_SIZE];
    if (!process) {
        state->page.process = (struct process_id){ .pid = (uint32_t)getpid() };
        state->user =
            xstrdup(model->snapshot && model->snapshot->user ? model->snapshot->user : TEXT_NA);
        state->command = xstrdup("nvitop");
        return;
    }
    struct process_row row = { model->snapshot, process };
    state->page.process = (struct process_id){ process->pid, process->start_ticks };
    state->question = state->page.process;
    state->is_foreign = process->presence == PROCESS_HOST_PID;
    state->page.is_on_gpu = process->device < model->snapshot->device_count;
    state->page.types = process->types;
    state->user = xstrdup(process_cell(&process_columns[COLUMN_USER], &row, user));
    state->command = xstrdup(process_cell(&process_columns[COLUMN_COMMAND], &row, command));
}

struct screen *screen_environ_new(struct app *app)
{
    static const struct screen_ops ops = { .name = "environ",
                                           .context = ON_ENVIRON,
                                           .draw = draw,
                                           .act = act,
                                           .mouse = mouse,
                                           .news = news,
                                           .deadline = deadline,
                                           .done = done };
    struct screen_environ *state = xcalloc(1, sizeof(*state));
    state->screen.ops = &ops;
    name_process(state, app_model(app));
    state->page.user = state->user;
    state->page.command = state->command;
    ask(state, app);
    return &state->screen;
}
