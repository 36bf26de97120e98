/*
 * Before the monitor and after it. The report at the end is drawn from the newest snapshot: nothing
 * is asked of the driver when the viewer has already left.
 */
#include "cmd/monitor.h"

#include "base/clock.h"
#include "cmd/guard.h"
#include "cmd/message.h"
#include "cmd/once.h"
#include "cmd/option_table.h"
#include "cmd/options.h"
#include "cmd/remember.h"
#include "cmd/showing.h"
#include "cmd/trouble.h"
#include "core/sampler.h"
#include "core/source.h"
#include "nvml/nvml.h"
#include "tui/app_loop.h"
#include "tui/term.h"
#include "view/report.h"

enum { CLOSE_MS = 200 };

static void report_needs(void *arg, int columns, struct metric_wanted *wanted)
{
    const struct showing *showing = arg;
    struct view_options view = *showing->view;
    struct metric_wanted report;
    view.columns = columns;
    report_metrics(&view, &report);
    metric_set_union(&wanted->gpu, &report.gpu);
    metric_set_union(&wanted->mig, &report.mig);
}

static const char *save(void *arg, const struct app_settings *settings, unsigned changed)
{
    (void)arg;
    return remember_settings(settings, changed);
}

static struct app_options make_app(const struct showing *showing, struct source *source)
{
    const struct nvitop_settings *settings = showing->settings;
    struct app_options app = {
        .source = source,
        .theme = view_theme(showing->view),
        .version = options_nvitop.version,
        .settings = { .mode = settings->mode,
                      .is_host_hidden = settings->is_no_host,
                      .has_pcie_bars = settings->is_pcie,
                      .hidden_columns = settings->hidden_columns },
        .interval = settings->interval,
        .is_readonly = settings->is_readonly,
        .has_mouse = !settings->is_no_mouse,
        .has_processes = !settings->is_no_processes,
        .more_metrics = report_needs,
        .save = save,
        .terminal_taken = guard_terminal_taken,
        .arg = (void *)(uintptr_t)showing,
    };
    struct term_options term = { app.has_mouse, settings->is_colourful, settings->is_ascii };
    app.is_ascii = !term_prepare(&term) || settings->is_ascii;
    return app;
}

static bool is_worth_a_report(const struct app_result *result)
{
    return result->status == NVITOP_OK && !result->signal && result->snapshot &&
           result->snapshot->driver_state != DRIVER_WAITING;
}

/* As wide as the screen was, with the columns that it had. */
static void report_last(const struct showing *showing, const struct app_result *result)
{
    struct view_options view = *showing->view;
    view.columns = result->columns;
    view.hidden_columns = result->hidden_columns;
    once_report(showing, result->snapshot, &view);
}

/* What is to be said and shown once the terminal is the shell's again. False: no terminal. */
static bool follow_up(const struct showing *showing, const struct app_result *result,
                      const struct nvml_failure *failure)
{
    if (result->why) {
        message_add(showing->messages, MESSAGE_ERROR, "Failed to initialize `curses` (%s)",
                    result->why);
        return false;
    }
    if (result->status < 0)
        trouble_explain(showing->messages, failure, showing->settings->source.nvml_path);
    else if (is_worth_a_report(result))
        report_last(showing, result);
    return true;
}

bool monitor_run(const struct showing *showing, int *ret_signal, bool *ret_is_stuck)
{
    struct source *source;
    if (sampler_open(showing->options, &source) < 0)
        return false; /* the report fails in the same way, and says so */
    struct app_options app = make_app(showing, source);
    struct app_result result;
    struct nvml_failure failure = { .status = NVITOP_EUNKNOWN };
    app_run(&app, &result, &failure);
    bool is_shown = follow_up(showing, &result, &failure);
    snapshot_unref(result.snapshot);
    *ret_signal = result.signal;
    *ret_is_stuck |= !source_close(source, clock_mono_ns() + CLOSE_MS * CLOCK_NS_PER_MS);
    return is_shown;
}
