/* What the monitor is given, and what it leaves. */
#ifndef NVITOP_TUI_APP_OPTIONS_H
#define NVITOP_TUI_APP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/metric.h"
#include "view/model.h"
#include "view/theme.h"

struct snapshot;
struct source;

/* What the viewer chooses and what is remembered. */
struct app_settings {
    enum view_mode mode;
    bool is_host_hidden, has_pcie_bars;
    uint32_t hidden_columns;
};

/* Bits: what of it was changed. */
enum app_setting { SETTING_MODE = 1, SETTING_HOST = 2, SETTING_PCIE = 4, SETTING_COLUMNS = 8 };

struct app_options {
    struct source *source; /* not started yet */
    struct theme theme;
    const char *version;
    struct app_settings settings;
    double interval; /* seconds */
    bool is_ascii, is_readonly, has_mouse, has_processes;
    /* More metrics to keep current, for the report after the end; given the width. */
    void (*more_metrics)(void *arg, int columns, struct metric_wanted *wanted);
    /* Remembers those of the settings that were changed; returns NULL, or in words why it could
     * not. */
    const char *(*save)(void *arg, const struct app_settings *settings, unsigned changed);
    /* The terminal was taken, or given back. */
    void (*terminal_taken)(bool is_taken);
    void *arg;
};

struct app_result {
    struct snapshot *snapshot; /* the newest, to be unref'd; NULL: none */
    int columns;               /* of the last screen */
    uint32_t hidden_columns;   /* of its process table */
    int status; /* NVITOP_OK; ENOTSUP: no terminal (`why`); else the driver could not be
                   opened: *failure says how */
    const char *why;
    int signal; /* the one that ended it, 0: the viewer did */
};

#endif
