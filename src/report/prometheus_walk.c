/*
 * Lays a snapshot out once, before the first family: labels are made once for a device or a
 * process, however many samples they stand on.
 */
#include "report/prometheus_walk.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/snapshot.h"
#include "report/exposition.h"
#include "report/largest.h"
#include "report/prometheus_options.h"

/* ---- samples ---- */

void walk_begin(struct walk *walk, const char *labels)
{
    str_clear(&walk->labels);
    str_append(&walk->labels, labels);
}

void walk_label(struct walk *walk, const char *name, const char *text)
{
    exposition_label(&walk->labels, name, text);
}

void walk_label_value(struct walk *walk, const char *name, struct value value)
{
    char text[24];
    snprintf(text, sizeof(text), "%lld", value.kind == NVITOP_INT ? (long long)value.i : 0);
    walk_label(walk, name, value.kind == NVITOP_INT ? text : value_text_or(value, NULL));
}

void walk_sample(struct walk *walk, double number)
{
    exposition_sample(walk->exposition, str_text(&walk->labels), number);
}

void walk_metric(struct walk *walk, const char *labels, const struct metric *metric,
                 struct value value)
{
    if (value_is_na(value))
        return;
    walk_begin(walk, labels);
    if (metric->prom_label)
        str_printf(&walk->labels, "%s%s", *labels ? "," : "", metric->prom_label);
    walk_sample(walk, value_number(value, 0) * metric->prom_factor);
}

void walk_device_facts(struct walk *walk, const struct walk_device *device,
                       const struct walk_fact *facts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        walk_label_value(walk, facts[i].label, snapshot_device_value(device->row, facts[i].id));
}

void walk_process_facts(struct walk *walk, const struct walk_process *process,
                        const struct walk_fact *facts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        walk_label_value(walk, facts[i].label, snapshot_process_value(process->row, facts[i].id));
}

/* The labels made so far, for as long as the walk. */
static const char *keep_labels(struct walk *walk)
{
    return arena_strdup(&walk->arena, str_text(&walk->labels));
}

/* ---- devices ---- */

/* A late answer is none yet: only silence, which has a bound of its own, is the GPU's. */
static bool is_up(const struct snapshot_device *device)
{
    return device->condition == DEVICE_OK && !device->silent_since_us;
}

static const struct walk_fact device_labels[] = {
    { "uuid", NVITOP_DEV_UUID },
    { "gpu_instance", NVITOP_DEV_GPU_INSTANCE_ID },
    { "compute_instance", NVITOP_DEV_COMPUTE_INSTANCE_ID },
};

static void list_devices(struct walk *walk)
{
    walk->device_count = walk->snapshot->device_count;
    walk->devices = arena_array(&walk->arena, walk->device_count + 1, sizeof(*walk->devices));
    for (size_t i = 0; i < walk->device_count; i++) {
        struct walk_device *device = &walk->devices[i];
        device->row = &walk->snapshot->devices[i];
        device->is_told = device->row->condition != DEVICE_WAITING;
        device->is_up = is_up(device->row);
        device->is_fresh = device->is_up && !device->row->is_stale;
        walk_begin(walk, "");
        walk_label_value(walk, "gpu", value_int(device->row->physical));
        walk_device_facts(walk, device, device_labels, ARRAY_LEN(device_labels));
        device->labels = keep_labels(walk);
    }
}

/* ---- processes ---- */

/* By process, then as they are told. */
static int compare_pids(const void *a, const void *b)
{
    const struct walk_process *const *left = a, *const *right = b;
    uint32_t left_pid = (*left)->row->pid, right_pid = (*right)->row->pid;
    return left_pid != right_pid ? (left_pid > right_pid) - (left_pid < right_pid)
                                 : (*left > *right) - (*left < *right);
}

static void choose_processes(struct walk *walk)
{
    const struct snapshot *snapshot = walk->snapshot;
    size_t all = snapshot->has_processes ? snapshot->process_count : 0, count = 0;
    const struct snapshot_process **rows = arena_array(&walk->arena, all + 1, sizeof(*rows));
    for (size_t i = 0; i < all; i++)
        if (walk->devices[snapshot->processes[i].device].is_fresh)
            rows[count++] = &snapshot->processes[i];
    largest_first(rows, count);
    walk->process_count = MIN_OF(count, walk->how->processes_max);
    walk->processes = arena_array(&walk->arena, walk->process_count + 1, sizeof(*walk->processes));
    for (size_t i = 0; i < walk->process_count; i++)
        walk->processes[i].row = rows[i];
}

static void label_processes(struct walk *walk)
{
    for (size_t i = 0; i < walk->process_count; i++) {
        struct walk_process *process = &walk->processes[i];
        process->device = &walk->devices[process->row->device];
        walk_begin(walk, process->device->labels);
        walk_label_value(walk, "pid", value_int(process->row->pid));
        process->labels = keep_labels(walk);
    }
}

static void label_hosts_facts(struct walk *walk)
{
    size_t count = walk->process_count;
    struct walk_process **by_pid = arena_array(&walk->arena, count + 1, sizeof(*by_pid));
    for (size_t i = 0; i < count; i++)
        by_pid[i] = &walk->processes[i];
    qsort(by_pid, count, sizeof(*by_pid), compare_pids);
    for (size_t i = 0; i < count; i++) {
        if (i && by_pid[i - 1]->row->pid == by_pid[i]->row->pid)
            continue;
        walk_begin(walk, "");
        walk_label_value(walk, "pid", value_int(by_pid[i]->row->pid));
        by_pid[i]->host_labels = keep_labels(walk);
    }
}

void walk_init(struct walk *walk, const struct snapshot *snapshot,
               const struct prometheus_options *how, struct exposition *exposition)
{
    *walk = (struct walk){ .snapshot = snapshot, .how = how, .exposition = exposition };
    list_devices(walk);
    choose_processes(walk);
    label_processes(walk);
    label_hosts_facts(walk);
}

void walk_done(struct walk *walk)
{
    str_done(&walk->labels);
    arena_done(&walk->arena);
}
