/*
 * Walks the metric tables. Invariant: what is null and a metric has its reason in the
 * `unavailable` of the same object, and nothing else has.
 */
#include "report/snapshot_json.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/snapshot.h"
#include "report/largest.h"
#include "report/node.h"
#include "report/query.h"
#include "report/words.h"

#define US_PER_S 1e6

/* ---- metrics ---- */

static void put_value(json_t *object, json_t *unavailable, const char *name, struct value value)
{
    if (!value_is_na(value) || value.why != NVITOP_WHY_NOT_ASKED)
        node_put_value(object, unavailable, name, value);
}

/* The metrics of one scope, by their place in its table, and what is not available of them. */
static void put_metrics(json_t *object, const struct query *query, enum nvitop_scope scope,
                        const struct value *values)
{
    size_t count;
    const struct metric *rows = metric_of_scope(scope, &count);
    json_t *unavailable = node_object();
    for (size_t i = 0; i < count; i++)
        if (query_has(query, &rows[i]))
            put_value(object, unavailable, rows[i].name, query_value(values[i]));
    node_put(object, "unavailable", unavailable);
}

/* ---- the parts ---- */

static json_t *seconds_of(uint64_t epoch_us)
{
    return node_real((double)epoch_us / US_PER_S);
}

static json_t *driver_node(const struct snapshot *snapshot)
{
    json_t *driver = node_object(), *unavailable = node_object();
    node_put(driver, "state", node_text(words_of(&words_driver, (int)snapshot->driver_state)));
    if (snapshot->driver_state != DRIVER_OK)
        node_put(driver, "since", seconds_of(snapshot->driver_since_us));
    if (snapshot->driver_text)
        node_put(driver, "error", node_text(snapshot->driver_text));
    put_value(driver, unavailable, "version", snapshot->driver_version);
    put_value(driver, unavailable, "cuda_version", snapshot->cuda_version);
    node_put(driver, "device_count", node_int(snapshot->driver_device_count));
    node_put(driver, "has_process_lists", node_bool(snapshot->has_process_lists));
    node_put(driver, "unavailable", unavailable);
    return driver;
}

static json_t *device_node(const struct snapshot_device *device, const struct query *query)
{
    json_t *node = node_object();
    node_put(node, "index", node_int(device->physical));
    node_put(node, "mig_index", node_index(device->mig));
    node_put(node, "condition", node_text(words_of(&words_condition, (int)device->condition)));
    if (device->code)
        node_put(node, "nvml_code", node_int(device->code));
    if (device->silent_since_us)
        node_put(node, "silent_since", seconds_of(device->silent_since_us));
    node_put(node, "is_leaf", node_bool(device->is_leaf));
    node_put(node, "is_stale", node_bool(device->is_stale));
    put_metrics(node, query, NVITOP_SCOPE_DEVICE, device->values);
    return node;
}

static json_t *process_node(const struct snapshot *snapshot, const struct snapshot_process *process,
                            const struct query *query)
{
    const struct snapshot_device *device = &snapshot->devices[process->device];
    struct value uuid = snapshot_device_value(device, NVITOP_DEV_UUID);
    json_t *node = node_object();
    node_put(node, "pid", node_int(process->pid));
    node_put(node, "start_ticks",
             process->start_ticks ? node_int((int64_t)process->start_ticks) : node_text(NULL));
    node_put(node, "device", node_int((int64_t)process->device));
    node_put(node, "device_index", node_int(device->physical));
    node_put(node, "device_mig_index", node_index(device->mig));
    node_put(node, "device_uuid", node_text(value_text_or(uuid, NULL)));
    node_put(node, "presence", node_text(words_of(&words_presence, (int)process->presence)));
    node_put(node, "is_own", node_bool(process->is_own));
    put_metrics(node, query, NVITOP_SCOPE_PROCESS, process->values);
    return node;
}

/* By row: whether it is one of the largest. */
static bool *choose_processes(const struct snapshot *snapshot, size_t max)
{
    size_t count = snapshot->process_count;
    bool *is_told = xcalloc(count, sizeof(*is_told));
    const struct snapshot_process **rows = xcalloc(count, sizeof(*rows));
    for (size_t i = 0; i < count; i++)
        rows[i] = &snapshot->processes[i];
    if (max && max < count)
        largest_first(rows, count);
    for (size_t i = 0; i < (max ? MIN_OF(max, count) : count); i++)
        is_told[rows[i] - snapshot->processes] = true;
    free(rows);
    return is_told;
}

static void put_processes(json_t *root, const struct snapshot *snapshot,
                          const struct snapshot_json *how)
{
    json_t *processes = node_put(root, "processes", node_array());
    bool *is_told = choose_processes(snapshot, how->processes_max);
    for (size_t i = 0; i < snapshot->process_count; i++)
        if (is_told[i])
            node_add(processes, process_node(snapshot, &snapshot->processes[i], how->query));
    free(is_told);
}

static json_t *host_node(const struct snapshot *snapshot, const struct query *query)
{
    json_t *node = node_object();
    put_metrics(node, query, NVITOP_SCOPE_HOST, snapshot->host);
    return node;
}

void snapshot_json_write(const struct snapshot *snapshot, const struct snapshot_json *how,
                         struct str *out)
{
    const struct query *query = how->query;
    json_t *root = node_object();
    node_put(root, "schema_version", node_int(SNAPSHOT_JSON_SCHEMA));
    node_put(root, "nvitop_version", node_text(how->version));
    node_put(root, "timestamp", seconds_of(snapshot->epoch_us));
    node_put(root, "hostname", node_text(snapshot->hostname));
    node_put(root, "driver", driver_node(snapshot));
    if (query->is_asked[NVITOP_SCOPE_HOST])
        node_put(root, "host", host_node(snapshot, query));
    json_t *devices = node_put(root, "devices", node_array());
    for (size_t i = 0; i < snapshot->device_count; i++)
        node_add(devices, device_node(&snapshot->devices[i], query));
    if (snapshot->has_processes && query->is_asked[NVITOP_SCOPE_PROCESS])
        put_processes(root, snapshot, how);
    node_write(root, how->is_pretty, out);
}
