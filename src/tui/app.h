/*
 * The monitor: one loop over input, the source's wake descriptor, signals and timers. It calls no
 * driver function and opens no file of another process.
 */
#ifndef NVITOP_TUI_APP_H
#define NVITOP_TUI_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/snapshot.h"
#include "core/source.h"
#include "view/frame.h"
#include "view/model.h"
#include "view/theme.h"

struct app;
struct nvml_failure;
struct screen;

/* What the viewer chooses and what is remembered. */
struct app_settings {
    enum view_mode mode;
    bool is_host_hidden, has_pcie_bars;
    uint32_t hidden_columns;
};

struct app_options {
    struct source *source; /* not started yet */
    struct theme theme;
    const char *version;
    struct app_settings settings;
    double interval; /* seconds */
    bool is_ascii, is_readonly, has_mouse, has_processes;
    /* More metrics to keep current, for the report after the end; given the width. */
    void (*more_metrics)(void *arg, int columns, struct metric_wanted *wanted);
    /* Remembers the settings; returns NULL, or in words why it could not. */
    const char *(*save)(void *arg, const struct app_settings *settings);
    /* The terminal was taken, or given back. */
    void (*terminal_taken)(bool is_taken);
    void *arg;
};

struct app_result {
    struct snapshot *snapshot; /* the newest, to be unref'd; NULL: none */
    int columns;               /* of the last screen */
    int status; /* NVITOP_OK; ENOTSUP: no terminal (`why`); else the driver could not be
                   opened: *failure says how */
    const char *why;
    int signal; /* the one that ended it, 0: the viewer did */
};

/* Runs until the viewer leaves. Starts the source, and does not close it. */
void app_run(const struct app_options *options, struct app_result *ret_result,
             struct nvml_failure *ret_failure);

/* ---- for the screens ---- */

struct model *app_model(struct app *app);
struct source *app_source(struct app *app);
void app_push(struct app *app, struct screen *screen); /* NULL: nothing happens */
void app_pop(struct app *app);                         /* the last one: ends the monitor */
void app_quit(struct app *app);
void app_redraw(struct app *app); /* everything is sent again */
/* A line above the process table for some seconds, or until the next key. */
void app_notice(struct app *app, bool is_refusal, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The settings have changed: remembered now. */
void app_save(struct app *app);
uint64_t app_now_ns(const struct app *app);

#endif
