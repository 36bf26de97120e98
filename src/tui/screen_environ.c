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

struct screen_environ {
    struct screen screen; /* first: the screen is this */
    struct environ_page page;
    struct process_id question;         /* pid 0: ourselves */
    bool is_foreign;                    /* a pid of another namespace means nobody here */
    struct source_environ *environment; /* NULL: not there (yet) */
    char *user, *command;
};

static int visible_rows(const struct model *model)
{
    return MAX_OF(model->rows - PAGE_ENVIRON_TOP, 1);
}

static void move(struct screen_environ *state, const struct model *model, int by)
{
    list_view_move(&state->page.list, page_environ_count(&state->page), visible_rows(model), by);
}

static void scroll(struct screen_environ *state, int by)
{
    state->page.scroll_columns = MAX_OF(state->page.scroll_columns + by, 0);
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

static bool act_move(struct screen *screen, struct app *app, int with)
{
    move((struct screen_environ *)screen, app_model(app), with);
    return true;
}

static bool act_scroll(struct screen *screen, struct app *app, int with)
{
    (void)app;
    scroll((struct screen_environ *)screen, with);
    return true;
}

static bool act_ask(struct screen *screen, struct app *app, int with)
{
    (void)with;
    ask((struct screen_environ *)screen, app);
    return true;
}

static const struct screen_action actions[] = {
    { ACTION_UP, .act = act_move, .with = -1 },
    { ACTION_DOWN, .act = act_move, .with = 1 },
    { ACTION_FIRST, .act = act_move, .with = -LIST_VIEW_FAR },
    { ACTION_LAST, .act = act_move, .with = LIST_VIEW_FAR },
    { ACTION_PAGE_UP, .act = act_move, .with = -1 },
    { ACTION_PAGE_DOWN, .act = act_move, .with = 1 },
    { ACTION_LEFT, .act = act_scroll, .with = -SCREEN_KEY_COLUMNS },
    { ACTION_RIGHT, .act = act_scroll, .with = SCREEN_KEY_COLUMNS },
    { ACTION_LINE_START, .act = act_scroll, .with = -LIST_VIEW_FAR },
    { ACTION_REFRESH, .act = act_ask },
    { .action = ACTION_NONE },
};

static void mouse(struct screen *screen, struct app *app, const struct term_event *event)
{
    struct screen_environ *state = (struct screen_environ *)screen;
    const struct model *model = app_model(app);
    int step = screen_wheel(event), count = page_environ_count(&state->page);
    int at = state->page.list.top + event->row - PAGE_ENVIRON_TOP;
    if (step && event->modifiers & TERM_SHIFT)
        scroll(state, step * SCREEN_WHEEL_COLUMNS);
    else if (step)
        list_view_wheel(&state->page.list, count, visible_rows(model), step);
    else if (event->row >= PAGE_ENVIRON_TOP && at < count)
        state->page.list.current = at;
}

/* An answer to a question of before is not ours. */
static bool news(struct screen *screen, struct app *app)
{
    struct screen_environ *state = (struct screen_environ *)screen;
    struct source_environ *answer = source_take_environ(app_source(app));
    if (!answer)
        return false;
    if (!process_id_equals(answer->process, state->question)) {
        source_environ_free(answer);
        return false;
    }
    source_environ_free(state->environment);
    state->page.environment = state->environment = answer;
    return true;
}

static void draw(struct screen *screen, struct app *app, struct frame *frame)
{
    struct screen_environ *state = (struct screen_environ *)screen;
    const struct model *model = app_model(app);
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
    state->page.process = snapshot_process_id(process);
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
                                           .actions = actions,
                                           .mouse = mouse,
                                           .news = news,
                                           .done = done };
    struct screen_environ *state = xcalloc(1, sizeof(*state));
    state->screen.ops = &ops;
    name_process(state, app_model(app));
    state->page.user = state->user;
    state->page.command = state->command;
    ask(state, app);
    return &state->screen;
}
