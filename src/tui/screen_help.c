/*
 * The help. Any key leads back; where the page is higher than the terminal, the keys that move show
 * the rest of it.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "tui/app.h"
#include "tui/keymap.h"
#include "tui/screen.h"
#include "view/frame.h"
#include "view/model.h"
#include "view/page_help.h"

enum { NO_MORE = 1000 }; /* rows: beyond any page */

struct screen_help {
    struct screen screen;
    int scroll;
};

static void draw(struct screen *screen, struct app *app, struct frame *frame)
{
    struct screen_help *help = (struct screen_help *)screen;
    help->scroll = MIN_OF(help->scroll, page_help_scroll_max(frame_rows(frame)));
    page_help_draw(app_model(app), help->scroll, frame);
}

/* Rows that an action moves by; 0: it does not. */
static int rows_of(enum key_action action, int page)
{
    switch (action) {
    case ACTION_UP: return -1;
    case ACTION_DOWN: return 1;
    case ACTION_PAGE_UP: return -page;
    case ACTION_PAGE_DOWN: return page;
    case ACTION_FIRST: return -NO_MORE;
    case ACTION_LAST: return NO_MORE;
    default: return 0;
    }
}

static bool key(struct screen *screen, struct app *app, const struct term_event *event)
{
    struct screen_help *help = (struct screen_help *)screen;
    struct keymap keymap = { 0 };
    int rows = app_model(app)->rows, most = page_help_scroll_max(rows);
    int by = rows_of(keymap_action(&keymap, event, ON_HELP), MAX_OF(rows - 2, 1));
    if (by == 0 || most == 0)
        app_pop(app);
    else
        help->scroll = MAX_OF(MIN_OF(help->scroll + by, most), 0);
    return true;
}

static void mouse(struct screen *screen, struct app *app, const struct term_event *event)
{
    struct screen_help *help = (struct screen_help *)screen;
    int most = page_help_scroll_max(app_model(app)->rows);
    if (event->button == TERM_WHEEL_UP)
        help->scroll = MAX_OF(help->scroll - 1, 0);
    else if (event->button == TERM_WHEEL_DOWN)
        help->scroll = MIN_OF(help->scroll + 1, most);
}

static bool act(struct screen *screen, struct app *app, enum key_action action)
{
    (void)screen, (void)app, (void)action; /* `key` takes them all */
    return false;
}

static void done(struct screen *screen)
{
    free(screen);
}

struct screen *screen_help_new(struct app *app)
{
    static const struct screen_ops ops = {
        .name = "help",
        .context = ON_HELP,
        .draw = draw,
        .act = act,
        .key = key,
        .mouse = mouse,
        .done = done,
    };
    (void)app;
    struct screen_help *help = xcalloc(1, sizeof(*help));
    help->screen.ops = &ops;
    return &help->screen;
}
