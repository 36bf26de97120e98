/* What is told of GPUs beside the rows of the metric table: whether they answer, what they are,
 * what holds their clocks down, how many processes they have, what goes over their NVLinks,
 * and their critical errors. */
#include <stdio.h>

#include "base/mem.h"
#include "core/clock_event.h"
#include "core/snapshot.h"
#include "report/exposition.h"
#include "report/prometheus_parts.h"
#include "report/prometheus_walk.h"

void prometheus_put_up(struct walk *walk)
{
    exposition_family(walk->exposition, PROMETHEUS_GPU, "up",
                      "1 if the GPU answers, 0 if it is lost or has fallen silent.");
    for (size_t i = 0; i < walk->device_count; i++)
        if (walk->devices[i].is_told)
            exposition_sample(walk->exposition, walk->devices[i].labels, walk->devices[i].is_up);
}

/* ---- what they are ---- */

static const struct walk_fact info[] = {
    { "name", NVITOP_DEV_NAME },
    { "pci_bus_id", NVITOP_DEV_BUS_ID },
    { "minor", NVITOP_DEV_MINOR_NUMBER },
    { "serial", NVITOP_DEV_SERIAL },
    { "vbios_version", NVITOP_DEV_VBIOS_VERSION },
    { "board_part_number", NVITOP_DEV_BOARD_PART_NUMBER },
    { "architecture", NVITOP_DEV_ARCHITECTURE },
    { "compute_capability", NVITOP_DEV_COMPUTE_CAPABILITY },
};

/* One that has never answered is nothing but a number. */
static bool is_known(const struct snapshot_device *device)
{
    bool is_any = !value_is_na(snapshot_device_value(device, NVITOP_DEV_UUID));
    for (size_t i = 0; i < ARRAY_LEN(info); i++)
        is_any |= !value_is_na(snapshot_device_value(device, info[i].id));
    return is_any;
}

void prometheus_put_gpu_info(struct walk *walk)
{
    exposition_family(walk->exposition, PROMETHEUS_GPU, "info", "What the GPU is.");
    for (size_t i = 0; i < walk->device_count; i++) {
        if (!is_known(walk->devices[i].row))
            continue;
        walk_begin(walk, walk->devices[i].labels);
        walk_device_facts(walk, &walk->devices[i], info, ARRAY_LEN(info));
        walk_sample(walk, 1);
    }
}

void prometheus_gpu_metrics(struct metric_set *set)
{
    for (size_t i = 0; i < ARRAY_LEN(info); i++)
        metric_set_add(set, info[i].id);
    metric_set_add(set, NVITOP_DEV_UUID);
    metric_set_add(set, NVITOP_DEV_EVENT_REASONS);
    metric_set_add(set, NVITOP_DEV_NVLINK_TX);
    metric_set_add(set, NVITOP_DEV_NVLINK_RX);
}

/* ---- what holds their clocks down ---- */

static void put_reasons(struct walk *walk, const struct walk_device *device)
{
    struct value value = snapshot_device_value(device->row, NVITOP_DEV_EVENT_REASONS);
    if (value.kind != NVITOP_INT || !device->is_fresh)
        return;
    for (size_t i = 0; i < CLOCK_EVENT_COUNT; i++) {
        walk_begin(walk, device->labels);
        walk_label(walk, "reason", clock_events[i].name);
        walk_sample(walk, ((uint64_t)value.i & clock_events[i].bit) != 0);
    }
}

void prometheus_put_clock_events(struct walk *walk)
{
    exposition_family(walk->exposition, PROMETHEUS_GPU, "clock_event_active",
                      "1 while this is what holds the clocks down "
                      "(nvmlDeviceGetCurrentClocksEventReasons).");
    for (size_t i = 0; i < walk->device_count; i++)
        put_reasons(walk, &walk->devices[i]);
}

/* ---- how many processes they have ---- */

static const struct {
    unsigned bit;
    const char *word;
} types[] = { { PROCESS_TYPE_COMPUTE, "compute" }, { PROCESS_TYPE_GRAPHICS, "graphics" } };

/* Of all processes, told or not. */
static size_t count_processes(const struct snapshot *snapshot, size_t device, unsigned type)
{
    size_t count = 0;
    for (size_t i = 0; i < snapshot->process_count; i++)
        count += snapshot->processes[i].device == device && snapshot->processes[i].types & type;
    return count;
}

static void put_counts(struct walk *walk, size_t at)
{
    const struct walk_device *device = &walk->devices[at];
    if (!walk->snapshot->has_processes || !device->row->is_leaf || !device->is_fresh)
        return;
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        walk_begin(walk, device->labels);
        walk_label(walk, "type", types[i].word);
        walk_sample(walk, (double)count_processes(walk->snapshot, at, types[i].bit));
    }
}

void prometheus_put_process_counts(struct walk *walk)
{
    exposition_family(walk->exposition, PROMETHEUS_GPU, "processes",
                      "Processes on the device, by type.");
    for (size_t i = 0; i < walk->device_count; i++)
        put_counts(walk, i);
}

/* ---- what goes over their NVLinks ---- */

static void put_link(struct walk *walk, const struct walk_device *device, const char *link,
                     const char *direction, struct value kib)
{
    if (kib.kind != NVITOP_INT)
        return;
    walk_begin(walk, device->labels);
    walk_label(walk, "link", link);
    walk_label(walk, "direction", direction);
    walk_sample(walk, (double)kib.i * 1024);
}

/* Either each link, or their sum where the driver tells no more; neither before it is known. */
static void put_links(struct walk *walk, const struct walk_device *device)
{
    const struct snapshot_device *row = device->row;
    for (size_t i = 0; i < row->link_count; i++) {
        char number[12];
        snprintf(number, sizeof(number), "%u", row->links[i].link);
        put_link(walk, device, number, "tx", row->links[i].tx);
        put_link(walk, device, number, "rx", row->links[i].rx);
    }
    if (row->link_count || !row->has_links)
        return;
    put_link(walk, device, "all", "tx", snapshot_device_value(row, NVITOP_DEV_NVLINK_TX));
    put_link(walk, device, "all", "rx", snapshot_device_value(row, NVITOP_DEV_NVLINK_RX));
}

void prometheus_put_nvlinks(struct walk *walk)
{
    exposition_family(walk->exposition, PROMETHEUS_GPU, "nvlink_bytes_total",
                      "Data sent and received over each NVLink (fields 138 and 139); a GPU whose "
                      "driver tells only the sum has link=\"all\" and no other.");
    for (size_t i = 0; i < walk->device_count; i++)
        if (walk->devices[i].is_fresh)
            put_links(walk, &walk->devices[i]);
}

/* ---- their critical errors ---- */

/* Also of a GPU that does not answer any more: these say why. */
void prometheus_put_xids(struct walk *walk)
{
    exposition_family(walk->exposition, PROMETHEUS_GPU, "xid_errors_total",
                      "Critical errors of the GPU by their XID, since the exporter began; one that "
                      "never came has no series (nvmlEventSetWait).");
    for (size_t i = 0; i < walk->device_count; i++)
        for (size_t x = 0; x < walk->devices[i].row->xid_count; x++) {
            char number[12];
            snprintf(number, sizeof(number), "%u", walk->devices[i].row->xids[x].xid);
            walk_begin(walk, walk->devices[i].labels);
            walk_label(walk, "xid", number);
            walk_sample(walk, (double)walk->devices[i].row->xids[x].count);
        }
    exposition_family(walk->exposition, PROMETHEUS_GPU, "xid_last_timestamp_seconds",
                      "When the newest critical error of the GPU came, since 1970.");
    for (size_t i = 0; i < walk->device_count; i++)
        if (walk->devices[i].row->xid_last_us)
            exposition_sample(walk->exposition, walk->devices[i].labels,
                              (double)walk->devices[i].row->xid_last_us / 1e6);
}
