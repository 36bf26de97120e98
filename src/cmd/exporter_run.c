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
#include "exporter/web_config.h"
#include "report/prometheus.h"
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

/* ---- what is sampled and told ---- */

static struct source_demand make_demand(const struct exporter_settings *settings,
                                        const struct metric_wanted *wanted)
{
    unsigned period_ms = (unsigned)MIN_OF(settings->interval * 1000, PERIOD_MAX_MS);
    return (struct source_demand){
        .metrics = *wanted, .has_processes = true, .device_ms = period_ms, .process_ms = period_ms
    };
}

static void make_query(const struct exporter_settings *settings, struct query *ret_query)
{
    *ret_query = (struct query){ 0 };
    query_add_scope(ret_query, NVITOP_SCOPE_DEVICE, false);
    for (size_t i = 0; i < NVITOP_PROC_COUNT; i++)
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

/* ---- who may ask ---- */

/* Certificates and users: of the file, else of the command line. */
struct web {
    struct web_config config;
    struct tls tls;
};

static void take_options(const struct exporter_settings *settings, struct web *web)
{
    bool has_clients = settings->tls.client_cafile || settings->tls.client_capath;
    web->config.tls = settings->tls;
    if (has_clients)
        web->config.tls.client =
            settings->is_client_required ? TLS_CLIENT_REQUIRED : TLS_CLIENT_IF_GIVEN;
}

static bool web_load(const struct exporter_settings *settings, struct web *ret_web, struct str *err)
{
    *ret_web = (struct web){ 0 };
    take_options(settings, ret_web);
    return (!settings->web_config ||
            web_config_read(settings->web_config, &ret_web->config, err)) &&
           tls_load(&ret_web->config.tls, &ret_web->tls, err);
}

static void web_done(struct web *web)
{
    tls_done(&web->tls);
    web_config_done(&web->config);
}

/* ---- serving ---- */

static int fail(struct str *err)
{
    fprintf(stderr, "%s: error: %s\n", options_exporter.name, str_text(err));
    str_done(err);
    return PROGRAM_TROUBLE;
}

static int serve(const struct server_options *options, const sigset_t *signals)
{
    struct server *server;
    struct str err = { 0 }, place = { 0 };
    int signal;
    if (server_open(options, &server, &err) < 0)
        return fail(&err);
    server_place(server, &place);
    fprintf(stderr, "%s: listening on %s%s\n", options_exporter.name,
            options->tls->certificate.len ? "https://" : "", str_text(&place));
    str_done(&place);
    sigwait(signals, &signal);
    server_close(server);
    return PROGRAM_GOOD;
}

/* The sampler runs as long as it is served. */
static int sample_and_serve(const struct exporter_settings *settings, const struct web *web,
                            bool *ret_is_stuck)
{
    struct query query;
    make_query(settings, &query);
    struct sampler_options sampler = { .nvml_path = settings->nvml_path,
                                       .has_processes = true,
                                       .procfs = settings->procfs };
    want(&query, &sampler.metrics);
    struct source_demand demand = make_demand(settings, &sampler.metrics);
    struct server_options options = {
        .listen = settings->listen,
        .served = { .prometheus = { .version = options_exporter.version,
                                    .has_commands = settings->has_commands,
                                    .processes_max = (size_t)settings->processes_max },
                    .labels = settings->labels,
                    .query = &query },
        .tls = &web->tls,
        .users = web->config.users,
        .user_count = web->config.user_count,
    };
    struct str err = { 0 };
    sigset_t signals;
    hold_signals(&signals);
    if (sampler_open(&sampler, &options.served.source) < 0) {
        str_printf(&err, "no process file system at %s: expected a mounted /proc",
                   settings->procfs ? settings->procfs : "/proc");
        return fail(&err);
    }
    int status = PROGRAM_TROUBLE;
    if (source_start(options.served.source, &demand) == NVITOP_OK)
        status = serve(&options, &signals);
    else
        str_append(&err, "the system gives no thread or descriptor");
    *ret_is_stuck |=
        !source_close(options.served.source, clock_mono_ns() + CLOSE_MS * CLOCK_NS_PER_MS);
    return err.len ? fail(&err) : status;
}

int exporter_run(const struct exporter_settings *settings, bool *ret_is_stuck)
{
    struct web web;
    struct str err = { 0 };
    int status = web_load(settings, &web, &err) ? sample_and_serve(settings, &web, ret_is_stuck)
                                                : fail(&err);
    web_done(&web);
    return status;
}
