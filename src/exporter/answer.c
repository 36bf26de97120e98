/* One row per path. */
#include "exporter/answer.h"

#include <string.h>

#include "base/mem.h"
#include "core/snapshot.h"
#include "exporter/accept.h"
#include "exporter/own.h"
#include "exporter/page.h"
#include "exporter/served.h"
#include "report/exposition.h"
#include "report/prometheus.h"
#include "report/snapshot_json.h"

#define TEXT "text/plain; charset=utf-8"
#define PROMETHEUS "text/plain; version=0.0.4; charset=utf-8"
#define OPENMETRICS "application/openmetrics-text"
#define OPENMETRICS_1 OPENMETRICS "; version=1.0.0; charset=utf-8"
#define JSON "application/json"

#define METRICS "/metrics"

enum { HTTP_OK = 200, HTTP_UNAVAILABLE = 503 };

typedef void path_fn(const struct answer_state *state, const struct request *request,
                     const struct snapshot *snapshot, struct answer *answer);

/* ---- /metrics ---- */

static void put_own(const struct answer_state *state, struct exposition *exposition)
{
    exposition_family(exposition, "nvitop_", "exporter_scrapes_total", "Answers of /metrics.");
    exposition_sample(exposition, "", (double)state->scrapes);
    tally_put(&state->tally, exposition);
    own_put(state->served->own, exposition);
}

static void put_metrics(const struct answer_state *state, const struct request *request,
                        const struct snapshot *snapshot, struct answer *answer)
{
    struct exposition exposition = { .out = &answer->body,
                                     .is_openmetrics = request->is_openmetrics,
                                     .common = state->served->labels };
    answer->content_type = request->is_openmetrics ? OPENMETRICS_1 : PROMETHEUS;
    if (!snapshot || request->is_old)
        prometheus_write_old(snapshot, &state->served->prometheus, &exposition);
    else
        prometheus_write(snapshot, &state->served->prometheus, &exposition);
    put_own(state, &exposition);
    exposition_end(&exposition);
}

void answer_catalogue(struct str *out)
{
    struct served served = { .own = NULL };
    struct answer_state state = { .served = &served };
    struct snapshot nothing = { .driver_state = DRIVER_WAITING };
    struct exposition exposition = { .out = out, .is_catalogue = true };
    prometheus_write(&nothing, &served.prometheus, &exposition);
    put_own(&state, &exposition);
    exposition_end(&exposition);
}

/* ---- the others ---- */

static void put_healthy(const struct answer_state *state, const struct request *request,
                        const struct snapshot *snapshot, struct answer *answer)
{
    (void)state, (void)request, (void)snapshot;
    str_append(&answer->body, "healthy\n");
}

/* NULL: it is. */
static const char *why_not_ready(const struct request *request, const struct snapshot *snapshot)
{
    if (request->is_old)
        return "the sampler is stuck\n";
    if (!snapshot || snapshot->driver_state == DRIVER_WAITING || snapshot->is_gathering)
        return "the driver has not answered yet\n";
    return NULL;
}

static void put_ready(const struct answer_state *state, const struct request *request,
                      const struct snapshot *snapshot, struct answer *answer)
{
    const char *why = why_not_ready(request, snapshot);
    (void)state;
    answer->status = why ? HTTP_UNAVAILABLE : HTTP_OK;
    str_append(&answer->body, why ? why : "ready\n");
}

static void put_snapshot(const struct answer_state *state, const struct request *request,
                         const struct snapshot *snapshot, struct answer *answer)
{
    struct snapshot_json how = { .query = state->served->query,
                                 .version = state->served->prometheus.version,
                                 .processes_max = state->served->prometheus.processes_max };
    if (!snapshot || request->is_old) {
        put_ready(state, request, snapshot, answer);
        return;
    }
    answer->content_type = JSON;
    snapshot_json_write(snapshot, &how, &answer->body);
    str_append_char(&answer->body, '\n');
}

/* ---- the page ---- */

static void put_file(const char *name, struct answer *answer)
{
    for (size_t i = 0; i < page_count; i++)
        if (strcmp(pages[i].name, name) == 0)
            str_append_bytes(&answer->body, pages[i].bytes, pages[i].len);
}

static void put_page(const struct answer_state *state, const struct request *request,
                     const struct snapshot *snapshot, struct answer *answer)
{
    (void)state, (void)request, (void)snapshot;
    answer->content_type = "text/html; charset=utf-8";
    put_file("index.html", answer);
}

static void put_style(const struct answer_state *state, const struct request *request,
                      const struct snapshot *snapshot, struct answer *answer)
{
    (void)state, (void)request, (void)snapshot;
    answer->content_type = "text/css; charset=utf-8";
    put_file("page.css", answer);
}

static void put_script(const struct answer_state *state, const struct request *request,
                       const struct snapshot *snapshot, struct answer *answer)
{
    (void)state, (void)request, (void)snapshot;
    answer->content_type = "text/javascript; charset=utf-8";
    put_file("page.js", answer);
}

static const struct {
    const char *path;
    path_fn *put;
} paths[] = {
    { "/", put_page },
    { "/page.css", put_style },
    { "/page.js", put_script },
    { METRICS, put_metrics },
    { "/-/healthy", put_healthy },
    { "/-/ready", put_ready },
    { "/api/v1/snapshot", put_snapshot },
};

void answer_begin(struct answer_state *state, const struct served *served)
{
    *state = (struct answer_state){ .served = served };
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        tally_expect(&state->tally, paths[i].path, HTTP_OK);
}

const char *answer_path(const char *path)
{
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        if (strcmp(paths[i].path, path) == 0)
            return paths[i].path;
    return NULL;
}

/* Those who do not name it want what everybody tells. */
bool answer_is_openmetrics(const char *accept)
{
    static const char *const texts[] = { "text/plain", "text/*", "*/*" };
    int weight = accept_weight(accept, OPENMETRICS), text = ACCEPT_NOT_NAMED;
    for (size_t i = 0; i < ARRAY_LEN(texts) && text == ACCEPT_NOT_NAMED; i++)
        text = accept_weight(accept, texts[i]);
    return weight > 0 && weight >= text;
}

bool answer_is_old(const struct answer_state *state, const struct snapshot *snapshot,
                   uint64_t now_ns)
{
    return snapshot && now_ns > snapshot->mono_ns &&
           now_ns - snapshot->mono_ns > state->served->patience_ns;
}

void answer_count(struct answer_state *state, const struct request *request)
{
    state->scrapes += strcmp(request->path, METRICS) == 0;
}

void answer_request(const struct answer_state *state, const struct request *request,
                    const struct snapshot *snapshot, struct answer *ret_answer)
{
    *ret_answer = (struct answer){ .status = HTTP_OK, .content_type = TEXT };
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        if (paths[i].path == request->path)
            paths[i].put(state, request, snapshot, ret_answer);
}
