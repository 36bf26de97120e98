/* The sampler on its own clock; this thread serves, and is told by signals to end or to change. */
#include "cmd/exporter_run.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "cmd/exporter_web.h"
#include "cmd/option_table.h"
#include "cmd/options_exporter.h"
#include "cmd/program.h"
#include "cmd/service_signals.h"
#include "core/sampler.h"
#include "core/snapshot.h"
#include "exporter/own.h"
#include "exporter/server.h"
#include "report/prometheus.h"
#include "report/query.h"

enum { CLOSE_MS = 500, STUCK_PERIODS = 3, STUCK_MS_MIN = 10000 };

/* ---- what is sampled and told ---- */

static struct source_demand make_demand(const struct exporter_settings *settings,
                                        const struct metric_wanted *wanted)
{
    unsigned period_ms = clock_period_ms(settings->interval);
    return (struct source_demand){ .metrics = *wanted,
                                   .has_processes = true,
                                   .has_workloads = settings->processes_max > 0,
                                   .has_links = true,
                                   .has_xids = true,
                                   .device_ms = period_ms,
                                   .process_ms = period_ms };
}

static void make_query(const struct exporter_settings *settings, struct query *ret_query)
{
    *ret_query = (struct query){ 0 };
    query_add_scope(ret_query, NVITOP_SCOPE_DEVICE, false);
    for (size_t i = 0; settings->processes_max && i < NVITOP_PROC_COUNT; i++)
        if (metric_process[i].id != NVITOP_PROC_COMMAND || settings->has_commands)
            query_add(ret_query, &metric_process[i]);
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

static int fail(struct str *err)
{
    fprintf(stderr, "%s: error: %s\n", options_exporter.name, str_text(err));
    str_done(err);
    return PROGRAM_TROUBLE;
}

static void say(const char *what)
{
    fprintf(stderr, "%s: %s\n", options_exporter.name, what);
}

/* A file that was emptied by mistake must not let everybody in. */
static bool may_follow(const struct exporter_web *fresh, const struct exporter_web *web,
                       struct str *err)
{
    bool is_opened = exporter_web_is_protected(web) && !exporter_web_is_protected(fresh);
    if (is_opened)
        str_append(err, "neither a certificate nor users are left: only a restart lets all in");
    return !is_opened;
}

static void say_read_again(const struct exporter_web *web)
{
    struct str what = { 0 };
    str_append(&what, "certificates and users were read again: ");
    exporter_web_describe(web, &what);
    say(str_text(&what));
    str_done(&what);
}

/* What is wrong now leaves what was right before. */
static void reload(struct server *server, const struct exporter_settings *settings,
                   struct exporter_web **web)
{
    struct str err = { 0 };
    struct exporter_web *fresh = exporter_web_load(settings, &err);
    struct server_access access = { 0 };
    if (fresh)
        access = exporter_web_access(fresh);
    if (!fresh || !may_follow(fresh, *web, &err) || server_change(server, &access, &err) < 0) {
        exporter_web_free(fresh);
        fail(&err);
        say("certificates and users stay as they were");
        return;
    }
    exporter_web_free(*web);
    *web = fresh;
    say_read_again(*web);
}

/* Once when it cannot be asked, and once when it can be again; told first, it can. */
static void watch_driver(struct source *source, enum driver_state *told)
{
    struct snapshot *snapshot = source_latest(source);
    if (snapshot && snapshot->driver_state != DRIVER_WAITING && snapshot->driver_state != *told) {
        const char *why = snapshot->driver_text ? snapshot->driver_text : "it cannot be asked";
        struct str what = { 0 };
        *told = snapshot->driver_state;
        str_printf(&what, "driver: %s", *told == DRIVER_OK ? "answers again" : why);
        say(str_text(&what));
        str_done(&what);
    }
    snapshot_unref(snapshot);
}

static void say_place(const struct server *server, bool is_tls)
{
    struct str place = { 0 };
    str_append(&place, is_tls ? "listening on https://" : "listening on ");
    server_place(server, &place);
    say(str_text(&place));
    str_done(&place);
}

static int serve(const struct exporter_settings *settings, struct server_options *options,
                 struct exporter_web **web, int signals)
{
    struct server *server;
    struct str err = { 0 };
    options->access = exporter_web_access(*web);
    if (server_open(options, &server, &err) < 0)
        return fail(&err);
    say_place(server, options->access.tls->certificate.len);
    int fds[] = { signals, source_wake_fd(options->served.source) };
    enum driver_state told = DRIVER_OK;
    for (enum service_word word = SERVICE_NOTHING; word != SERVICE_END;
         word = service_signals_next(signals)) {
        if (word == SERVICE_RELOAD)
            reload(server, settings, web);
        server_run(server, fds, ARRAY_LEN(fds));
        watch_driver(options->served.source, &told);
    }
    server_close(server);
    return PROGRAM_GOOD;
}

/* How old a snapshot may be: one comes every period, whatever the driver does. */
static uint64_t patience_ns(unsigned period_ms)
{
    return MAX_OF((uint64_t)period_ms * STUCK_PERIODS, (uint64_t)STUCK_MS_MIN) * CLOCK_NS_PER_MS;
}

/* The sampler runs as long as it is served. */
static int sample_and_serve(const struct exporter_settings *settings, struct exporter_web **web,
                            bool *ret_is_stuck)
{
    struct query query;
    make_query(settings, &query);
    struct sampler_options sampler = { .nvml_path = settings->source.nvml_path,
                                       .has_processes = true,
                                       .procfs = settings->source.procfs };
    want(&query, &sampler.metrics);
    struct source_demand demand = make_demand(settings, &sampler.metrics);
    struct server_options options = {
        .listen = settings->listen,
        .served = { .prometheus = { .version = options_exporter.version,
                                    .has_commands = settings->has_commands,
                                    .processes_max = (size_t)settings->processes_max,
                                    .compat = settings->compat },
                    .labels = settings->labels,
                    .query = &query,
                    .patience_ns = patience_ns(demand.device_ms) },
    };
    struct str err = { 0 };
    int status = PROGRAM_TROUBLE, signals = service_signals_open();
    if (sampler_open(&sampler, &options.served.source) < 0) {
        str_printf(&err, "no process file system at %s: expected a mounted /proc",
                   settings->source.procfs ? settings->source.procfs : "/proc");
        return fail(&err);
    }
    options.served.own = own_new();
    if (signals >= 0 && source_start(options.served.source, &demand) == NVITOP_OK)
        status = serve(settings, &options, web, signals);
    else
        str_append(&err, "the system gives no thread or descriptor");
    *ret_is_stuck |=
        !source_close(options.served.source, clock_mono_ns() + CLOSE_MS * CLOCK_NS_PER_MS);
    own_free(options.served.own);
    return err.len ? fail(&err) : status;
}

int exporter_run(const struct exporter_settings *settings, bool *ret_is_stuck)
{
    struct str err = { 0 };
    struct exporter_web *web = exporter_web_load(settings, &err);
    int status = web ? sample_and_serve(settings, &web, ret_is_stuck) : fail(&err);
    exporter_web_free(web);
    return status;
}
