/*
 * Snapshots through the C API, one after the other in one process, timed one by one: a line each,
 * wall and CPU microseconds of the whole process. The first line is that of the first one, which
 * looks up handles and reads what never changes; before it the session is opened, which has the
 * line "open". The last line says what a snapshot holds.
 *
 * usage: snapshot LIBRARY COUNT plain|blocking
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nvitop/nvitop.h"

struct moment {
    int64_t wall_us, cpu_us;
};

static int64_t microseconds(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static struct moment now(void)
{
    return (struct moment){ microseconds(CLOCK_MONOTONIC), microseconds(CLOCK_PROCESS_CPUTIME_ID) };
}

static void tell(const char *what, struct moment since)
{
    struct moment end = now();
    printf("%s %lld %lld\n", what, (long long)(end.wall_us - since.wall_us),
           (long long)(end.cpu_us - since.cpu_us));
}

static void need(int status)
{
    if (status == NVITOP_OK)
        return;
    fprintf(stderr, "snapshot: %s\n", nvitop_status_text(status));
    exit(1);
}

/* How many facts of a scope there are: asked for, and to be had. */
static void count_facts(const struct nvitop_snapshot *snapshot, int scope, size_t rows,
                        size_t *ret_asked, size_t *ret_known)
{
    int ids[256];
    size_t count;
    struct nvitop_value value;
    *ret_asked = *ret_known = 0;
    need(nvitop_metric_list(scope, ids, sizeof(ids) / sizeof(*ids), &count));
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < count; i++) {
            need(nvitop_snapshot_get(snapshot, ids[i], row, &value));
            *ret_asked += value.why != NVITOP_WHY_NOT_ASKED;
            *ret_known += value.kind != NVITOP_NA;
        }
}

static void tell_contents(const struct nvitop_snapshot *snapshot)
{
    size_t rows[] = { nvitop_snapshot_device_count(snapshot),
                      nvitop_snapshot_process_count(snapshot), 1 };
    static const int scopes[] = { NVITOP_SCOPE_DEVICE, NVITOP_SCOPE_PROCESS, NVITOP_SCOPE_HOST };
    printf("holds");
    for (size_t i = 0; i < 3; i++) {
        size_t asked, known;
        count_facts(snapshot, scopes[i], rows[i], &asked, &known);
        printf(" %zu %zu", rows[i], known);
    }
    printf("\n");
}

int main(int argc, char **argv)
{
    struct nvitop_options options;
    struct nvitop_session *session;
    struct nvitop_snapshot_request request;
    struct nvitop_snapshot *snapshot = NULL;
    if (argc != 4)
        return 2;
    nvitop_options_init(&options);
    options.nvml_path = argv[1];
    struct moment start = now();
    need(nvitop_session_open(&options, &session));
    tell("open", start);
    nvitop_snapshot_request_init(&request);
    if (strcmp(argv[3], "blocking") == 0)
        request.flags = NVITOP_SNAPSHOT_BLOCKING;
    for (long i = 0; i < strtol(argv[2], NULL, 10); i++) {
        nvitop_snapshot_unref(snapshot);
        start = now();
        need(nvitop_snapshot_take(session, &request, &snapshot));
        tell("taken", start);
    }
    tell_contents(snapshot);
    nvitop_snapshot_unref(snapshot);
    nvitop_session_close(session);
    return 0;
}
