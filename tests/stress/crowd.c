/*
 * Sixteen threads on one session, while GPUs get lost and come back and processes come and go. One
 * of them moves the simulator's clock on between its snapshots, round and round, so that all that
 * the scenario does happens again and again; each time it says so with a line on stdout, for
 * whoever makes processes come and go meanwhile. All of them check what they get.
 *
 * usage: crowd LIBRARY CLOCK_FILE SECONDS   longer, until the clock has gone round once
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stress.h"

enum {
    DEVICES_MAX = 64,
    METRICS_MAX = 256,
    PROCESSES_MAX = 256,
    TENTHS_A_ROUND = 100,
    STEPS_MIN = 130,
    KEPT_DESCRIPTORS = 128 /* of processes, which a session keeps open */
};

/* The driver may be away: then there is nothing more to do this time. */
#define ASK(call)                                                                                  \
    do {                                                                                           \
        int status_ = (call);                                                                      \
        NEED(is_driver_trouble(status_));                                                          \
        if (status_ != NVITOP_OK)                                                                  \
            return;                                                                                \
    } while (0)

struct crowd {
    struct nvitop_session *session;
    struct nvitop_collector *shared;
    int clock_fd;
    double end;
    int device_ids[METRICS_MAX], host_ids[METRICS_MAX];
    size_t device_id_count, host_id_count;
    bool was_lost[DEVICES_MAX], came_back[DEVICES_MAX]; /* the time keeper's alone */
    atomic_long statistics, steps;
};

/* ---- who keeps the time ---- */

static void step_clock(struct crowd *crowd, long tenths)
{
    char text[32];
    int len = snprintf(text, sizeof(text), "%08.2f\n", (double)(tenths % TENTHS_A_ROUND) / 10);
    NEED(pwrite(crowd->clock_fd, text, (size_t)len, 0) == len);
}

static void watch_losses(struct crowd *crowd, const struct nvitop_snapshot *snapshot)
{
    for (size_t i = 0; i < nvitop_snapshot_device_count(snapshot); i++) {
        struct nvitop_device_row row = { .size = sizeof(row) };
        GOES_WELL(nvitop_snapshot_device(snapshot, i, &row));
        if (row.index.mig >= 0)
            continue;
        NEED(row.index.physical >= 0 && row.index.physical < DEVICES_MAX);
        NEED(row.condition != NVITOP_CONDITION_WAITING);
        bool *was_lost = &crowd->was_lost[row.index.physical];
        if (row.condition == NVITOP_CONDITION_LOST)
            *was_lost = true;
        else if (row.condition == NVITOP_CONDITION_OK && *was_lost)
            crowd->came_back[row.index.physical] = true;
    }
}

static void keep_time(struct crowd *crowd, long round)
{
    struct nvitop_snapshot *snapshot;
    step_clock(crowd, round);
    atomic_fetch_add(&crowd->steps, 1);
    NEED(puts("step") >= 0 && fflush(stdout) == 0);
    ASK(nvitop_snapshot_take(crowd->session, NULL, &snapshot));
    need_whole_snapshot(snapshot, NVITOP_CONDITION_LOST);
    watch_losses(crowd, snapshot);
    nvitop_snapshot_unref(snapshot);
}

/* ---- who asks devices ---- */

static size_t list(struct crowd *crowd, uint32_t flags, struct nvitop_device **devices)
{
    size_t count = 0;
    NEED(
        is_driver_trouble(nvitop_device_list(crowd->session, flags, devices, DEVICES_MAX, &count)));
    NEED(count <= DEVICES_MAX);
    return count; /* 0: the driver is away */
}

static void read_devices(struct crowd *crowd, long round)
{
    struct nvitop_device *devices[DEVICES_MAX];
    struct nvitop_value values[METRICS_MAX];
    size_t count = list(crowd, NVITOP_LIST_MIG, devices), ids = crowd->device_id_count;
    for (size_t i = 0; i < count; i++) {
        struct nvitop_device *device = devices[(i + (size_t)round) % count];
        int status = nvitop_device_read(device, crowd->device_ids, ids, values);
        NEED(is_driver_trouble(status));
        for (size_t j = 0; status == NVITOP_OK && j < ids; j++)
            need_whole(&values[j]);
    }
}

static void list_processes(struct crowd *crowd, long round)
{
    struct nvitop_device *devices[DEVICES_MAX];
    struct nvitop_process rows[PROCESSES_MAX];
    size_t count = list(crowd, NVITOP_LIST_LEAVES, devices), found;
    for (size_t i = 0; i < count; i++) {
        struct nvitop_device *device = devices[(i + (size_t)round) % count];
        int status = nvitop_device_processes(device, rows, sizeof(*rows), PROCESSES_MAX, &found);
        NEED(is_driver_trouble(status));
        for (size_t j = 0; status == NVITOP_OK && j < found && j < PROCESSES_MAX; j++) {
            NEED(j == 0 || rows[j].pid >= rows[j - 1].pid);
            need_whole(&rows[j].gpu_memory);
            need_whole(&rows[j].sm);
        }
    }
}

/* Whatever is known of a device finds the same one again, unless it is lost meanwhile. */
static void find_again(struct crowd *crowd, struct nvitop_device *device)
{
    static const int names[] = { NVITOP_DEV_UUID, NVITOP_DEV_BUS_ID };
    struct nvitop_value values[2];
    struct nvitop_device *found = NULL, *children[16];
    size_t count;
    void *handle;
    ASK(nvitop_device_by_index(crowd->session, nvitop_device_index(device), &found));
    NEED(found == device);
    NEED(is_driver_trouble(nvitop_device_status(device)));
    NEED(is_driver_trouble(nvitop_device_nvml_handle(device, &handle)));
    NEED(is_driver_trouble(nvitop_device_mig_children(device, children, 16, &count)));
    ASK(nvitop_device_read(device, names, 2, values));
    if (values[0].kind == NVITOP_TEXT &&
        nvitop_device_by_uuid(crowd->session, values[0].u.text, &found) == NVITOP_OK)
        NEED(found == device);
    if (values[1].kind == NVITOP_TEXT &&
        nvitop_device_by_bus_id(crowd->session, values[1].u.text, &found) == NVITOP_OK)
        NEED(found == device);
}

static void look_up(struct crowd *crowd, long round)
{
    struct nvitop_device *devices[DEVICES_MAX];
    uint32_t gpus = 0;
    size_t count = list(crowd, 0, devices);
    ASK(nvitop_device_count(crowd->session, &gpus));
    NEED(gpus == count || count == 0);
    for (size_t i = 0; i < count; i++) {
        NEED(nvitop_device_parent(devices[i]) == NULL);
        if ((round + (long)i) % 7 == 0)
            GOES_WELL(nvitop_device_cache_clear(devices[i]));
        find_again(crowd, devices[i]);
    }
}

/* ---- who asks for everything else ---- */

static void ask_host(struct crowd *crowd, long round)
{
    struct nvitop_value values[METRICS_MAX], words[3];
    struct nvitop_failure failure = { .size = sizeof(failure) };
    char text[64];
    (void)round;
    GOES_WELL(nvitop_host_read(crowd->session, crowd->host_ids, crowd->host_id_count, values));
    for (size_t i = 0; i < crowd->host_id_count; i++) {
        need_whole(&values[i]);
        NEED(nvitop_value_format(&values[i], NVITOP_UNIT_PERCENT, text, sizeof(text)) > 0);
    }
    ASK(nvitop_driver_version(crowd->session, &words[0]));
    ASK(nvitop_cuda_driver_version(crowd->session, &words[1]));
    ASK(nvitop_nvml_version(crowd->session, &words[2]));
    NEED(words[0].kind == NVITOP_TEXT && strcmp(words[0].u.text, "550.163.01") == 0);
    ASK(nvitop_session_status(crowd->session));
    GOES_WELL(nvitop_session_failure(crowd->session, &failure));
    NEED(failure.status == NVITOP_OK || failure.text[0]);
}

static void snapshot_some(struct crowd *crowd, long round)
{
    static const int metrics[] = { NVITOP_DEV_TEMPERATURE, NVITOP_DEV_MEMORY_USED };
    struct nvitop_device *devices[DEVICES_MAX];
    struct nvitop_snapshot_request request;
    struct nvitop_snapshot *snapshot;
    char *json = NULL;
    size_t count = list(crowd, 0, devices);
    if (count == 0)
        return;
    nvitop_snapshot_request_init(&request);
    request.devices = devices;
    request.device_count = 1 + (size_t)round % count;
    request.metrics = metrics;
    request.metric_count = LEN(metrics);
    request.flags = round % 2 ? NVITOP_SNAPSHOT_NO_PROCESSES : NVITOP_SNAPSHOT_BLOCKING;
    ASK(nvitop_snapshot_take(crowd->session, &request, &snapshot));
    NEED(nvitop_snapshot_ref(snapshot) == snapshot);
    nvitop_snapshot_unref(snapshot);
    NEED(nvitop_snapshot_device_count(snapshot) == request.device_count);
    GOES_WELL(nvitop_snapshot_json(snapshot, round % 2 ? NVITOP_JSON_PRETTY : 0, &json));
    NEED(json[0] == '{');
    nvitop_text_free(json);
    nvitop_snapshot_unref(snapshot);
}

static void see_devices(struct crowd *crowd, long round)
{
    static const char *const values[] = { "1,0", "0,0", "GPU-", "", "3,99,1", NULL };
    struct nvitop_index indices[DEVICES_MAX];
    size_t count;
    ASK(nvitop_visible_devices(crowd->session, values[(size_t)round % LEN(values)],
                               NVITOP_VISIBLE_PCI_ORDER, indices, DEVICES_MAX, &count));
    NEED(count <= DEVICES_MAX);
}

static void choose(struct crowd *crowd, long round)
{
    static const char *const users[] = { "root", "nobody" };
    struct nvitop_device *devices[DEVICES_MAX];
    struct nvitop_select select;
    size_t count;
    nvitop_select_init(&select);
    select.max_count = 2;
    select.min_free_bytes = round % 2 ? 1e9 : -1;
    select.free_users = users;
    select.free_user_count = LEN(users);
    ASK(nvitop_select_run(crowd->session, &select, NULL, 0, devices, DEVICES_MAX, &count));
    NEED(count <= 2);
}

/* ---- who collects ---- */

static void count_statistic(void *arg, const char *key, double value)
{
    struct crowd *crowd = arg;
    (void)value;
    NEED(key && strchr(key, '/'));
    atomic_fetch_add(&crowd->statistics, 1);
}

static void collect_alone(struct crowd *crowd, long round)
{
    struct nvitop_collector_options options;
    struct nvitop_collector *collector;
    nvitop_collector_options_init(&options);
    options.interval = 0.005;
    GOES_WELL(nvitop_collector_new(crowd->session, &options, &collector));
    GOES_WELL(nvitop_collector_activate(collector, "train"));
    GOES_WELL(nvitop_collector_activate(collector, "epoch"));
    GIVES(NVITOP_EDUPLICATE, nvitop_collector_activate(collector, "train"));
    GOES_WELL(nvitop_collector_collect(collector, count_statistic, crowd));
    GOES_WELL(nvitop_collector_clear(collector, "epoch"));
    GOES_WELL(nvitop_collector_sample(collector));
    GOES_WELL(nvitop_collector_collect(collector, count_statistic, crowd));
    GOES_WELL(nvitop_collector_deactivate(collector, round % 2 ? "train" : NULL));
    nvitop_collector_free(collector); /* with a window open, every other time */
}

static void add_and_read(struct nvitop_collector *collector)
{
    const char *const names[] = { "mine (x)", "yours (x)" };
    const double numbers[] = { 1, 2 };
    double values[32];
    size_t count, size;
    uint64_t layout;
    char *keys;
    GOES_WELL(nvitop_collector_add(collector, 0.001, names, numbers, 2));
    int status = nvitop_collector_values(collector, values, 32, &count, &layout);
    NEED(status == NVITOP_OK || status == NVITOP_ESTATE);
    status = nvitop_collector_keys(collector, &keys, &size, &layout);
    NEED(status == NVITOP_OK || status == NVITOP_ESTATE);
    if (status == NVITOP_OK)
        nvitop_text_free(keys);
}

/* Three share one: a window that is closed takes those inside it along, whoever opened them. */
static void collect_together(struct crowd *crowd, long round)
{
    char tag[32];
    snprintf(tag, sizeof(tag), "window %ld", round % 5);
    int status = nvitop_collector_activate(crowd->shared, tag);
    NEED(status == NVITOP_OK || status == NVITOP_EDUPLICATE);
    status = nvitop_collector_collect(crowd->shared, count_statistic, crowd);
    NEED(status == NVITOP_OK || status == NVITOP_ESTATE);
    add_and_read(crowd->shared);
    status = nvitop_collector_clear(crowd->shared, round % 2 ? tag : NULL);
    NEED(status == NVITOP_OK || status == NVITOP_ESTATE || status == NVITOP_ENOTFOUND);
    GOES_WELL(nvitop_collector_sample(crowd->shared));
    status = nvitop_collector_deactivate(crowd->shared, tag);
    NEED(status == NVITOP_OK || status == NVITOP_ESTATE || status == NVITOP_ENOTFOUND);
}

/* ---- all of them ---- */

struct member {
    void (*play)(struct crowd *crowd, long round);
    struct crowd *crowd;
    long rounds;
};

static void (*const roles[])(struct crowd *crowd, long round) = {
    keep_time,      read_devices,     read_devices,     read_devices,
    list_processes, list_processes,   look_up,          ask_host,
    see_devices,    choose,           snapshot_some,    collect_alone,
    collect_alone,  collect_together, collect_together, collect_together,
};

static void *run_member(void *arg)
{
    struct member *member = arg;
    struct crowd *crowd = member->crowd;
    while (now() < crowd->end || atomic_load(&crowd->steps) < STEPS_MIN)
        member->play(member->crowd, member->rounds++);
    return NULL;
}

static void open_crowd(struct crowd *crowd, const char *library, const char *clock)
{
    FILE *file = fopen(clock, "r+e");
    NEED(file);
    crowd->clock_fd = fileno(file); /* open as long as the program */
    step_clock(crowd, 0);
    crowd->session = open_session(library, 0, 0);
    GOES_WELL(nvitop_metric_list(NVITOP_SCOPE_DEVICE, crowd->device_ids, METRICS_MAX,
                                 &crowd->device_id_count));
    GOES_WELL(
        nvitop_metric_list(NVITOP_SCOPE_HOST, crowd->host_ids, METRICS_MAX, &crowd->host_id_count));
    GOES_WELL(nvitop_collector_new(crowd->session, NULL, &crowd->shared));
    keep_time(crowd, 0); /* a session keeps a thread for command lines from its first snapshot on */
}

static void need_trouble(const struct crowd *crowd)
{
    size_t came_back = 0;
    for (size_t i = 0; i < DEVICES_MAX; i++)
        came_back += crowd->came_back[i];
    NEED(came_back >= 2);
    NEED(crowd->statistics > 0);
}

int main(int argc, char **argv)
{
    static struct crowd crowd;
    struct member members[LEN(roles)];
    NEED(argc == 4);
    open_crowd(&crowd, argv[1], argv[2]);
    long threads = thread_count(), descriptors = descriptor_count();
    crowd.end = now() + strtod(argv[3], NULL);
    for (size_t i = 0; i < LEN(roles); i++) {
        members[i] = (struct member){ roles[i], &crowd, 0 };
        start_thread(run_member, &members[i]);
    }
    join_threads();
    nvitop_collector_free(crowd.shared);
    NEED(threads_fall_to(threads, 10));
    NEED(descriptor_count() <= descriptors + KEPT_DESCRIPTORS);
    nvitop_session_close(crowd.session);
    for (size_t i = 0; i < LEN(roles); i++) {
        fprintf(stderr, "thread %zu: %ld rounds\n", i, members[i].rounds);
        NEED(members[i].rounds >= 2);
    }
    need_trouble(&crowd);
    return 0;
}
