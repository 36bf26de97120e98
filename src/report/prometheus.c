/*
 * Walks the metric tables, and the few families that are no metric: which devices and processes
 * there are, what they are, and whether the driver answers.
 */
#include "report/prometheus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "core/metric.h"
#include "core/snapshot.h"
#include "report/exposition.h"

#define GPU "nvitop_gpu_"
#define PROCESS "nvitop_process_"
#define HOST "nvitop_host_"

struct walk {
    const struct snapshot *snapshot;
    const struct prometheus *how;
    struct exposition *exposition;
    struct arena arena;
    const char **devices;                      /* labels, by row of the snapshot */
    const struct snapshot_process **processes; /* that are told */
    size_t process_count;
    struct str labels; /* of the sample that is being made */
};

/* ---- labels ---- */

static void put_number(struct str *labels, const char *name, struct value value)
{
    char text[24];
    if (value.kind != NVITOP_INT)
        return;
    snprintf(text, sizeof(text), "%lld", (long long)value.i);
    exposition_label(labels, name, text);
}

static void put_device(const struct snapshot_device *device, struct str *labels)
{
    put_number(labels, "gpu", value_int(device->physical));
    exposition_label(labels, "uuid",
                     value_text_or(snapshot_device_value(device, NVITOP_DEV_UUID), NULL));
    put_number(labels, "gpu_instance", snapshot_device_value(device, NVITOP_DEV_GPU_INSTANCE_ID));
    put_number(labels, "compute_instance",
               snapshot_device_value(device, NVITOP_DEV_COMPUTE_INSTANCE_ID));
}

static void list_devices(struct walk *walk)
{
    size_t count = walk->snapshot->device_count;
    walk->devices = arena_array(&walk->arena, count + 1, sizeof(*walk->devices));
    for (size_t i = 0; i < count; i++) {
        str_clear(&walk->labels);
        put_device(&walk->snapshot->devices[i], &walk->labels);
        walk->devices[i] = arena_strdup(&walk->arena, str_text(&walk->labels));
    }
}

/* Begins the labels of a sample of one process. */
static void begin_process(struct walk *walk, const struct snapshot_process *process,
                          bool has_device)
{
    str_clear(&walk->labels);
    if (has_device)
        str_append(&walk->labels, walk->devices[process->device]);
    put_number(&walk->labels, "pid", value_int(process->pid));
}

/* ---- which processes ---- */

static double memory_of(const struct snapshot_process *process)
{
    return value_number(snapshot_process_value(process, NVITOP_PROC_GPU_MEMORY), -1);
}

/* Most memory first, then as they are listed. */
static int compare_memory(const void *a, const void *b)
{
    const struct snapshot_process *left = *(const struct snapshot_process *const *)a;
    const struct snapshot_process *right = *(const struct snapshot_process *const *)b;
    double difference = memory_of(right) - memory_of(left);
    if (difference != 0)
        return difference > 0 ? 1 : -1;
    return (left > right) - (left < right);
}

static void list_processes(struct walk *walk)
{
    size_t count = walk->snapshot->has_processes ? walk->snapshot->process_count : 0;
    walk->processes = arena_array(&walk->arena, count + 1, sizeof(struct snapshot_process *));
    for (size_t i = 0; i < count; i++)
        walk->processes[i] = &walk->snapshot->processes[i];
    qsort(walk->processes, count, sizeof(struct snapshot_process *), compare_memory);
    walk->process_count = MIN_OF(count, walk->how->processes_max);
}

/* A process on several devices has its host's facts once. */
static bool is_first_row(const struct walk *walk, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (walk->processes[i]->pid == walk->processes[at]->pid)
            return false;
    return true;
}

/* ---- metrics ---- */

/* A GPU that has fallen silent is told by `up` alone. */
static bool is_up(const struct snapshot_device *device)
{
    return device->condition == DEVICE_OK && !device->is_stale && !device->silent_since_us;
}

static void put_sample(struct walk *walk, const struct metric *metric, const char *labels,
                       struct value value)
{
    if (value_is_na(value))
        return;
    struct str all = { 0 };
    str_printf(&all, "%s%s%s", labels, *labels && metric->prom_label ? "," : "",
               metric->prom_label ? metric->prom_label : "");
    exposition_sample(walk->exposition, str_text(&all),
                      value_number(value, 0) * metric->prom_factor);
    str_done(&all);
}

static void put_devices(struct walk *walk, const struct metric *metric)
{
    for (size_t i = 0; i < walk->snapshot->device_count; i++) {
        const struct snapshot_device *device = &walk->snapshot->devices[i];
        if (is_up(device))
            put_sample(walk, metric, walk->devices[i], snapshot_device_value(device, metric->id));
    }
}

static void put_processes(struct walk *walk, const struct metric *metric)
{
    bool has_device = metric->collector_group != METRIC_GROUP_PROCESS; /* that is the host's */
    for (size_t i = 0; i < walk->process_count; i++) {
        const struct snapshot_process *process = walk->processes[i];
        if (!has_device && !is_first_row(walk, i))
            continue;
        begin_process(walk, process, has_device);
        put_sample(walk, metric, str_text(&walk->labels),
                   snapshot_process_value(process, metric->id));
    }
}

static void put_host(struct walk *walk, const struct metric *metric)
{
    put_sample(walk, metric, "", snapshot_host_value(walk->snapshot, metric->id));
}

/* What several rows of the tables are together. */
static const struct {
    const char *name, *help;
} shared[] = {
    { "clock_hertz", "Present clocks (nvmlDeviceGetClockInfo)." },
    { "clock_max_hertz", "Highest clocks (nvmlDeviceGetMaxClockInfo)." },
    { "nvlink_bytes_total", "Data sent and received over all NVLinks (fields 138 and 139)." },
    { "pcie_bytes_per_second", "PCIe traffic of the last 20 ms (nvmlDeviceGetPcieThroughput)." },
    { "power_watts", "Power drawn: as the driver tells it, at this moment, over one second." },
    { "temperature_celsius", "Temperatures of the GPU and of its memory." },
    { "temperature_threshold_celsius", "Where the GPU slows down or shuts down." },
};

static const char *help_of(const struct metric *metric)
{
    for (size_t i = 0; i < ARRAY_LEN(shared); i++)
        if (strcmp(shared[i].name, metric->prom) == 0)
            return shared[i].help;
    return metric->help;
}

static bool is_first_of_name(const struct metric *rows, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (rows[i].prom && strcmp(rows[i].prom, rows[at].prom) == 0)
            return false;
    return true;
}

static void put_table(struct walk *walk, enum nvitop_scope scope, const char *prefix,
                      void (*put)(struct walk *walk, const struct metric *metric))
{
    size_t count;
    const struct metric *rows = metric_of_scope(scope, &count);
    for (size_t i = 0; i < count; i++) {
        if (!rows[i].prom || !is_first_of_name(rows, i))
            continue;
        exposition_family(walk->exposition, prefix, rows[i].prom, help_of(&rows[i]));
        for (size_t j = i; j < count; j++)
            if (rows[j].prom && strcmp(rows[j].prom, rows[i].prom) == 0)
                put(walk, &rows[j]);
    }
}

/* ---- what is no metric ---- */

/* The labels of an info: texts of the tables, under names of their own where the field has one. */
struct fact {
    const char *label;
    int id;
};

static void put_facts(struct str *labels, const struct fact *facts, size_t count,
                      const struct value *values, int first_id)
{
    for (size_t i = 0; i < count; i++) {
        struct value value = values[facts[i].id - first_id];
        exposition_label(labels, facts[i].label, value_text_or(value, NULL));
        put_number(labels, facts[i].label, value);
    }
}

static const struct fact gpu_facts[] = {
    { "name", NVITOP_DEV_NAME },
    { "pci_bus_id", NVITOP_DEV_BUS_ID },
    { "minor", NVITOP_DEV_MINOR_NUMBER },
    { "serial", NVITOP_DEV_SERIAL },
    { "architecture", NVITOP_DEV_ARCHITECTURE },
    { "compute_capability", NVITOP_DEV_COMPUTE_CAPABILITY },
};

static const struct fact process_facts[] = {
    { "type", NVITOP_PROC_TYPE },
    { "user", NVITOP_PROC_USER },
    { "name", NVITOP_PROC_NAME },
};

static void put_driver(struct walk *walk)
{
    struct exposition *exposition = walk->exposition;
    const struct snapshot *snapshot = walk->snapshot;
    str_clear(&walk->labels);
    exposition_label(&walk->labels, "version", value_text_or(snapshot->driver_version, NULL));
    exposition_label(&walk->labels, "cuda_version", value_text_or(snapshot->cuda_version, NULL));
    exposition_family(exposition, "nvitop_", "driver_info", "Versions of driver and CUDA.");
    exposition_sample(exposition, str_text(&walk->labels), 1);
    exposition_family(exposition, "nvitop_", "driver_up", "1 if the driver can be asked, else 0.");
    exposition_sample(exposition, "", snapshot->driver_state == DRIVER_OK);
}

static void put_up(struct walk *walk)
{
    exposition_family(walk->exposition, GPU, "up",
                      "1 if the GPU answers, 0 if it is lost or has fallen silent.");
    for (size_t i = 0; i < walk->snapshot->device_count; i++)
        exposition_sample(walk->exposition, walk->devices[i], is_up(&walk->snapshot->devices[i]));
}

static void put_gpu_info(struct walk *walk)
{
    exposition_family(walk->exposition, GPU, "info", "What the GPU is.");
    for (size_t i = 0; i < walk->snapshot->device_count; i++) {
        str_clear(&walk->labels);
        str_append(&walk->labels, walk->devices[i]);
        put_facts(&walk->labels, gpu_facts, ARRAY_LEN(gpu_facts), walk->snapshot->devices[i].values,
                  NVITOP_DEV_NAME);
        exposition_sample(walk->exposition, str_text(&walk->labels), 1);
    }
}

static const struct {
    int64_t bit;
    const char *word;
} reasons[] = {
    { 0x1, "gpu_idle" },
    { 0x2, "applications_clocks_setting" },
    { 0x4, "sw_power_cap" },
    { 0x8, "hw_slowdown" },
    { 0x10, "sync_boost" },
    { 0x20, "sw_thermal_slowdown" },
    { 0x40, "hw_thermal_slowdown" },
    { 0x80, "hw_power_brake_slowdown" },
    { 0x100, "display_clock_setting" },
};

static void put_reasons(struct walk *walk)
{
    exposition_family(walk->exposition, GPU, "clock_event_active",
                      "1 while this is what holds the clocks down "
                      "(nvmlDeviceGetCurrentClocksEventReasons).");
    for (size_t i = 0; i < walk->snapshot->device_count * ARRAY_LEN(reasons); i++) {
        size_t row = i / ARRAY_LEN(reasons), bit = i % ARRAY_LEN(reasons);
        const struct snapshot_device *device = &walk->snapshot->devices[row];
        struct value value = snapshot_device_value(device, NVITOP_DEV_EVENT_REASONS);
        if (value.kind != NVITOP_INT || !is_up(device))
            continue;
        str_clear(&walk->labels);
        str_append(&walk->labels, walk->devices[row]);
        exposition_label(&walk->labels, "reason", reasons[bit].word);
        exposition_sample(walk->exposition, str_text(&walk->labels),
                          (value.i & reasons[bit].bit) != 0);
    }
}

static size_t count_processes(const struct snapshot *snapshot, size_t device, unsigned type)
{
    size_t count = 0;
    for (size_t i = 0; i < snapshot->process_count; i++)
        count += snapshot->processes[i].device == device && snapshot->processes[i].types & type;
    return count;
}

static void put_process_counts(struct walk *walk)
{
    static const struct {
        unsigned type;
        const char *word;
    } types[] = { { PROCESS_TYPE_COMPUTE, "compute" }, { PROCESS_TYPE_GRAPHICS, "graphics" } };
    exposition_family(walk->exposition, GPU, "processes", "Processes on the device, by type.");
    for (size_t i = 0; i < walk->snapshot->device_count * ARRAY_LEN(types); i++) {
        size_t row = i / ARRAY_LEN(types), type = i % ARRAY_LEN(types);
        const struct snapshot_device *device = &walk->snapshot->devices[row];
        if (!walk->snapshot->has_processes || !device->is_leaf || !is_up(device))
            continue;
        str_clear(&walk->labels);
        str_append(&walk->labels, walk->devices[row]);
        exposition_label(&walk->labels, "type", types[type].word);
        exposition_sample(walk->exposition, str_text(&walk->labels),
                          (double)count_processes(walk->snapshot, row, types[type].type));
    }
}

static void put_process_info(struct walk *walk)
{
    exposition_family(walk->exposition, PROCESS, "info", "Whose the process is, and what.");
    for (size_t i = 0; i < walk->process_count; i++) {
        const struct snapshot_process *process = walk->processes[i];
        begin_process(walk, process, true);
        put_facts(&walk->labels, process_facts, ARRAY_LEN(process_facts), process->values,
                  NVITOP_PROC_TYPE);
        if (walk->how->has_commands)
            exposition_label(
                &walk->labels, "command",
                value_text_or(snapshot_process_value(process, NVITOP_PROC_COMMAND), NULL));
        exposition_sample(walk->exposition, str_text(&walk->labels), 1);
    }
}

static void put_build(struct walk *walk)
{
    str_clear(&walk->labels);
    exposition_label(&walk->labels, "version", walk->how->version);
    exposition_family(walk->exposition, "nvitop_", "build_info", "Version of the exporter.");
    exposition_sample(walk->exposition, str_text(&walk->labels), 1);
}

void prometheus_metrics(struct metric_wanted *ret_wanted)
{
    *ret_wanted = (struct metric_wanted){ 0 };
    for (size_t i = 0; i < ARRAY_LEN(metric_device); i++)
        if (metric_device[i].prom)
            metric_set_add(&ret_wanted->gpu, metric_device[i].id);
    for (size_t i = 0; i < ARRAY_LEN(gpu_facts); i++)
        metric_set_add(&ret_wanted->gpu, gpu_facts[i].id);
    metric_set_add(&ret_wanted->gpu, NVITOP_DEV_UUID);
    metric_set_add(&ret_wanted->gpu, NVITOP_DEV_EVENT_REASONS);
    ret_wanted->mig = ret_wanted->gpu;
    metric_set_add(&ret_wanted->mig, NVITOP_DEV_GPU_INSTANCE_ID);
    metric_set_add(&ret_wanted->mig, NVITOP_DEV_COMPUTE_INSTANCE_ID);
}

void prometheus_write(const struct snapshot *snapshot, const struct prometheus *how,
                      struct exposition *exposition)
{
    struct walk walk = { .snapshot = snapshot, .how = how, .exposition = exposition };
    list_devices(&walk);
    list_processes(&walk);
    put_build(&walk);
    put_driver(&walk);
    put_up(&walk);
    put_gpu_info(&walk);
    put_table(&walk, NVITOP_SCOPE_DEVICE, GPU, put_devices);
    put_reasons(&walk);
    put_process_counts(&walk);
    put_process_info(&walk);
    put_table(&walk, NVITOP_SCOPE_PROCESS, PROCESS, put_processes);
    put_table(&walk, NVITOP_SCOPE_HOST, HOST, put_host);
    str_done(&walk.labels);
    arena_done(&walk.arena);
}
