/*
 * Every public function at least once, in the order of the header, so that a checker for memory
 * and descriptors sees all of them; a test compares what this program links with what the library
 * exports. What they answer is only glanced at: other tests know better.
 *
 * usage: every LIBRARY   over a scenario with a GPU in MIG mode and processes
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stress.h"

enum { MANY = 64 };

/* ---- what needs no session ---- */

static void use_words(void)
{
    struct nvitop_value value = { .kind = NVITOP_INT, .u.i = 66000 };
    struct nvitop_metric_row row = { .size = sizeof(row) };
    int ids[256];
    size_t count;
    char text[64];
    NEED(nvitop_version()[0] && nvitop_abi_version() == NVITOP_ABI);
    NEED(nvitop_status_text(NVITOP_ELOST)[0] && nvitop_why_text(NVITOP_WHY_LOST)[0]);
    NEED(nvitop_value_real(&value) == 66000);
    NEED(nvitop_value_format(&value, NVITOP_UNIT_MILLIWATT, text, sizeof(text)) > 0);
    GOES_WELL(nvitop_metric_info(NVITOP_DEV_TEMPERATURE, &row));
    NEED(nvitop_metric_id(NVITOP_SCOPE_DEVICE, row.name) == NVITOP_DEV_TEMPERATURE);
    GOES_WELL(nvitop_metric_list(NVITOP_SCOPE_PROCESS, ids, LEN(ids), &count));
}

static void use_texts(void)
{
    static const char *const words[] = { "python3", "a file.py", "it's" };
    char text[64];
    double bytes;
    NEED(nvitop_bytes_human(20480, 1024, text, sizeof(text)) > 0);
    GOES_WELL(nvitop_human_bytes("1.5 GiB", &bytes));
    NEED(nvitop_seconds_human(90061, NVITOP_SECONDS_ROUND, text, sizeof(text)) > 0);
    NEED(nvitop_command_join(words, LEN(words), text, sizeof(text)) > 0);
}

static void use_stats(void)
{
    struct nvitop_stats *stats;
    struct nvitop_stats_result result;
    GOES_WELL(nvitop_stats_new(0, &stats));
    nvitop_stats_add(stats, 0, 1);
    nvitop_stats_add(stats, 2, 3);
    nvitop_stats_get(stats, 2, &result);
    NEED(fabs(result.mean - 2) < 1e-9 && result.max >= 3);
    nvitop_stats_free(stats);
}

/* ---- what does ---- */

static void use_host_processes(struct nvitop_session *session)
{
    struct nvitop_host_process *rows;
    uint32_t pids[] = { 1, (uint32_t)getpid(), UINT32_MAX };
    for (uint32_t flags = 0; flags <= NVITOP_HOST_PROCESS_COMMAND; flags++) {
        GOES_WELL(nvitop_host_processes(session, pids, LEN(pids), flags, sizeof(*rows), &rows));
        NEED(rows[1].start_ticks > 0 && rows[2].presence == NVITOP_PRESENCE_GONE);
        nvitop_host_processes_free(rows);
    }
}

static void use_session(struct nvitop_session *session)
{
    static const int host[] = { NVITOP_HOST_CPU_PERCENT, NVITOP_HOST_MEMORY_TOTAL };
    struct nvitop_failure failure = { .size = sizeof(failure) };
    struct nvitop_value values[4];
    GOES_WELL(nvitop_session_status(session));
    GOES_WELL(nvitop_session_failure(session, &failure));
    GOES_WELL(nvitop_driver_version(session, &values[0]));
    GOES_WELL(nvitop_cuda_driver_version(session, &values[1]));
    GOES_WELL(nvitop_nvml_version(session, &values[2]));
    GOES_WELL(nvitop_nvml_path(session, &values[3]));
    GOES_WELL(nvitop_host_read(session, host, LEN(host), values));
    use_host_processes(session);
    GOES_WELL(nvitop_session_after_fork(session)); /* in the parent, where it does nothing */
}

static void use_device(struct nvitop_session *session, struct nvitop_device *device)
{
    static const int ids[] = { NVITOP_DEV_UUID, NVITOP_DEV_BUS_ID, NVITOP_DEV_MEMORY_USED };
    struct nvitop_value values[LEN(ids)];
    struct nvitop_device *found, *children[MANY];
    struct nvitop_process rows[MANY];
    size_t count;
    void *handle;
    int32_t code;
    GOES_WELL(nvitop_device_by_index(session, nvitop_device_index(device), &found));
    NEED(found == device && !nvitop_device_parent(device));
    GOES_WELL(nvitop_device_mig_children(device, children, MANY, &count));
    GOES_WELL(nvitop_device_status(device));
    GOES_WELL(nvitop_device_nvml_code(device, &code));
    NEED(code == 0);
    GOES_WELL(nvitop_device_read(device, ids, LEN(ids), values));
    NEED(values[0].kind == NVITOP_TEXT && values[1].kind == NVITOP_TEXT);
    GOES_WELL(nvitop_device_by_uuid(session, values[0].u.text, &found));
    GOES_WELL(nvitop_device_by_bus_id(session, values[1].u.text, &found));
    GOES_WELL(nvitop_device_cache_clear(device));
    GOES_WELL(nvitop_device_nvml_handle(device, &handle));
    GOES_WELL(nvitop_device_processes(device, rows, sizeof(*rows), MANY, &count));
}

static void use_devices(struct nvitop_session *session)
{
    struct nvitop_device *devices[MANY];
    uint32_t gpus;
    size_t count;
    GOES_WELL(nvitop_device_count(session, &gpus));
    GOES_WELL(nvitop_device_list(session, NVITOP_LIST_LEAVES, devices, MANY, &count));
    GOES_WELL(nvitop_device_list(session, 0, devices, MANY, &count));
    NEED(count == gpus);
    for (size_t i = 0; i < count; i++)
        use_device(session, devices[i]);
}

static void use_choice(struct nvitop_session *session)
{
    static const char *const users[] = { "root" };
    struct nvitop_index indices[MANY];
    struct nvitop_device *devices[MANY];
    struct nvitop_select select;
    size_t count;
    GOES_WELL(nvitop_visible_devices(session, "0", 0, indices, MANY, &count));
    GOES_WELL(
        nvitop_visible_devices(session, NULL, NVITOP_VISIBLE_PCI_ORDER, indices, MANY, &count));
    nvitop_select_init(&select);
    select.free_users = users;
    select.free_user_count = LEN(users);
    GOES_WELL(nvitop_select_run(session, &select, NULL, 0, devices, MANY, &count));
}

static void use_snapshot(struct nvitop_session *session)
{
    struct nvitop_snapshot_request request;
    struct nvitop_snapshot *snapshot;
    char *json;
    nvitop_snapshot_request_init(&request);
    request.flags = NVITOP_SNAPSHOT_BLOCKING;
    for (int i = 0; i < 3; i++) {
        GOES_WELL(nvitop_snapshot_take(session, &request, &snapshot));
        nvitop_snapshot_unref(nvitop_snapshot_ref(snapshot));
        need_whole_snapshot(snapshot, NVITOP_CONDITION_OK);
        NEED(nvitop_snapshot_device_count(snapshot) > 0 && nvitop_snapshot_epoch(snapshot) > 0);
        NEED(nvitop_snapshot_process_count(snapshot) > 0);
        GOES_WELL(nvitop_snapshot_json(snapshot, NVITOP_JSON_PRETTY, &json));
        NEED(json[0] == '{');
        nvitop_text_free(json);
        nvitop_snapshot_unref(snapshot);
    }
}

static void ignore(void *arg, const char *key, double value)
{
    (void)value;
    *(bool *)arg = key != NULL;
}

static void use_figures(struct nvitop_collector *collector)
{
    const char *const names[] = { "mine (x)" };
    const double numbers[] = { 1 };
    double values[16];
    size_t count, size;
    uint64_t layout, same;
    char *keys;
    GOES_WELL(nvitop_collector_add(collector, 0, names, numbers, 1));
    NEED(nvitop_collector_is_due(collector) >= 0);
    GOES_WELL(nvitop_collector_values(collector, values, 16, &count, &layout));
    GOES_WELL(nvitop_collector_keys(collector, &keys, &size, &same));
    NEED(count > 16 && strlen(keys) < size);
    nvitop_text_free(keys);
}

static void use_collector(struct nvitop_session *session)
{
    static const int32_t everybody = 1;
    struct nvitop_collector_options options;
    struct nvitop_collector *collector;
    bool was_told = false;
    nvitop_collector_options_init(&options);
    options.root_pids = &everybody;
    options.root_pid_count = 1;
    options.interval = 0.01;
    GOES_WELL(nvitop_collector_new(session, &options, &collector));
    GOES_WELL(nvitop_collector_activate(collector, "outer"));
    GOES_WELL(nvitop_collector_activate(collector, "inner"));
    GOES_WELL(nvitop_collector_sample(collector));
    GOES_WELL(nvitop_collector_collect(collector, ignore, &was_told));
    use_figures(collector);
    GOES_WELL(nvitop_collector_clear(collector, NULL));
    GOES_WELL(nvitop_collector_deactivate(collector, "inner"));
    NEED(was_told);
    nvitop_collector_free(collector); /* while the outer window is open */
}

int main(int argc, char **argv)
{
    struct nvitop_options options;
    struct nvitop_session *session;
    NEED(argc == 2);
    use_words();
    use_texts();
    use_stats();
    nvitop_options_init(&options);
    options.nvml_path = argv[1];
    GOES_WELL(nvitop_session_open(&options, &session));
    use_session(session);
    use_devices(session);
    use_choice(session);
    use_snapshot(session);
    use_collector(session);
    nvitop_session_close(session);
    NEED(threads_fall_to(1 + CHECKER_THREADS, 20));
    return 0;
}
