/* Invariant: the list of threads is touched by the main thread alone. */
#include "stress.h"

#include <dirent.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS_MAX = 64 };

static pthread_t threads[THREADS_MAX];
static size_t started;

/* ---- what must hold ---- */

void need(bool holds, const char *what, long detail, const char *file, int line)
{
    if (holds)
        return;
    fprintf(stderr, "%s:%d: %s (%ld)\n", file, line, what, detail);
    fflush(NULL);
    _Exit(1);
}

void needs_status(int wanted, int got, const char *what, const char *file, int line)
{
    if (got == wanted)
        return;
    fprintf(stderr, "%s:%d: %s gave %d (%s), not %d\n", file, line, what, got,
            nvitop_status_text(got), wanted);
    fflush(NULL);
    _Exit(1);
}

bool is_driver_trouble(int status)
{
    return status == NVITOP_OK || status == NVITOP_ELOST || status == NVITOP_ENOTFOUND ||
           status == NVITOP_ETIMEOUT || status == NVITOP_ENOTSUP || status == NVITOP_ENODRIVER ||
           status == NVITOP_EUNKNOWN;
}

/* ---- sessions and values ---- */

struct nvitop_session *open_session(const char *library, uint32_t open_ms, uint32_t read_ms)
{
    struct nvitop_session *session = NULL;
    struct nvitop_options options;
    nvitop_options_init(&options);
    options.nvml_path = library;
    options.open_timeout_ms = open_ms;
    options.read_timeout_ms = read_ms;
    GOES_WELL(nvitop_session_open(&options, &session));
    NEED(session);
    return session;
}

/* Well-formed as far as bytes go; no control characters, not those of C1 either. */
static bool is_printable(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;
    while (*byte) {
        int more = *byte >= 0xf0 ? 3 : *byte >= 0xe0 ? 2 : *byte >= 0xc0 ? 1 : 0;
        bool is_control = *byte < 0x20 || *byte == 0x7f || (*byte == 0xc2 && byte[1] < 0xa0);
        if (is_control || (more == 0 && *byte >= 0x80))
            return false;
        for (byte++; more > 0; more--, byte++)
            if ((*byte & 0xc0) != 0x80)
                return false;
    }
    return true;
}

void need_whole(const struct nvitop_value *value)
{
    NEED(value->kind <= NVITOP_BOOL);
    NEED((value->kind == NVITOP_NA) == (value->why != NVITOP_WHY_NONE));
    NEED(value->kind != NVITOP_REAL || !isnan(value->u.r));
    NEED(value->kind != NVITOP_BOOL || value->u.i == 0 || value->u.i == 1);
    NEED(value->kind != NVITOP_TEXT || (value->u.text && is_printable(value->u.text)));
    NEED(value->flags == 0 && value->reserved == 0);
}

static void need_whole_rows(const struct nvitop_snapshot *snapshot, int scope, size_t rows)
{
    static const int beyond[] = {
        [NVITOP_SCOPE_DEVICE] = NVITOP_DEV_NAME,
        [NVITOP_SCOPE_PROCESS] = NVITOP_PROC_TYPE,
        [NVITOP_SCOPE_HOST] = NVITOP_HOST_CPU_PERCENT,
    };
    int ids[256];
    size_t count = 0;
    struct nvitop_value value;
    GOES_WELL(nvitop_metric_list(scope, ids, LEN(ids), &count));
    NEED(count > 0 && count <= LEN(ids) && ids[0] == beyond[scope]);
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < count; i++) {
            GOES_WELL(nvitop_snapshot_get(snapshot, ids[i], row, &value));
            need_whole(&value);
        }
    GIVES(NVITOP_ENOTFOUND, nvitop_snapshot_get(snapshot, ids[0], rows, &value));
}

size_t need_whole_snapshot(const struct nvitop_snapshot *snapshot, int condition)
{
    size_t devices = nvitop_snapshot_device_count(snapshot), found = 0;
    size_t processes = nvitop_snapshot_process_count(snapshot);
    need_whole_rows(snapshot, NVITOP_SCOPE_DEVICE, devices);
    need_whole_rows(snapshot, NVITOP_SCOPE_PROCESS, processes);
    need_whole_rows(snapshot, NVITOP_SCOPE_HOST, 1);
    for (size_t i = 0; i < devices; i++) {
        struct nvitop_device_row row = { .size = sizeof(row) };
        GOES_WELL(nvitop_snapshot_device(snapshot, i, &row));
        found += row.condition == condition;
    }
    for (size_t i = 0; i < processes; i++) {
        struct nvitop_process_row row = { .size = sizeof(row) };
        GOES_WELL(nvitop_snapshot_process(snapshot, i, &row));
        NEED(row.device_row < devices);
    }
    return found;
}

/* ---- this process ---- */

double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static long status_line(const char *name)
{
    char line[256];
    long number = -1;
    FILE *file = fopen("/proc/self/status", "re");
    while (file && fgets(line, sizeof(line), file))
        if (strncmp(line, name, strlen(name)) == 0)
            number = strtol(line + strlen(name), NULL, 10);
    if (file)
        fclose(file);
    return number;
}

long thread_count(void)
{
    return status_line("Threads:");
}

long resident_kib(void)
{
    return status_line("VmRSS:");
}

long descriptor_count(void)
{
    long count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count;
}

bool threads_fall_to(long count, double seconds)
{
    double end = now() + seconds;
    while (thread_count() > count) {
        if (now() > end)
            return false;
        sched_yield();
    }
    return true;
}

/* ---- threads ---- */

void start_thread(void *(*run)(void *arg), void *arg)
{
    NEED(started < THREADS_MAX);
    NEED(pthread_create(&threads[started++], NULL, run, arg) == 0);
}

void join_threads(void)
{
    while (started > 0)
        pthread_join(threads[--started], NULL);
}
