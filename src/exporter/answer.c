/* One row per path. */
#include "exporter/answer.h"

#include <string.h>

#include "base/mem.h"
#include "core/snapshot.h"
#include "core/source.h"
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

enum { HTTP_OK = 200, HTTP_NOT_FOUND = 404, HTTP_UNAVAILABLE = 503 };

typedef void path_fn(struct answer_state *state, const struct request *request,
                     const struct snapshot *snapshot, struct answer *answer);

/* ---- /metrics ---- */

static void put_own(struct answer_state *state, struct exposition *exposition)
{
    exposition_family(exposition, "nvitop_", "exporter_scrapes_total", "Answers of /metrics.");
    exposition_sample(exposition, "", (double)++state->scrapes);
}

static void put_metrics(struct answer_state *state, const struct request *request,
                        const struct snapshot *snapshot, struct answer *answer)
{
    bool is_openmetrics = request->accept && strstr(request->accept, OPENMETRICS);
    struct exposition exposition = { .out = &answer->body,
                                     .is_openmetrics = is_openmetrics,
                                     .common = state->served->labels };
    answer->content_type = is_openmetrics ? OPENMETRICS_1 : PROMETHEUS;
    if (snapshot)
        prometheus_write(snapshot, &state->served->prometheus, &exposition);
    put_own(state, &exposition);
    exposition_end(&exposition);
}

/* ---- the others ---- */

static void put_healthy(struct answer_state *state, const struct request *request,
                        const struct snapshot *snapshot, struct answer *answer)
{
    (void)state, (void)request, (void)snapshot;
    str_append(&answer->body, "healthy\n");
}

static bool is_ready(const struct snapshot *snapshot)
{
    return snapshot && snapshot->driver_state != DRIVER_WAITING && !snapshot->is_gathering;
}

static void put_ready(struct answer_state *state, const struct request *request,
                      const struct snapshot *snapshot, struct answer *answer)
{
    (void)state, (void)request;
    answer->status = is_ready(snapshot) ? HTTP_OK : HTTP_UNAVAILABLE;
    str_append(&answer->body, is_ready(snapshot) ? "ready\n" : "the driver has not answered yet\n");
}

static void put_snapshot(struct answer_state *state, const struct request *request,
                         const struct snapshot *snapshot, struct answer *answer)
{
    struct snapshot_json how = { .query = state->served->query,
                                 .version = state->served->prometheus.version };
    (void)request;
    if (!snapshot) {
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

static void put_page(struct answer_state *state, const struct request *request,
                     const struct snapshot *snapshot, struct answer *answer)
{
    (void)state, (void)request, (void)snapshot;
    answer->content_type = "text/html; charset=utf-8";
    put_file("index.html", answer);
}

static void put_style(struct answer_state *state, const struct request *request,
                      const struct snapshot *snapshot, struct answer *answer)
{
    (void)state, (void)request, (void)snapshot;
    answer->content_type = "text/css; charset=utf-8";
    put_file("page.css", answer);
}

static void put_script(struct answer_state *state, const struct request *request,
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
    { "/metrics", put_metrics },
    { "/-/healthy", put_healthy },
    { "/-/ready", put_ready },
    { "/api/v1/snapshot", put_snapshot },
};

static path_fn *path_of(const char *path)
{
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        if (strcmp(paths[i].path, path) == 0)
            return paths[i].put;
    return NULL;
}

void answer_request(struct answer_state *state, const struct request *request,
                    struct answer *ret_answer)
{
    path_fn *put = path_of(request->path);
    *ret_answer = (struct answer){ .status = put ? HTTP_OK : HTTP_NOT_FOUND, .content_type = TEXT };
    if (!put) {
        str_append(&ret_answer->body, "not found\n");
        return;
    }
    struct snapshot *snapshot = source_latest(state->served->source);
    put(state, request, snapshot, ret_answer);
    snapshot_unref(snapshot);
}
