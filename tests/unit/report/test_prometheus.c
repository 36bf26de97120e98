/* Snapshots made by hand, as Prometheus reads them: which samples there are, and with which labels.
 * That the text is in order is the matter of tests/exporter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/metric.h"
#include "core/snapshot.h"
#include "report/exposition.h"
#include "report/prometheus.h"
#include "report/prometheus_compat.h"
#include "report/prometheus_options.h"

enum { EVERYBODY = 1000 };

static void set_process(struct snapshot *snapshot, size_t process, int id, struct value value)
{
    snapshot->processes[process].values[id - NVITOP_PROC_TYPE] = value;
}

static const struct value not_asked = { .kind = NVITOP_NA, .why = NVITOP_WHY_NOT_ASKED };

/* Two GPUs, and no processes; nothing is known of anybody. */
static struct snapshot *new_snapshot(size_t process_count)
{
    struct snapshot *snapshot = snapshot_new();
    snapshot->has_processes = snapshot->has_process_lists = true;
    snapshot->device_count = 2;
    snapshot->devices = arena_array(&snapshot->arena, 2, sizeof(*snapshot->devices));
    for (size_t i = 0; i < 2; i++) {
        snapshot->devices[i] =
            (struct snapshot_device){ .physical = (int32_t)i, .mig = -1, .is_leaf = true };
        for (size_t k = 0; k < NVITOP_DEV_COUNT; k++)
            snapshot->devices[i].values[k] = not_asked;
    }
    for (size_t k = 0; k < NVITOP_HOST_COUNT; k++)
        snapshot->host[k] = not_asked;
    snapshot->processes =
        arena_array(&snapshot->arena, process_count, sizeof(*snapshot->processes));
    return snapshot;
}

static size_t add_process(struct snapshot *snapshot, uint32_t pid, size_t device, int64_t memory)
{
    size_t row = snapshot->process_count++;
    snapshot->processes[row] = (struct snapshot_process){ .pid = pid, .device = device };
    for (size_t k = 0; k < NVITOP_PROC_COUNT; k++)
        snapshot->processes[row].values[k] = not_asked;
    set_process(snapshot, row, NVITOP_PROC_GPU_MEMORY, value_int(memory));
    set_process(snapshot, row, NVITOP_PROC_CPU_TIME, value_real(1.5));
    return row;
}

/* `is_old`: of a sampler that is stuck. */
static void write(const struct snapshot *snapshot, size_t processes_max, bool is_old,
                  struct str *out)
{
    struct prometheus_options how = { .version = "1.0.0", .processes_max = processes_max };
    struct exposition exposition = { .out = out };
    compat_add(&how.compat, "nvitop", strlen("nvitop"));
    if (is_old)
        prometheus_write_old(snapshot, &how, &exposition);
    else
        prometheus_write(snapshot, &how, &exposition);
    exposition_end(&exposition);
}

/* The samples of a family, each a line that ends with a newline; the caller's to free. */
static char *family_of(const struct snapshot *snapshot, size_t processes_max, const char *name)
{
    struct str text = { 0 }, found = { 0 };
    write(snapshot, processes_max, false, &text);
    size_t len = strlen(name);
    for (const char *line = str_text(&text); *line; line = strchr(line, '\n') + 1)
        if (strncmp(line, name, len) == 0 && strchr("{ ", line[len]))
            str_append_bytes(&found, line, (size_t)(strchr(line, '\n') + 1 - line));
    str_done(&text);
    return str_take(&found);
}

static void assert_family(const struct snapshot *snapshot, size_t processes_max, const char *name,
                          const char *expected)
{
    char *found = family_of(snapshot, processes_max, name);
    assert_string_equal(found, expected);
    free(found);
}

/* ---- processes ---- */

static void the_largest_come_first_and_the_rest_not_at_all(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot(4);
    add_process(snapshot, 10, 0, 100);
    add_process(snapshot, 11, 0, 300);
    add_process(snapshot, 12, 1, 100);
    set_process(snapshot, add_process(snapshot, 13, 1, 0), NVITOP_PROC_GPU_MEMORY, not_asked);
    assert_family(snapshot, 2, "nvitop_process_gpu_memory_bytes",
                  "nvitop_process_gpu_memory_bytes{gpu=\"0\",pid=\"11\"} 300\n"
                  "nvitop_process_gpu_memory_bytes{gpu=\"0\",pid=\"10\"} 100\n");
    assert_family(snapshot, EVERYBODY, "nvitop_process_info",
                  "nvitop_process_info{gpu=\"0\",pid=\"11\"} 1\n"
                  "nvitop_process_info{gpu=\"0\",pid=\"10\"} 1\n"
                  "nvitop_process_info{gpu=\"1\",pid=\"12\"} 1\n"
                  "nvitop_process_info{gpu=\"1\",pid=\"13\"} 1\n");
    assert_family(snapshot, 0, "nvitop_process_info", "");
    snapshot_unref(snapshot);
}

static void what_is_the_hosts_is_told_once_of_a_process(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot(5);
    add_process(snapshot, 12, 0, 1);
    add_process(snapshot, 11, 0, 2);
    add_process(snapshot, 12, 1, 3);
    add_process(snapshot, 11, 1, 4);
    add_process(snapshot, 10, 1, 5);
    assert_family(snapshot, EVERYBODY, "nvitop_process_cpu_seconds_total",
                  "nvitop_process_cpu_seconds_total{pid=\"10\"} 1.5\n"
                  "nvitop_process_cpu_seconds_total{pid=\"11\"} 1.5\n"
                  "nvitop_process_cpu_seconds_total{pid=\"12\"} 1.5\n");
    assert_family(snapshot, 2, "nvitop_process_cpu_seconds_total",
                  "nvitop_process_cpu_seconds_total{pid=\"10\"} 1.5\n"
                  "nvitop_process_cpu_seconds_total{pid=\"11\"} 1.5\n");
    snapshot_unref(snapshot);
}

/* With the labels that are still being read, the series would be another one. */
static void an_info_waits_for_its_labels(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot(1);
    size_t row = add_process(snapshot, 10, 0, 1);
    for (int id = NVITOP_PROC_CONTAINER_ID; id <= NVITOP_PROC_BATCH_JOB_ID; id++)
        set_process(snapshot, row, id, value_na(NVITOP_WHY_NO_SAMPLE));
    assert_family(snapshot, EVERYBODY, "nvitop_process_info", "");
    assert_family(snapshot, EVERYBODY, "nvitop_process_gpu_memory_bytes",
                  "nvitop_process_gpu_memory_bytes{gpu=\"0\",pid=\"10\"} 1\n");

    for (int id = NVITOP_PROC_CONTAINER_ID; id <= NVITOP_PROC_BATCH_JOB_ID; id++)
        set_process(snapshot, row, id, value_na(NVITOP_WHY_NOT_RESPONDING));
    assert_family(snapshot, EVERYBODY, "nvitop_process_info",
                  "nvitop_process_info{gpu=\"0\",pid=\"10\"} 1\n");
    set_process(snapshot, row, NVITOP_PROC_CONTAINER_ID, value_text("c"));
    set_process(snapshot, row, NVITOP_PROC_POD_UID, value_text("p"));
    set_process(snapshot, row, NVITOP_PROC_SLURM_JOB_ID, value_text("1"));
    set_process(snapshot, row, NVITOP_PROC_BATCH_JOB_ID, value_text("2"));
    assert_family(snapshot, EVERYBODY, "nvitop_process_info",
                  "nvitop_process_info{gpu=\"0\",pid=\"10\",container_id=\"c\",pod_uid=\"p\","
                  "slurm_job_id=\"1\",batch_job_id=\"2\"} 1\n");
    snapshot_unref(snapshot);
}

/* ---- devices ---- */

static void set_device(struct snapshot *snapshot, size_t device, int id, struct value value)
{
    snapshot->devices[device].values[id - NVITOP_DEV_NAME] = value;
}

/* GPU 0 is the one that a test changes, GPU 1 is well; process 10 is on both, 11 on the first. */
static struct snapshot *new_pair(void)
{
    struct snapshot *snapshot = new_snapshot(3);
    for (size_t i = 0; i < 2; i++) {
        set_device(snapshot, i, NVITOP_DEV_UUID, value_text(i ? "b" : "a"));
        set_device(snapshot, i, NVITOP_DEV_TEMPERATURE, value_int(40 + (int64_t)i));
    }
    add_process(snapshot, 10, 0, 1);
    add_process(snapshot, 11, 0, 2);
    add_process(snapshot, 10, 1, 3);
    return snapshot;
}

/* Neither its values nor its processes; what the host says of a process on another one stays. */
static void assert_only_the_second_is_told(const struct snapshot *snapshot)
{
    assert_family(snapshot, EVERYBODY, "nvitop_gpu_temperature_celsius",
                  "nvitop_gpu_temperature_celsius{gpu=\"1\",uuid=\"b\",sensor=\"gpu\"} 41\n");
    assert_family(snapshot, EVERYBODY, "nvitop_gpu_processes",
                  "nvitop_gpu_processes{gpu=\"1\",uuid=\"b\",type=\"compute\"} 0\n"
                  "nvitop_gpu_processes{gpu=\"1\",uuid=\"b\",type=\"graphics\"} 0\n");
    assert_family(snapshot, EVERYBODY, "nvitop_process_info",
                  "nvitop_process_info{gpu=\"1\",uuid=\"b\",pid=\"10\"} 1\n");
    assert_family(snapshot, EVERYBODY, "nvitop_process_gpu_memory_bytes",
                  "nvitop_process_gpu_memory_bytes{gpu=\"1\",uuid=\"b\",pid=\"10\"} 3\n");
    assert_family(snapshot, EVERYBODY, "nvitop_process_cpu_seconds_total",
                  "nvitop_process_cpu_seconds_total{pid=\"10\"} 1.5\n");
    assert_family(
        snapshot, EVERYBODY, "process_gpu_memory_MiB",
        "process_gpu_memory_MiB{index=\"1\",uuid=\"b\",pid=\"10\"} 2.86102294921875e-06\n");
    assert_family(snapshot, EVERYBODY, "process_info_info",
                  "process_info_info{index=\"1\",uuid=\"b\",pid=\"10\"} 1\n");
}

static void of_a_gpu_that_is_not_well_nothing_old_is_told(void **state)
{
    (void)state;
    static const struct {
        enum device_condition condition;
        bool is_stale;
        uint64_t silent_since_us;
        const char *up; /* late is not silent */
    } cases[] = { { DEVICE_OK, true, 0, "1" },
                  { DEVICE_OK, false, 1, "0" },
                  { DEVICE_NOT_RESPONDING, false, 1, "0" },
                  { DEVICE_LOST, false, 0, "0" } };
    struct snapshot *snapshot = new_pair();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct str up = { 0 };
        snapshot->devices[0].condition = cases[i].condition;
        snapshot->devices[0].is_stale = cases[i].is_stale;
        snapshot->devices[0].silent_since_us = cases[i].silent_since_us;
        str_printf(&up, "nvitop_gpu_up{gpu=\"0\",uuid=\"a\"} %s\n", cases[i].up);
        str_append(&up, "nvitop_gpu_up{gpu=\"1\",uuid=\"b\"} 1\n");
        assert_family(snapshot, EVERYBODY, "nvitop_gpu_up", str_text(&up));
        assert_family(snapshot, EVERYBODY, "nvitop_gpu_info",
                      "nvitop_gpu_info{gpu=\"0\",uuid=\"a\"} 1\n"
                      "nvitop_gpu_info{gpu=\"1\",uuid=\"b\"} 1\n");
        assert_only_the_second_is_told(snapshot);
        str_done(&up);
    }
    snapshot_unref(snapshot);
}

/* Without its uuid, the series would be another one; and nobody knows yet that it is not well. */
static void who_has_not_answered_yet_is_not_told(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot(0);
    set_device(snapshot, 1, NVITOP_DEV_UUID, value_text("b"));
    snapshot->devices[0].condition = DEVICE_WAITING;
    assert_family(snapshot, EVERYBODY, "nvitop_gpu_up", "nvitop_gpu_up{gpu=\"1\",uuid=\"b\"} 1\n");
    assert_family(snapshot, EVERYBODY, "nvitop_gpu_info",
                  "nvitop_gpu_info{gpu=\"1\",uuid=\"b\"} 1\n");

    snapshot->devices[0].condition = DEVICE_NOT_RESPONDING;
    snapshot->devices[0].silent_since_us = 1;
    assert_family(snapshot, EVERYBODY, "nvitop_gpu_up",
                  "nvitop_gpu_up{gpu=\"0\"} 0\nnvitop_gpu_up{gpu=\"1\",uuid=\"b\"} 1\n");
    assert_family(snapshot, EVERYBODY, "nvitop_gpu_info",
                  "nvitop_gpu_info{gpu=\"1\",uuid=\"b\"} 1\n");
    snapshot_unref(snapshot);
}

static void a_driver_that_is_being_opened_is_not_told(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_snapshot(0);
    snapshot->driver_version = snapshot->cuda_version = value_na(NVITOP_WHY_NO_SAMPLE);
    snapshot->driver_state = DRIVER_WAITING;
    assert_family(snapshot, 0, "nvitop_driver_up", "");
    assert_family(snapshot, 0, "nvitop_driver_info", "");
    snapshot->is_driver_late = true;
    assert_family(snapshot, 0, "nvitop_driver_up", "nvitop_driver_up 0\n");
    snapshot->driver_state = DRIVER_FAILED;
    snapshot->is_driver_late = false;
    assert_family(snapshot, 0, "nvitop_driver_up", "nvitop_driver_up 0\n");
    assert_family(snapshot, 0, "nvitop_driver_info", "");

    snapshot->driver_state = DRIVER_OK;
    snapshot->driver_version = value_text("550");
    assert_family(snapshot, 0, "nvitop_driver_up", "nvitop_driver_up 1\n");
    assert_family(snapshot, 0, "nvitop_driver_info", "nvitop_driver_info{version=\"550\"} 1\n");
    snapshot_unref(snapshot);
}

/* ---- a sampler that is stuck ---- */

static void assert_old(const struct snapshot *snapshot, const char *stamp)
{
    struct str text = { 0 }, samples = { 0 }, expected = { 0 };
    write(snapshot, EVERYBODY, true, &text);
    for (const char *line = str_text(&text); *line; line = strchr(line, '\n') + 1)
        if (*line != '#')
            str_append_bytes(&samples, line, (size_t)(strchr(line, '\n') + 1 - line));
    str_printf(&expected,
               "nvitop_build_info{version=\"1.0.0\"} 1\n"
               "nvitop_scrape_collector_success{collector=\"gpu\"} 0\n"
               "nvitop_scrape_collector_success{collector=\"processes\"} 0\n"
               "nvitop_scrape_collector_success{collector=\"host\"} 0\n%s",
               stamp);
    assert_string_equal(str_text(&samples), str_text(&expected));
    str_done(&text);
    str_done(&samples);
    str_done(&expected);
}

static void an_old_snapshot_is_not_told_as_if_it_were_of_now(void **state)
{
    (void)state;
    struct snapshot *snapshot = new_pair();
    snapshot->epoch_us = 1500000;
    for (size_t i = 0; i < SNAPSHOT_PART_COUNT; i++)
        snapshot->looks[i] = (struct snapshot_look){ true, value_real(1) };
    assert_old(snapshot, "nvitop_snapshot_timestamp_seconds 1.5\n");
    assert_old(NULL, "");
    snapshot_unref(snapshot);
}

/* ---- the tables ---- */

static void rows_that_share_a_name_differ_by_a_label(void **state)
{
    (void)state;
    for (size_t s = 0; s < METRIC_SCOPE_COUNT; s++) {
        size_t count;
        const struct metric *rows = metric_of_scope(metric_scopes[s], &count);
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < i; j++) {
                if (!rows[i].prom || !rows[j].prom || strcmp(rows[i].prom, rows[j].prom) != 0)
                    continue;
                assert_non_null(rows[i].prom_label);
                assert_non_null(rows[j].prom_label);
                assert_string_not_equal(rows[i].prom_label, rows[j].prom_label);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_come_first_and_the_rest_not_at_all),
        cmocka_unit_test(what_is_the_hosts_is_told_once_of_a_process),
        cmocka_unit_test(an_info_waits_for_its_labels),
        cmocka_unit_test(of_a_gpu_that_is_not_well_nothing_old_is_told),
        cmocka_unit_test(who_has_not_answered_yet_is_not_told),
        cmocka_unit_test(a_driver_that_is_being_opened_is_not_told),
        cmocka_unit_test(an_old_snapshot_is_not_told_as_if_it_were_of_now),
        cmocka_unit_test(rows_that_share_a_name_differ_by_a_label),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
