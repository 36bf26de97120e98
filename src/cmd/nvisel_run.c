/*
 * Reads the GPUs, all of them, since which of them a program may see is found out here; chooses;
 * prints. A failure prints nothing on stdout, so that no script takes it for an answer.
 */
#include "cmd/nvisel_run.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "cmd/locate.h"
#include "cmd/message.h"
#include "cmd/nvisel_choose.h"
#include "cmd/nvisel_explain.h"
#include "cmd/nvisel_print.h"
#include "cmd/nvisel_wait.h"
#include "cmd/options_nvisel.h"
#include "cmd/terminal.h"
#include "cmd/trouble.h"
#include "core/driver.h"
#include "core/sampler.h"
#include "core/snapshot.h"
#include "core/source.h"
#include "host/host.h"
#include "nvml/nvml.h"
#include "select/steady.h"

enum { CLOSE_MS = 500 };

/* The statuses of the original, on which scripts rely. */
enum { EXIT_CHOSEN = 0, EXIT_NO_LIBRARY = 1, EXIT_NO_DRIVER = 2, EXIT_TOO_FEW = 4 };

/* ---- what was asked for ---- */

/* `--account-as-free` without a name means the viewer. */
static struct select_wish make_wish(const struct nvisel_settings *settings, struct arena *arena)
{
    struct select_wish wish = settings->wish;
    if (!settings->has_accounts || wish.free_user_count)
        return wish;
    struct host_self self;
    host_read_self(arena, &self);
    const char **names = arena_array(arena, 1, sizeof(*names));
    names[0] = self.user;
    wish.free_users = names;
    wish.free_user_count = 1;
    return wish;
}

static struct sampler_options make_options(const struct nvisel_settings *settings)
{
    struct sampler_options options = { .nvml_path = settings->source.nvml_path,
                                       .has_processes = settings->has_accounts,
                                       .procfs = settings->source.procfs };
    select_metrics(&options.metrics);
    return options;
}

/* ---- one look ---- */

static void say_waiting(void *arg)
{
    (void)arg;
    fprintf(stderr, "nvisel: waiting for the driver (up to %d s)\n", TROUBLE_INIT_S);
}

static struct patience patience_from_now(void)
{
    uint64_t now = clock_mono_ns();
    return (struct patience){ .deadline_ns = now + TROUBLE_INIT_S * CLOCK_NS_PER_S,
                              .notice_ns = now + TROUBLE_NOTICE_S * CLOCK_NS_PER_S,
                              .notice = say_waiting };
}

/* A second look, with processes, where the first one shows that they are needed. */
static int look_once(struct chooser *chooser, struct source *source,
                     struct sampler_options *options, struct choice *ret_choice,
                     struct nvml_failure *ret_failure)
{
    struct patience patience = patience_from_now();
    struct snapshot *snapshot;
    int status = source_take(source, &patience, &snapshot, ret_failure);
    if (status == NVITOP_OK && !options->has_processes && select_wants_processes(snapshot)) {
        options->has_processes = true;
        snapshot_unref(snapshot);
        status = source_take(source, &patience, &snapshot, ret_failure);
    }
    if (status < 0)
        return status;
    choose(chooser, snapshot, ret_choice);
    snapshot_unref(snapshot);
    return status;
}

/* ---- what came of it ---- */

static int explain_failure(const struct nvisel_settings *settings,
                           const struct nvml_failure *failure)
{
    struct messages messages = { .is_colour = terminal_has_colour(STDERR_FILENO, false) };
    trouble_explain(&messages, failure, settings->source.nvml_path);
    messages_flush(&messages);
    return failure->status == NVITOP_ENOLIB ? EXIT_NO_LIBRARY : EXIT_NO_DRIVER;
}

static int tell_choice(const struct chooser *chooser, const struct choice *choice)
{
    bool is_good = choice_is_good(chooser, choice);
    if (chooser->settings->is_explained)
        nvisel_explain(chooser, choice);
    nvisel_print(chooser, choice);
    fflush(stdout);
    if (!is_good)
        fputs("nvisel: warning: Not enough devices found.\n", stderr);
    return is_good ? EXIT_CHOSEN : EXIT_TOO_FEW;
}

static int run(struct chooser *chooser, struct source *source, struct sampler_options *options)
{
    const struct nvisel_settings *settings = chooser->settings;
    struct choice choice;
    struct nvml_failure failure = { .status = NVITOP_EUNKNOWN };
    bool is_watching = settings->is_waiting || settings->sustain_s > 0;
    int status = is_watching ? nvisel_wait(chooser, source, options, &choice, &failure)
                             : look_once(chooser, source, options, &choice, &failure);
    if (status < 0)
        return explain_failure(settings, &failure);
    status = tell_choice(chooser, &choice);
    choice_done(&choice);
    return status;
}

static int no_host(const struct nvisel_settings *settings)
{
    fprintf(stderr, "nvisel: error: no process file system at %s: expected a mounted /proc\n",
            settings->source.procfs ? settings->source.procfs : "/proc");
    return EXIT_NO_LIBRARY;
}

int nvisel_run(const struct nvisel_settings *settings, bool *ret_is_stuck)
{
    struct arena arena = { 0 };
    struct select_wish wish = make_wish(settings, &arena);
    struct sampler_options options = make_options(settings);
    struct source *source;
    if (sampler_open(&options, &source) < 0)
        return no_host(settings);
    char *helper = settings->is_inherited ? locate_helper("nvitop-cuda-order") : NULL;
    struct chooser chooser = { .settings = settings,
                               .wish = &wish,
                               .cuda_helper = helper,
                               .steady = settings->sustain_s > 0 ? steady_new() : NULL };
    int status = run(&chooser, source, &options);
    *ret_is_stuck |= !source_close(source, clock_mono_ns() + CLOSE_MS * CLOCK_NS_PER_MS);
    chooser_done(&chooser);
    free(helper);
    arena_done(&arena);
    return status;
}
