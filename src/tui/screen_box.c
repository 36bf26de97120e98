/*
 * The question before a signal. Invariants: nobody gets a signal whose name and pid have not been
 * on the screen for a while; a key that is held, or struck twice, sends nothing; in doubt nothing
 * is sent. Time is that of the keys (when they were read), not of the clock when they are handled.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/signal_number.h"
#include "core/snapshot.h"
#include "core/source.h"
#include "tui/app.h"
#include "tui/box_targets.h"
#include "tui/keymap.h"
#include "tui/screen.h"
#include "tui/selecting.h"
#include "view/model.h"
#include "view/page_box.h"

enum {
    QUIET_MS = 250, /* what is typed before that was meant for the page below */
    ALONE_MS = 150, /* a held key comes again faster */
};

struct screen_box {
    struct screen screen;
    struct box box;
    struct box_target *targets;
    char opener[KEY_NAME_SIZE]; /* the key that asked, and may confirm */
    enum box_button asked;      /* the button it stands for */
    uint64_t shown_ns;          /* since when the box is on the screen; 0: not yet */
    uint64_t last_key_ns;       /* 0: none yet */
    uint64_t send_ns;           /* when to send, if no key comes before; 0: never */
};

static const int signals[BOX_BUTTON_COUNT] = {
    [BOX_TERMINATE] = SIGNAL_TERM,
    [BOX_KILL] = SIGNAL_KILL,
    [BOX_INTERRUPT] = SIGNAL_INT,
};

/* ---- sending ---- */

static bool is_sent_to(const struct box_target *target)
{
    return target->obstacle == OBSTACLE_NONE;
}

static int send_all(const struct screen_box *box, struct app *app, int signal)
{
    struct process_id ids[SIGNAL_TARGETS_MAX];
    size_t count = 0;
    int worst = NVITOP_OK;
    for (size_t i = 0; i < box->box.count; i++) {
        if (is_sent_to(&box->targets[i]))
            ids[count++] = box->targets[i].process;
        if (count == SIGNAL_TARGETS_MAX || (count && i + 1 == box->box.count)) {
            int status = source_send_signal(app_source(app), signal, ids, count);
            worst = status < 0 ? status : worst;
            count = 0;
        }
    }
    return worst;
}

/* What has been interrupted may go on; what has been ended is let go of. */
static void forget_targets(struct model *model, int signal)
{
    if (signal == SIGNAL_INT)
        return;
    select_nothing(model);
}

static struct box_screen size_of(struct app *app)
{
    const struct model *model = app_model(app);
    return (struct box_screen){ model->rows, model->columns };
}

static void press(struct screen_box *box, struct app *app, enum box_button button)
{
    int signal = signals[button];
    if (button != BOX_CANCEL && !page_box_fits(size_of(app)))
        return; /* the terminal has shrunk: who would get it is not to be seen any more */
    app_pop(app);
    if (button == BOX_CANCEL || page_box_granted(&box->box) == 0)
        return;
    if (send_all(box, app, signal) < 0)
        app_notice(app, true, "No signal was sent: there is no way to these processes");
    else
        forget_targets(app_model(app), signal);
}

/* ---- keys ---- */

static bool is_early(const struct screen_box *box, const struct term_event *event)
{
    return !box->shown_ns || event->at_ns < box->shown_ns + QUIET_MS * CLOCK_NS_PER_MS;
}

static void move(struct screen_box *box, int by)
{
    box->box.current = (enum box_button)(((int)box->box.current + by) % BOX_BUTTON_COUNT);
}

static bool act_move(struct screen *screen, struct app *app, int with)
{
    (void)app;
    move((struct screen_box *)screen, with);
    return true;
}

static bool act_choose(struct screen *screen, struct app *app, int with)
{
    (void)app;
    ((struct screen_box *)screen)->box.current = (enum box_button)with;
    return true;
}

static bool act_press(struct screen *screen, struct app *app, int with)
{
    struct screen_box *box = (struct screen_box *)screen;
    (void)with;
    press(box, app, box->box.current);
    return true;
}

static bool act_cancel(struct screen *screen, struct app *app, int with)
{
    (void)with;
    press((struct screen_box *)screen, app, BOX_CANCEL);
    return true;
}

static const struct screen_action actions[] = {
    { ACTION_LEFT, .act = act_move, .with = BOX_BUTTON_COUNT - 1 },
    { ACTION_RIGHT, .act = act_move, .with = 1 },
    { ACTION_TERMINATE, .act = act_choose, .with = BOX_TERMINATE },
    { ACTION_KILL, .act = act_choose, .with = BOX_KILL },
    { ACTION_INTERRUPT, .act = act_choose, .with = BOX_INTERRUPT },
    { ACTION_CANCEL, .act = act_choose, .with = BOX_CANCEL },
    { ACTION_PRESS, .act = act_press },
    { ACTION_QUIT, .act = act_cancel },
    { .action = ACTION_NONE },
};

/* The key that opened the box sends what it asked for, if it comes alone. */
static bool confirms(const struct screen_box *box, const struct term_event *event, bool is_alone)
{
    char name[KEY_NAME_SIZE];
    keymap_name(event, name);
    return is_alone && keymap_lists("T K I Ctrl-C", name) && strcmp(name, box->opener) == 0 &&
           box->box.current == box->asked;
}

/* Which keys may act now. One that sends nothing always may. */
static bool key(struct screen *screen, struct app *app, const struct term_event *event)
{
    struct screen_box *box = (struct screen_box *)screen;
    struct keymap keymap = { 0 };
    bool is_alone =
        !box->last_key_ns || event->at_ns >= box->last_key_ns + ALONE_MS * CLOCK_NS_PER_MS;
    (void)app;
    box->last_key_ns = event->at_ns;
    box->send_ns = 0; /* whatever waited to be sent was not alone */
    if (keymap_action(&keymap, event, ON_BOX) == ACTION_QUIT)
        return false;
    if (is_early(box, event))
        return true;
    if (!confirms(box, event, is_alone))
        return false;
    box->send_ns = event->at_ns + ALONE_MS * CLOCK_NS_PER_MS;
    return true;
}

static void mouse(struct screen *screen, struct app *app, const struct term_event *event)
{
    struct screen_box *box = (struct screen_box *)screen;
    box->send_ns = 0;
    if (event->button == TERM_WHEEL_UP || event->button == TERM_WHEEL_DOWN) {
        move(box, event->button == TERM_WHEEL_UP ? BOX_BUTTON_COUNT - 1 : 1);
        return;
    }
    enum box_button button = page_box_button_at(&box->box, size_of(app), event->row, event->column);
    if (button == BOX_CANCEL || (button < BOX_CANCEL && !is_early(box, event)))
        press(box, app, button);
}

/* ---- the screen ---- */

static void draw(struct screen *screen, struct app *app, struct frame *frame)
{
    struct screen_box *box = (struct screen_box *)screen;
    screen->below->ops->draw(screen->below, app, frame);
    if (!box->shown_ns)
        box->shown_ns = app_now_ns(app);
    page_box_draw(&box->box, app_model(app)->theme, frame);
}

/* No other key has come in time: it was alone. */
static void due(struct screen *screen, struct app *app)
{
    struct screen_box *box = (struct screen_box *)screen;
    box->send_ns = 0;
    press(box, app, box->box.current);
}

static uint64_t deadline(const struct screen *screen, const struct app *app)
{
    (void)app;
    return ((const struct screen_box *)screen)->send_ns;
}

static void done(struct screen *screen)
{
    struct screen_box *box = (struct screen_box *)screen;
    free(box->targets);
    free(box);
}

static enum box_button button_of(int signal)
{
    enum box_button button = BOX_TERMINATE;
    while (button < BOX_CANCEL && signals[button] != signal)
        button++;
    return button;
}

struct screen *screen_box_new(struct app *app, int signal)
{
    static const struct screen_ops ops = {
        .name = "box",
        .context = ON_BOX,
        .draw = draw,
        .actions = actions,
        .key = key,
        .mouse = mouse,
        .deadline = deadline,
        .due = due,
        .done = done,
    };
    struct box_target *targets;
    size_t count;
    if (!page_box_fits(size_of(app))) {
        app_notice(app, true, "The terminal is too small for the question before a signal");
        return NULL;
    }
    if (!box_targets_find(app, signal, &targets, &count))
        return NULL;
    struct screen_box *box = xcalloc(1, sizeof(*box));
    box->screen.ops = &ops;
    box->targets = targets;
    box->asked = button_of(signal);
    box->box = (struct box){ .targets = targets, .count = count, .current = box->asked };
    if (page_box_granted(&box->box) == 0)
        box->box.current = BOX_CANCEL;
    keymap_name(app_last_key(app), box->opener);
    return &box->screen;
}
