/*
 * A screen: a table of functions over its own state. Screens are stacked; the top one is drawn and
 * gets the keys. A screen changes only its own state and the model's, and asks the app for the
 * rest.
 */
#ifndef NVITOP_TUI_SCREEN_H
#define NVITOP_TUI_SCREEN_H

#include <stdbool.h>

#include "core/source.h"
#include "tui/term.h"
#include "view/keytable.h"

struct app;
struct frame;
struct screen;

/* What an action of the key table does on a screen. */
struct screen_action {
    enum key_action action;
    bool (*act)(struct screen *screen, struct app *app, int with); /* false: not possible now */
    int with;
    struct screen *(*make)(struct app *app); /* without `act`: this screen is opened, if not NULL */
    bool waits;                              /* for what the screen does not know yet: see `keep` */
};

struct screen_ops {
    const char *name;
    enum key_context context; /* of its keys in the key table */
    void (*draw)(struct screen *screen, struct app *app, struct frame *frame);
    /* All of these may be NULL. What its keys do, up to ACTION_NONE; some work everywhere. */
    const struct screen_action *actions;
    /* Keeps an action that has to wait; false: it is the time for it. For rows with `waits`. */
    bool (*keep)(struct screen *screen, struct app *app, enum key_action action);
    /* Sees every key before the table does; true: used up. */
    bool (*key)(struct screen *screen, struct app *app, const struct term_event *event);
    void (*mouse)(struct screen *screen, struct app *app, const struct term_event *event);
    /* There may be a newer snapshot, or an answer of the source; true: it is to be drawn now. */
    bool (*news)(struct screen *screen, struct app *app);
    /* Adds what it shows to the demand; the main screen's demand holds if this is NULL. */
    void (*demand)(const struct screen *screen, const struct app *app,
                   struct source_demand *demand);
    /* clock_mono_ns at which something is due though nothing came; 0: never. Then `due` is called,
     * after all input that is there, and a frame is drawn. */
    uint64_t (*deadline)(const struct screen *screen, const struct app *app);
    void (*due)(struct screen *screen, struct app *app);
    void (*done)(struct screen *screen); /* frees it */
};

/* The head of every screen's state; its maker embeds it. */
struct screen {
    const struct screen_ops *ops;
    struct screen *below;
};

struct screen *screen_main_new(struct app *app);
struct screen *screen_tree_new(struct app *app);
struct screen *screen_environ_new(struct app *app);
struct screen *screen_metrics_new(struct app *app);
struct screen *screen_help_new(struct app *app);
struct screen *screen_device_new(struct app *app); /* why values are not available */
struct screen *screen_setup_new(struct app *app);
/* The question before a signal: to the tagged processes, else to the selected one. NULL (and a
 * notice that says why) if there is nothing to ask. */
struct screen *screen_box_new(struct app *app, int signal);

#endif
