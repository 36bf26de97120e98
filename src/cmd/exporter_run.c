/* The sampler on its own clock, the server beside it; this thread waits for the signal to end. */
#include "cmd/exporter_run.h"

#include <signal.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "cmd/option_table.h"
#include "cmd/options_exporter.h"
#include "cmd/program.h"
#include "core/sampler.h"
#include "exporter/server.h"
#include "report/query.h"

#define PERIOD_MAX_MS 1e9

enum { CLOSE_MS = 500 };

static const int ends[] = { SIGINT, SIGTERM, SIGHUP };

/* Held back in every thread that is started from now on. */
static void hold_signals(sigset_t *ret_signals)
{
    sigemptyset(ret_signals);
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        sigaddset(ret_signals, ends[i]);
    sigprocmask(SIG_BLOCK, ret_signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void say(const char *kind, const char *text)
{
    fprintf(stderr, "%s: %s%s\n", options_exporter.name, kind, text);
}

/* ---- what is sampled and told ---- */

static struct source_demand make_demand(const struct exporter_settings *settings,
                                        const struct metric_wanted *wanted)
{
    unsigned period_ms = (unsigned)MIN_OF(settings->interval * 1000, PERIOD_MAX_MS);
    return (struct source_demand){
        .metrics = *wanted, .has_processes = true, .device_ms = period_ms, .process_ms = period_ms
    };
}

static void make_query(struct query *ret_query)
{
    *ret_query = (struct query){ 0 };
    query_add_scope(ret_query, NVITOP_SCOPE_DEVICE, false);
    query_add_scope(ret_query, NVITOP_SCOPE_PROCESS, false);
    query_add_scope(ret_query, NVITOP_SCOPE_HOST, false);
}

static void want(const struct query *query, struct metric_wanted *ret_wanted)
{
    struct metric_wanted more;
    prometheus_metrics(ret_wanted);
    query_wanted(query, &more);
    metric_set_union(&ret_wanted->gpu, &more.gpu);
    metric_set_union(&ret_wanted->mig, &more.mig);
}

/* ---- serving ---- */

static int serve(const struct exporter_settings *settings, const struct query *query,
                 struct source *source, const sigset_t *signals)
{
    struct server_options options = {
        .listen = settings->listen,
        .served = { .prometheus = { .version = options_exporter.version,
                                    .has_commands = settings->has_commands,
                                    .processes_max = (size_t)settings->processes_max },
                    .labels = settings->labels,
                    .query = query,
                    .source = source },
    };
    struct server *server;
    struct str err = { 0 };
    int signal;
    if (server_open(&options, &server, &err) < 0) {
        say("error: ", str_text(&err));
        str_done(&err);
        return PROGRAM_TROUBLE;
    }
    struct str place = { 0 };
    server_place(server, &place);
    say("listening on ", str_text(&place));
    str_done(&place);
    sigwait(signals, &signal);
    server_close(server);
    return PROGRAM_GOOD;
}

int exporter_run(const struct exporter_settings *settings, bool *ret_is_stuck)
{
    struct query query;
    make_query(&query);
    struct sampler_options sampler = { .nvml_path = settings->nvml_path,
                                       .has_processes = true,
                                       .procfs = settings->procfs };
    want(&query, &sampler.metrics);
    struct source_demand demand = make_demand(settings, &sampler.metrics);
    struct source *source;
    sigset_t signals;
    hold_signals(&signals);
    if (sampler_open(&sampler, &source) < 0) {
        say("error: ", "no process file system: expected a mounted /proc");
        return PROGRAM_TROUBLE;
    }
    int status = PROGRAM_TROUBLE;
    if (source_start(source, &demand) < 0)
        say("error: ", "the system gives no thread or descriptor");
    else
        status = serve(settings, &query, source, &signals);
    *ret_is_stuck |= !source_close(source, clock_mono_ns() + CLOSE_MS * CLOCK_NS_PER_MS);
    return status;
}
