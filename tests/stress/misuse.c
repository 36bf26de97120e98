/*
 * A caller who does everything wrong that the header does not forbid: NULL where an object is
 * needed, ids that are none, absurd counts, closing what was never opened, intervals that are no
 * number, huge tags, ten thousand windows. Each is refused with the status that is promised, and
 * leaves the outputs alone.
 *
 * usage: misuse LIBRARY
 */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress.h"

enum { TAG_SIZE = 1024 * 1024, WINDOWS = 10000 };

static const int bad_ids[] = { 0, -1, 999, 1999, 2999, 3999, INT_MAX, INT_MIN };
static const struct nvitop_index bad_indices[] = {
    { -1, -1 }, { 2, -1 }, { INT_MAX, -1 }, { INT_MIN, INT_MIN }
};

/* What outputs are before a call that must leave them alone. */
static char untouched;
#define UNTOUCHED ((void *)&untouched)

/* ---- nothing where something is needed ---- */

static void give_null_devices(void)
{
    struct nvitop_value value;
    struct nvitop_process process;
    struct nvitop_device *device = UNTOUCHED;
    size_t count = 77;
    void *handle = UNTOUCHED;
    int id = NVITOP_DEV_NAME;
    GIVES(NVITOP_EINVAL, nvitop_device_status(NULL));
    GIVES(NVITOP_EINVAL, nvitop_device_nvml_code(NULL, NULL));
    GIVES(NVITOP_EINVAL, nvitop_device_cache_clear(NULL));
    GIVES(NVITOP_EINVAL, nvitop_device_read(NULL, &id, 1, &value));
    GIVES(NVITOP_EINVAL, nvitop_device_nvml_handle(NULL, &handle));
    GIVES(NVITOP_EINVAL, nvitop_device_processes(NULL, &process, sizeof(process), 1, &count));
    GIVES(NVITOP_EINVAL, nvitop_device_mig_children(NULL, &device, 1, &count));
    NEED(nvitop_device_parent(NULL) == NULL);
    NEED(nvitop_device_index(NULL).physical == -1);
    NEED(count == 77 && handle == UNTOUCHED && device == UNTOUCHED);
}

static void give_null_sessions(void)
{
    struct nvitop_index index = { 0, -1 };
    struct nvitop_device *device = UNTOUCHED;
    struct nvitop_snapshot *snapshot = UNTOUCHED;
    struct nvitop_collector *collector = UNTOUCHED;
    struct nvitop_failure failure = { .size = sizeof(failure) };
    struct nvitop_value value;
    uint32_t gpus = 77;
    size_t count = 77;
    GIVES(NVITOP_EINVAL, nvitop_session_open(NULL, NULL));
    nvitop_session_close(NULL);
    GIVES(NVITOP_EINVAL, nvitop_session_after_fork(NULL));
    GIVES(NVITOP_EINVAL, nvitop_session_status(NULL));
    GIVES(NVITOP_EINVAL, nvitop_session_failure(NULL, &failure));
    GIVES(NVITOP_EINVAL, nvitop_driver_version(NULL, &value));
    GIVES(NVITOP_EINVAL, nvitop_cuda_driver_version(NULL, &value));
    GIVES(NVITOP_EINVAL, nvitop_nvml_version(NULL, &value));
    GIVES(NVITOP_EINVAL, nvitop_nvml_path(NULL, &value));
    GIVES(NVITOP_EINVAL, nvitop_host_read(NULL, NULL, 0, NULL));
    GIVES(NVITOP_EINVAL, nvitop_device_count(NULL, &gpus));
    GIVES(NVITOP_EINVAL, nvitop_device_list(NULL, 0, &device, 1, &count));
    GIVES(NVITOP_EINVAL, nvitop_device_by_index(NULL, index, &device));
    GIVES(NVITOP_EINVAL, nvitop_device_by_uuid(NULL, "GPU-", &device));
    GIVES(NVITOP_EINVAL, nvitop_device_by_bus_id(NULL, "0000:01:00.0", &device));
    GIVES(NVITOP_EINVAL, nvitop_visible_devices(NULL, "0", 0, &index, 1, &count));
    GIVES(NVITOP_EINVAL, nvitop_select_run(NULL, NULL, NULL, 0, &device, 1, &count));
    GIVES(NVITOP_EINVAL, nvitop_snapshot_take(NULL, NULL, &snapshot));
    GIVES(NVITOP_EINVAL, nvitop_collector_new(NULL, NULL, &collector));
    NEED(gpus == 77 && count == 77 && snapshot == UNTOUCHED && device == UNTOUCHED);
    NEED(collector == UNTOUCHED);
}

static void ignore(void *arg, const char *key, double value)
{
    (void)value;
    NEED(key);
    if (arg)
        ++*(size_t *)arg;
}

static void give_null_objects(void)
{
    struct nvitop_device_row device_row = { .size = sizeof(device_row) };
    struct nvitop_process_row process_row = { .size = sizeof(process_row) };
    struct nvitop_stats_result result;
    struct nvitop_value value;
    char *json = UNTOUCHED;
    nvitop_snapshot_unref(NULL);
    NEED(nvitop_snapshot_ref(NULL) == NULL);
    NEED(nvitop_snapshot_device_count(NULL) == 0);
    NEED(nvitop_snapshot_process_count(NULL) == 0);
    nvitop_snapshot_epoch(NULL);
    GIVES(NVITOP_EINVAL, nvitop_snapshot_device(NULL, 0, &device_row));
    GIVES(NVITOP_EINVAL, nvitop_snapshot_process(NULL, 0, &process_row));
    GIVES(NVITOP_EINVAL, nvitop_snapshot_get(NULL, NVITOP_DEV_NAME, 0, &value));
    GIVES(NVITOP_EINVAL, nvitop_snapshot_json(NULL, 0, &json));
    NEED(json == UNTOUCHED);
    nvitop_text_free(NULL);
    GIVES(NVITOP_EINVAL, nvitop_stats_new(0, NULL));
    nvitop_stats_free(NULL);
    nvitop_stats_add(NULL, 0, 0);
    nvitop_stats_get(NULL, 0, &result);
    nvitop_collector_free(NULL);
    GIVES(NVITOP_EINVAL, nvitop_collector_activate(NULL, "tag"));
    GIVES(NVITOP_EINVAL, nvitop_collector_deactivate(NULL, "tag"));
    GIVES(NVITOP_EINVAL, nvitop_collector_clear(NULL, "tag"));
    GIVES(NVITOP_EINVAL, nvitop_collector_sample(NULL));
    GIVES(NVITOP_EINVAL, nvitop_collector_add(NULL, 0, NULL, NULL, 0));
    GIVES(NVITOP_EINVAL, nvitop_collector_is_due(NULL));
    GIVES(NVITOP_EINVAL, nvitop_collector_values(NULL, NULL, 0, NULL, NULL));
    GIVES(NVITOP_EINVAL, nvitop_collector_keys(NULL, NULL, NULL, NULL));
    GIVES(NVITOP_EINVAL, nvitop_collector_collect(NULL, ignore, NULL));
}

static void give_null_structs(void)
{
    size_t count = 77;
    nvitop_options_init(NULL);
    nvitop_select_init(NULL);
    nvitop_snapshot_request_init(NULL);
    nvitop_collector_options_init(NULL);
    NEED(isnan(nvitop_value_real(NULL)));
    NEED(nvitop_value_format(NULL, 0, NULL, 0) == NVITOP_EINVAL);
    GIVES(NVITOP_EINVAL, nvitop_metric_info(NVITOP_DEV_NAME, NULL));
    GIVES(NVITOP_EINVAL, nvitop_metric_list(NVITOP_SCOPE_DEVICE, NULL, 3, &count));
    GIVES(NVITOP_EINVAL, nvitop_metric_list(NVITOP_SCOPE_DEVICE, NULL, 0, NULL));
    NEED(nvitop_metric_id(NVITOP_SCOPE_DEVICE, NULL) < 0);
    NEED(count == 77);
    NEED(nvitop_human_bytes(NULL, NULL) == NVITOP_EINVAL);
    NEED(nvitop_bytes_human(1, 1, NULL, 7) == NVITOP_EINVAL);
    NEED(nvitop_seconds_human(1, 0, NULL, 7) == NVITOP_EINVAL);
    NEED(nvitop_command_join(NULL, 3, NULL, 0) == NVITOP_EINVAL);
}

/* ---- what is none, or far too many ---- */

static void give_bad_words(void)
{
    static const int numbers[] = { INT_MIN, -100, 1, 100, INT_MAX };
    struct nvitop_metric_row row = { .size = sizeof(row) };
    struct nvitop_value value = { .kind = 200, .why = 200 };
    char text[16];
    for (size_t i = 0; i < LEN(numbers); i++) {
        NEED(nvitop_status_text(numbers[i])[0]);
        NEED(nvitop_why_text(numbers[i])[0]);
        NEED(nvitop_metric_list(numbers[i] + 1, NULL, 0, &(size_t){ 0 }) <= 0);
        NEED(nvitop_metric_id(numbers[i], "temperature") < 0 || numbers[i] == NVITOP_SCOPE_DEVICE);
        nvitop_value_format(&value, numbers[i], text, sizeof(text));
    }
    NEED(isnan(nvitop_value_real(&value)));
    for (size_t i = 0; i < LEN(bad_ids); i++)
        GIVES(NVITOP_EINVAL, nvitop_metric_info(bad_ids[i], &row));
    row.size = 0;
    GIVES(NVITOP_EINVAL, nvitop_metric_info(NVITOP_DEV_NAME, &row));
}

static void give_bad_numbers(void)
{
    static const double numbers[] = { NAN, INFINITY, -INFINITY, -1, 0, 1e308, -1e308, 5e-324 };
    static const char *const texts[] = { "", "B", "-1", "1e9999", "nan", "0x10", "1 2", "GiB" };
    char text[8];
    double bytes = 77;
    for (size_t i = 0; i < LEN(numbers); i++)
        for (size_t j = 0; j < LEN(numbers); j++) {
            int len = nvitop_bytes_human(numbers[i], numbers[j], text, sizeof(text));
            NEED(len == NVITOP_EINVAL || (len > 0 && strlen(text) < sizeof(text)));
            len = nvitop_seconds_human(numbers[i], (uint32_t)j, text, sizeof(text));
            NEED(len == NVITOP_EINVAL || (len > 0 && strlen(text) < sizeof(text)));
        }
    for (size_t i = 0; i < LEN(texts); i++)
        GIVES(NVITOP_EINVAL, nvitop_human_bytes(texts[i], &bytes));
    NEED(bytes == 77);
}

static void give_bad_series(void)
{
    static const double numbers[] = { NAN, INFINITY, -INFINITY, 1e308, -1e308, 0 };
    struct nvitop_stats *stats;
    struct nvitop_stats_result result;
    for (size_t i = 0; i < LEN(numbers); i++) {
        if (nvitop_stats_new(numbers[i], &stats) < 0)
            continue;
        for (size_t j = 0; j < LEN(numbers); j++) {
            nvitop_stats_add(stats, numbers[j], numbers[i]);
            nvitop_stats_add(stats, (double)j, numbers[j]);
        }
        nvitop_stats_get(stats, numbers[LEN(numbers) - 1 - i], &result);
        nvitop_stats_get(stats, 0, NULL);
        nvitop_stats_free(stats);
    }
}

static void give_bad_options(const char *library)
{
    struct nvitop_session *session = UNTOUCHED;
    struct nvitop_options options;
    nvitop_options_init(&options);
    options.nvml_path = library;
    options.flags = ~0u;
    GIVES(NVITOP_EINVAL, nvitop_session_open(&options, &session));
    nvitop_options_init(&options);
    options.size = 0;
    GIVES(NVITOP_EINVAL, nvitop_session_open(&options, &session));
    nvitop_options_init(&options);
    options.nvml_path = "/nonexistent/libnvidia-ml.so.1";
    GIVES(NVITOP_ENOLIB, nvitop_session_open(&options, &session));
    options.nvml_path = library;
    options.procfs = "/nonexistent";
    GIVES(NVITOP_ENOTFOUND, nvitop_session_open(&options, &session));
    NEED(session == UNTOUCHED);
}

static void give_bad_indices(struct nvitop_session *session)
{
    static const char *const names[] = { "GPU-zz", "gpu", "MIG-", "\xff\xfe", "1" };
    struct nvitop_device *device = UNTOUCHED;
    for (size_t i = 0; i < LEN(bad_indices); i++)
        NEED(nvitop_device_by_index(session, bad_indices[i], &device) < 0);
    GIVES(NVITOP_ENOTFOUND,
          nvitop_device_by_index(session, (struct nvitop_index){ 0, 3 }, &device));
    for (size_t i = 0; i < LEN(names); i++) {
        GIVES(NVITOP_ENOTFOUND, nvitop_device_by_uuid(session, names[i], &device));
        GIVES(NVITOP_ENOTFOUND, nvitop_device_by_bus_id(session, names[i], &device));
    }
    GIVES(NVITOP_EINVAL, nvitop_device_by_uuid(session, NULL, &device));
    GIVES(NVITOP_EINVAL, nvitop_device_by_bus_id(session, NULL, &device));
    GIVES(NVITOP_EDUPLICATE, nvitop_device_by_uuid(session, "GPU-", &device));
    NEED(device == UNTOUCHED);
}

static void give_bad_arrays(struct nvitop_session *session)
{
    struct nvitop_device *devices[4] = { UNTOUCHED, UNTOUCHED, UNTOUCHED, UNTOUCHED };
    struct nvitop_value values[LEN(bad_ids)];
    size_t count = 77;
    GIVES(NVITOP_EINVAL, nvitop_device_list(session, 0, NULL, SIZE_MAX, &count));
    GIVES(NVITOP_EINVAL, nvitop_device_list(session, 0, devices, 4, NULL));
    GIVES(NVITOP_EINVAL, nvitop_device_list(session, ~0u, devices, 4, &count));
    NEED(count == 77);
    GOES_WELL(nvitop_device_list(session, 0, devices, 1, &count));
    NEED(count == 2 && devices[0] != UNTOUCHED && devices[1] == UNTOUCHED);
    GOES_WELL(nvitop_device_list(session, 0, devices, SIZE_MAX, &count));
    NEED(count == 2 && devices[2] == UNTOUCHED);
    memset(values, 0x55, sizeof(values));
    for (size_t i = 0; i < LEN(bad_ids); i++) {
        GIVES(NVITOP_EINVAL, nvitop_device_read(devices[0], &bad_ids[i], 1, values));
        GIVES(NVITOP_EINVAL, nvitop_host_read(session, &bad_ids[i], 1, values));
    }
    NEED(values[0].kind == 0x55);
    GIVES(NVITOP_EINVAL, nvitop_device_read(devices[0], NULL, 5, values));
    GIVES(NVITOP_EINVAL, nvitop_device_read(devices[0], bad_ids, 5, NULL));
    GOES_WELL(nvitop_device_read(devices[0], NULL, 0, NULL));
}

/* The same id many thousand times over is a strange wish, but one that can be met. */
static void repeat_an_id(struct nvitop_session *session)
{
    enum { TIMES = 100000 };
    struct nvitop_device *device;
    int *ids = malloc(TIMES * sizeof(*ids));
    struct nvitop_value *values = malloc(TIMES * sizeof(*values));
    NEED(ids && values);
    for (size_t i = 0; i < TIMES; i++)
        ids[i] = i % 2 ? NVITOP_DEV_NAME : NVITOP_DEV_TEMPERATURE;
    GOES_WELL(nvitop_device_by_index(session, (struct nvitop_index){ 0, -1 }, &device));
    GOES_WELL(nvitop_device_read(device, ids, TIMES, values));
    NEED(values[TIMES - 1].kind == NVITOP_TEXT && values[TIMES - 2].kind == NVITOP_INT);
    free(ids);
    free(values);
}

static void give_bad_snapshots(struct nvitop_session *session)
{
    struct nvitop_device_row row = { .size = sizeof(row) };
    struct nvitop_snapshot *snapshot = UNTOUCHED;
    struct nvitop_snapshot_request request;
    struct nvitop_device *nobody = NULL;
    struct nvitop_value value;
    nvitop_snapshot_request_init(&request);
    request.devices = &nobody;
    request.device_count = 1;
    GIVES(NVITOP_EINVAL, nvitop_snapshot_take(session, &request, &snapshot));
    nvitop_snapshot_request_init(&request);
    request.metrics = bad_ids;
    request.metric_count = LEN(bad_ids);
    GIVES(NVITOP_EINVAL, nvitop_snapshot_take(session, &request, &snapshot));
    GIVES(NVITOP_EINVAL, nvitop_snapshot_take(session, NULL, NULL));
    NEED(snapshot == UNTOUCHED);
    GOES_WELL(nvitop_snapshot_take(session, NULL, &snapshot));
    GIVES(NVITOP_ENOTFOUND, nvitop_snapshot_device(snapshot, SIZE_MAX, &row));
    row.size = 3;
    GIVES(NVITOP_EINVAL, nvitop_snapshot_device(snapshot, 0, &row));
    GIVES(NVITOP_ENOTFOUND, nvitop_snapshot_get(snapshot, NVITOP_DEV_NAME, SIZE_MAX, &value));
    for (size_t i = 0; i < LEN(bad_ids); i++)
        GIVES(NVITOP_EINVAL, nvitop_snapshot_get(snapshot, bad_ids[i], 0, &value));
    GIVES(NVITOP_EINVAL, nvitop_snapshot_get(snapshot, NVITOP_DEV_NAME, 0, NULL));
    nvitop_snapshot_unref(snapshot);
}

/* ---- selection ---- */

static void give_bad_selections(struct nvitop_session *session)
{
    static const double numbers[] = { NAN, INFINITY, -INFINITY, 1e308 };
    struct nvitop_device *devices[4];
    struct nvitop_select select;
    size_t count = 77;
    nvitop_select_init(&select);
    select.min_count = 3;
    select.max_count = 2;
    GIVES(NVITOP_EINVAL, nvitop_select_run(session, &select, NULL, 0, devices, 4, &count));
    nvitop_select_init(&select);
    select.tolerance_percent = -1;
    GIVES(NVITOP_EINVAL, nvitop_select_run(session, &select, NULL, 0, devices, 4, &count));
    nvitop_select_init(&select);
    select.free_user_count = 3;
    GIVES(NVITOP_EINVAL, nvitop_select_run(session, &select, NULL, 0, devices, 4, &count));
    NEED(count == 77);
    for (size_t i = 0; i < LEN(numbers); i++) {
        nvitop_select_init(&select);
        select.min_free_bytes = select.tolerance_percent = numbers[i];
        int status = nvitop_select_run(session, &select, NULL, 0, devices, 4, &count);
        NEED(status == NVITOP_OK || status == NVITOP_EINVAL);
    }
}

/* ---- collectors ---- */

static void give_bad_intervals(struct nvitop_session *session)
{
    static const double refused[] = { NAN, -1, 0, -INFINITY, INFINITY };
    static const double taken[] = { 1e-300, 1e300 };
    struct nvitop_collector *collector = UNTOUCHED;
    struct nvitop_collector_options options;
    for (size_t i = 0; i < LEN(refused); i++) {
        nvitop_collector_options_init(&options);
        options.interval = refused[i];
        if (refused[i] < INFINITY || isnan(refused[i]))
            GIVES(NVITOP_EINVAL, nvitop_collector_new(session, &options, &collector));
    }
    NEED(collector == UNTOUCHED);
    for (size_t i = 0; i < LEN(taken); i++) {
        nvitop_collector_options_init(&options);
        options.interval = taken[i];
        GOES_WELL(nvitop_collector_new(session, &options, &collector));
        GOES_WELL(nvitop_collector_activate(collector, "odd"));
        GOES_WELL(nvitop_collector_collect(collector, ignore, NULL));
        nvitop_collector_free(collector);
    }
}

static void give_huge_tag(struct nvitop_collector *collector)
{
    char *tag = malloc(TAG_SIZE + 1);
    size_t statistics = 0;
    NEED(tag);
    memset(tag, 't', TAG_SIZE);
    tag[TAG_SIZE] = 0;
    int status = nvitop_collector_activate(collector, tag);
    if (status == NVITOP_OK) {
        GIVES(NVITOP_EDUPLICATE, nvitop_collector_activate(collector, tag));
        GOES_WELL(nvitop_collector_collect(collector, ignore, &statistics));
        NEED(statistics > 0);
        GOES_WELL(nvitop_collector_deactivate(collector, tag));
    } else {
        NEED(status == NVITOP_EINVAL || status == NVITOP_ETOOBIG);
    }
    free(tag);
}

/* All of them stay open together, or too many are refused; each opened one can be closed. */
static void open_many_windows(struct nvitop_collector *collector)
{
    char tag[32];
    long opened = 0;
    int status = NVITOP_OK;
    for (long i = 0; i < WINDOWS && status == NVITOP_OK; i++) {
        snprintf(tag, sizeof(tag), "window %ld", i);
        status = nvitop_collector_activate(collector, tag);
        opened += status == NVITOP_OK;
    }
    NEED(status == NVITOP_OK || status == NVITOP_ETOOBIG);
    NEED(opened >= 100);
    GOES_WELL(nvitop_collector_sample(collector));
    GOES_WELL(nvitop_collector_collect(collector, ignore, NULL));
    GOES_WELL(nvitop_collector_clear(collector, "window 7"));
    GOES_WELL(nvitop_collector_deactivate(collector, "window 50"));
    GIVES(NVITOP_ENOTFOUND, nvitop_collector_deactivate(collector, "window 50"));
    GIVES(NVITOP_ENOTFOUND, nvitop_collector_clear(collector, "window 99"));
    GOES_WELL(nvitop_collector_deactivate(collector, "window 0"));
    GIVES(NVITOP_ESTATE, nvitop_collector_deactivate(collector, "window 0"));
}

static void misuse_collectors(struct nvitop_session *session)
{
    struct nvitop_collector *collector;
    give_bad_intervals(session);
    GOES_WELL(nvitop_collector_new(session, NULL, &collector));
    GIVES(NVITOP_ESTATE, nvitop_collector_collect(collector, ignore, NULL));
    GIVES(NVITOP_ESTATE, nvitop_collector_clear(collector, NULL));
    GIVES(NVITOP_ESTATE, nvitop_collector_deactivate(collector, "none"));
    GOES_WELL(nvitop_collector_deactivate(collector, NULL)); /* the innermost, if any */
    GIVES(NVITOP_EINVAL, nvitop_collector_activate(collector, NULL));
    GIVES(NVITOP_EINVAL, nvitop_collector_collect(collector, NULL, NULL));
    give_huge_tag(collector);
    open_many_windows(collector);
    nvitop_collector_free(collector);
}

/* A session that is closed before its collector: freeing that is all it is good for. */
static void close_in_wrong_order(const char *library)
{
    struct nvitop_collector *collector;
    struct nvitop_snapshot *snapshot;
    struct nvitop_session *session = open_session(library, 0, 0);
    GOES_WELL(nvitop_collector_new(session, NULL, &collector));
    GOES_WELL(nvitop_collector_activate(collector, "open"));
    GOES_WELL(nvitop_snapshot_take(session, NULL, &snapshot));
    nvitop_session_close(session);
    nvitop_collector_free(collector);
    need_whole_snapshot(snapshot, NVITOP_CONDITION_OK);
    nvitop_snapshot_unref(snapshot);
}

int main(int argc, char **argv)
{
    NEED(argc == 2);
    give_null_devices();
    give_null_sessions();
    give_null_objects();
    give_null_structs();
    give_bad_words();
    give_bad_numbers();
    give_bad_series();
    give_bad_options(argv[1]);
    struct nvitop_session *session = open_session(argv[1], 0, 0);
    give_bad_indices(session);
    give_bad_arrays(session);
    repeat_an_id(session);
    give_bad_snapshots(session);
    give_bad_selections(session);
    misuse_collectors(session);
    nvitop_session_close(session);
    close_in_wrong_order(argv[1]);
    return 0;
}
