/*
 * The families of the metric tables: a row that names one is a sample of it, and rows that share a
 * name are one family, told where its first row stands.
 */
#include <string.h>

#include "base/mem.h"
#include "core/snapshot.h"
#include "report/exposition.h"
#include "report/prometheus_parts.h"
#include "report/prometheus_walk.h"

/* What several rows of the tables are together. */
static const struct {
    const char *name, *help;
} shared[] = {
    { "clock_hertz", "Present clocks (nvmlDeviceGetClockInfo)." },
    { "clock_max_hertz", "Highest clocks (nvmlDeviceGetMaxClockInfo)." },
    { "ecc_errors_total",
      "Memory errors since the driver was loaded (volatile) and of the board's life "
      "(aggregate; nvmlDeviceGetTotalEccErrors)." },
    { "pcie_bytes_per_second",
      "PCIe traffic: what counters have gained since the look before (fields 197 and 198), or that "
      "of 20 ms where the driver has none (nvmlDeviceGetPcieThroughput)." },
    { "power_watts", "Power drawn: as the driver tells it, at this moment, over one second." },
    { "remapped_rows_total", "Rows of memory replaced by spare ones (fields 142 and 143)." },
    { "retired_pages_total", "Pages of memory that are used no more (fields 29 and 30)." },
    { "temperature_celsius", "Temperatures of the GPU and of its memory." },
    { "temperature_threshold_celsius", "Where the GPU slows down or shuts down." },
    { "violation_seconds_total", "Time that each cause held the clocks down (fields 74 to 81)." },
};

static const char *help_of(const struct metric *metric)
{
    for (size_t i = 0; i < ARRAY_LEN(shared); i++)
        if (strcmp(shared[i].name, metric->prom) == 0)
            return shared[i].help;
    return metric->help;
}

/* All samples of one row. */
typedef void row_fn(struct walk *walk, const struct metric *metric);

static void put_table(struct walk *walk, enum nvitop_scope scope, const char *prefix, row_fn *put)
{
    size_t count;
    const struct metric *rows = metric_of_scope(scope, &count);
    bool *is_told = arena_array(&walk->arena, count, sizeof(*is_told));
    for (size_t i = 0; i < count; i++) {
        if (!rows[i].prom || is_told[i])
            continue;
        exposition_family(walk->exposition, prefix, rows[i].prom, help_of(&rows[i]));
        for (size_t j = i; j < count; j++) {
            if (!rows[j].prom || strcmp(rows[j].prom, rows[i].prom) != 0)
                continue;
            put(walk, &rows[j]);
            is_told[j] = true;
        }
    }
}

static void put_device_row(struct walk *walk, const struct metric *metric)
{
    for (size_t i = 0; i < walk->device_count; i++) {
        const struct walk_device *device = &walk->devices[i];
        if (device->is_fresh)
            walk_metric(walk, device->labels, metric,
                        snapshot_device_value(device->row, metric->id));
    }
}

static void put_process_row(struct walk *walk, const struct metric *metric)
{
    for (size_t i = 0; i < walk->process_count; i++) {
        const struct walk_process *process = &walk->processes[i];
        const char *labels = metric->is_prom_once ? process->host_labels : process->labels;
        if (labels)
            walk_metric(walk, labels, metric, snapshot_process_value(process->row, metric->id));
    }
}

static void put_host_row(struct walk *walk, const struct metric *metric)
{
    walk_metric(walk, "", metric, snapshot_host_value(walk->snapshot, metric->id));
}

void prometheus_put_device_table(struct walk *walk)
{
    put_table(walk, NVITOP_SCOPE_DEVICE, PROMETHEUS_GPU, put_device_row);
}

void prometheus_put_process_table(struct walk *walk)
{
    put_table(walk, NVITOP_SCOPE_PROCESS, PROMETHEUS_PROCESS, put_process_row);
}

void prometheus_put_host_table(struct walk *walk)
{
    put_table(walk, NVITOP_SCOPE_HOST, PROMETHEUS_HOST, put_host_row);
}
