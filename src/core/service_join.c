/*
 * Judging and joining. A GPU's row is its newest reading, unless a call of its worker has been out
 * for long: then facts that never change stay, and all else is not available. A row never goes
 * away for want of an answer.
 */
#include "core/service_join.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/device_row.h"
#include "core/join.h"
#include "core/service_board.h"
#include "core/service_gpu.h"
#include "core/service_look.h"
#include "core/service_state.h"
#include "core/service_xids.h"

/* ---- taking ---- */

static void keep_processes(struct seat *seat, const struct device_reading *reading)
{
    if (reading->process_count > seat->process_cap) {
        seat->process_cap = reading->process_count;
        seat->processes =
            xreallocarray(seat->processes, seat->process_cap, sizeof(*seat->processes));
    }
    if (reading->process_count)
        memcpy(seat->processes, reading->processes,
               reading->process_count * sizeof(*seat->processes));
    seat->process_count = reading->process_count;
}

static void take_reading(struct service *service, struct seat *seat,
                         const struct device_reading *reading, uint64_t began_ns)
{
    if (reading->has_processes) {
        keep_processes(seat, reading);
        service->is_list_new = true;
        service->is_gathering = false;
    }
    if (reading->is_answered || reading->driver_code) {
        seat->has_answered = true;
        seat->driver_code = reading->driver_code;
    }
    device_reading_done(&seat->kept);
    seat->kept = *reading;
    seat->is_renewed = false;
    seat->kept_ns = began_ns;
}

static void take_links(struct seat *seat, const struct device_reading *reading)
{
    if (!reading->has_links ||
        (seat->link_count && !reading->link_count)) { /* but which there are */
        for (size_t i = 0; i < seat->link_count; i++)
            seat->links[i].tx = seat->links[i].rx = value_na(NVITOP_WHY_NO_SAMPLE);
        return;
    }
    seat->has_links = true;
    seat->link_count = reading->link_count;
    memcpy(seat->links, reading->links, reading->link_count * sizeof(*seat->links));
}

static bool collect_seat(struct service *service, struct seat *seat)
{
    struct device_reading reading;
    uint64_t began_ns;
    bool is_any = false;
    if (seat->worker && gpu_worker_take(seat->worker, &reading, &began_ns)) {
        take_reading(service, seat, &reading, began_ns);
        is_any = true;
    }
    if (seat->lane && gpu_worker_take(seat->lane, &reading, &began_ns)) {
        memcpy(seat->slow_values, reading.rows->values, sizeof(seat->slow_values));
        seat->slow_ns = began_ns;
        take_links(seat, &reading);
        device_reading_done(&reading);
        is_any = true;
    }
    return is_any;
}

bool service_collect(struct service *service)
{
    bool is_any = service_collect_xids(service);
    for (size_t i = 0; i < service->seat_count; i++)
        is_any |= collect_seat(service, &service->seats[i]);
    return is_any;
}

/* ---- judging ---- */

static uint64_t out_since(const struct gpu_worker *worker)
{
    return worker ? gpu_worker_out_ns(worker) : 0;
}

/* The look-up of a handle may take longer than any other call: a GPU may have to wake. */
static uint64_t patience_ns(const struct seat *seat)
{
    bool is_opening = seat->worker && !gpu_worker_is_open(seat->worker);
    return (uint64_t)(is_opening ? PATIENCE_S : SILENT_S) * CLOCK_NS_PER_S;
}

/* Since when its oldest call has been out; 0: none is out. */
static uint64_t oldest_call(const struct seat *seat)
{
    uint64_t worker = out_since(seat->worker), lane = out_since(seat->lane);
    return !worker || (lane && lane < worker) ? lane : worker;
}

bool service_is_silent(const struct seat *seat, uint64_t now_ns)
{
    uint64_t out_ns = oldest_call(seat);
    return out_ns && out_ns < now_ns && now_ns - out_ns >= patience_ns(seat);
}

bool service_is_opening_late(const struct service *service)
{
    return service->opening && clock_mono_ns() - service->opening_ns > PATIENCE_S * CLOCK_NS_PER_S;
}

/* The same call has the same moment in every snapshot. */
static uint64_t silent_since_us(struct seat *seat, uint64_t now_ns)
{
    uint64_t out_ns = oldest_call(seat);
    if (seat->silent_ns != out_ns) {
        seat->silent_ns = out_ns;
        seat->silent_since_us = clock_epoch_us() - (now_ns - out_ns) / 1000;
    }
    return seat->silent_since_us;
}

static bool is_older(const struct service *service, uint64_t began_ns, uint64_t now_ns)
{
    uint64_t period_ns = service->demand.device_ms * CLOCK_NS_PER_MS;
    return now_ns - began_ns > MAX_OF(2 * period_ns, CLOCK_NS_PER_S);
}

/* What the lane has read stands in the GPU's row. */
static void add_slow_values(const struct service *service, const struct seat *seat,
                            struct snapshot_device *row, uint64_t now_ns)
{
    bool is_there = seat->slow_ns && !is_older(service, seat->slow_ns, now_ns);
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        if (metric_device[i].tier == TIER_LANE &&
            metric_set_has(&service->demand.metrics.gpu, metric_device[i].id))
            row->values[i] = is_there ? seat->slow_values[i] : value_na(NVITOP_WHY_NO_SAMPLE);
}

/* So do its NVLinks: which there are stays, whatever becomes of the lane. */
static void add_links(const struct service *service, const struct seat *seat,
                      struct snapshot_device *row, uint64_t now_ns, struct arena *arena)
{
    bool is_there = seat->slow_ns && !is_older(service, seat->slow_ns, now_ns);
    struct value none = value_na(NVITOP_WHY_NO_SAMPLE);
    struct snapshot_link *links = arena_array(arena, seat->link_count, sizeof(*links));
    for (size_t i = 0; i < seat->link_count; i++)
        links[i] = (struct snapshot_link){ .link = seat->links[i].link,
                                           .tx = is_there ? seat->links[i].tx : none,
                                           .rx = is_there ? seat->links[i].rx : none };
    row->has_links = seat->has_links && service->demand.has_links;
    row->links = links;
    row->link_count = seat->link_count;
}

static void add_xids(const struct seat *seat, struct snapshot_device *row, struct arena *arena)
{
    struct snapshot_xid *xids = arena_array(arena, seat->xid_count, sizeof(*xids));
    for (size_t i = 0; i < seat->xid_count; i++)
        xids[i] = (struct snapshot_xid){ seat->xids[i].xid, seat->xids[i].count };
    row->xids = xids;
    row->xid_count = seat->xid_count;
    row->xid_last_us = seat->xid_last_us;
}

/* A GPU that has only said who it is has no rows to show yet. */
static size_t count_rows(const struct seat *seat)
{
    return seat->is_renewed ? 0 : seat->kept.row_count;
}

static void blank(const struct seat *seat, struct device_reading *reading,
                  enum device_condition condition, enum nvitop_why why)
{
    if (!count_rows(seat))
        device_row_blank(reading->rows, (int)seat->index, condition, why);
    else
        for (size_t i = 0; i < reading->row_count; i++)
            device_row_fade(&reading->rows[i], condition, why);
}

static void judge(struct service *service, struct seat *seat, struct device_reading *reading,
                  uint64_t now_ns)
{
    if (service->driver_state == DRIVER_FAILED) {
        blank(seat, reading, DEVICE_ERROR, NVITOP_WHY_ERROR);
    } else if (seat->is_asleep) {
        blank(seat, reading, DEVICE_SUSPENDED, NVITOP_WHY_SUSPENDED);
    } else if (service_is_silent(seat, now_ns)) {
        uint64_t since_us = silent_since_us(seat, now_ns);
        blank(seat, reading, DEVICE_NOT_RESPONDING, NVITOP_WHY_NOT_RESPONDING);
        for (size_t i = 0; i < reading->row_count; i++)
            reading->rows[i].silent_since_us = since_us;
    } else if (!count_rows(seat)) {
        blank(seat, reading, DEVICE_WAITING, NVITOP_WHY_NO_SAMPLE);
    } else {
        for (size_t i = 0; i < reading->row_count; i++)
            reading->rows[i].is_stale = is_older(service, seat->kept_ns, now_ns);
        if (reading->rows->condition == DEVICE_OK)
            add_slow_values(service, seat, reading->rows, now_ns);
    }
}

/* The newest list, without what was on MIG devices that are gone. */
static void take_processes(struct seat *seat, struct device_reading *reading)
{
    size_t count = 0;
    for (size_t i = 0; i < seat->process_count; i++)
        if (seat->processes[i].device < reading->row_count)
            seat->processes[count++] = seat->processes[i];
    seat->process_count = count;
    reading->processes = seat->processes;
    reading->process_count = count;
}

/* The rows to show of one GPU, and its newest process list, for the join. */
static struct device_reading show(struct service *service, struct seat *seat, bool has_processes,
                                  uint64_t now_ns, struct arena *arena)
{
    struct device_reading reading = { .row_count = MAX_OF(count_rows(seat), (size_t)1) };
    reading.rows = arena_array(arena, reading.row_count, sizeof(*reading.rows));
    if (count_rows(seat))
        memcpy(reading.rows, seat->kept.rows, reading.row_count * sizeof(*reading.rows));
    judge(service, seat, &reading, now_ns);
    add_links(service, seat, reading.rows, now_ns, arena);
    add_xids(seat, reading.rows, arena);
    for (size_t i = 0; i < reading.row_count; i++)
        for (size_t v = 0; v < NVITOP_DEV_COUNT; v++)
            if (reading.rows[i].values[v].kind == NVITOP_TEXT)
                reading.rows[i].values[v] = value_copy(arena, reading.rows[i].values[v]);
    if (has_processes)
        take_processes(seat, &reading);
    return reading;
}

/* ---- processes between two lists ---- */

static size_t find_row(const struct snapshot *snapshot, const struct snapshot_device *wanted)
{
    for (size_t i = 0; i < snapshot->device_count; i++)
        if (snapshot->devices[i].physical == wanted->physical &&
            snapshot->devices[i].mig == wanted->mig)
            return i;
    return (size_t)SNAPSHOT_NO_DEVICE;
}

static void copy_process(const struct snapshot_process *from, size_t device, struct arena *arena,
                         struct snapshot_process *to)
{
    *to = *from;
    to->device = device;
    for (size_t i = 0; i < NVITOP_PROC_COUNT; i++)
        if (to->values[i].kind == NVITOP_TEXT)
            to->values[i] = value_copy(arena, to->values[i]);
}

/* The rows of the newest snapshot again, in the same order. */
static void carry_processes(const struct snapshot *from, struct snapshot *to)
{
    to->processes = arena_array(&to->arena, from->process_count, sizeof(*to->processes));
    for (size_t i = 0; i < from->process_count; i++) {
        const struct snapshot_process *process = &from->processes[i];
        size_t device = find_row(to, &from->devices[process->device]);
        if (device != (size_t)SNAPSHOT_NO_DEVICE)
            copy_process(process, device, &to->arena, &to->processes[to->process_count++]);
    }
    to->relatives = arena_array(&to->arena, from->relative_count, sizeof(*to->relatives));
    for (size_t i = 0; i < from->relative_count; i++)
        copy_process(&from->relatives[i], (size_t)SNAPSHOT_NO_DEVICE, &to->arena,
                     &to->relatives[to->relative_count++]);
    to->has_relatives = from->has_relatives;
}

/* ---- joining ---- */

static void fill_driver(const struct service *service, struct snapshot *snapshot)
{
    const struct driver *driver = service->driver;
    struct value none = value_na(NVITOP_WHY_NO_SAMPLE);
    snapshot->driver_version = driver ? value_copy(&snapshot->arena, driver->driver_version) : none;
    snapshot->cuda_version = driver ? value_copy(&snapshot->arena, driver->cuda_version) : none;
    snapshot->driver_device_count = driver ? driver->device_count : (unsigned)service->seat_count;
    snapshot->has_process_lists = !driver || nvml_has_process_symbols(driver->nvml);
    snapshot->driver_state = service->driver_state;
    snapshot->driver_since_us = service->driver_since_us;
    snapshot->is_driver_late = service_is_opening_late(service);
    if (service->driver_state == DRIVER_FAILED)
        snapshot->driver_text = arena_strdup(&snapshot->arena, service->driver_text);
}

/* How much of the processes is new. */
enum freshness {
    CARRIED,  /* nothing: the rows of the newest snapshot are shown again */
    RECALLED, /* command lines; nobody is looked at that is known */
    FRESH,    /* a list of the driver, and everybody is looked at */
};

/* On a unified-memory board, used memory is a sum over processes: there they are joined again. */
static bool has_unified(const struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->device_count; i++) {
        struct value kind = snapshot_device_value(&snapshot->devices[i], NVITOP_DEV_MEMORY_KIND);
        if (strcmp(value_text_or(kind, ""), "UMA") == 0)
            return true;
    }
    return false;
}

static enum freshness judge_processes(struct service *service)
{
    bool has_commands = atomic_exchange(&service->has_commands, false);
    if (service->is_list_new || !service->newest || !service->newest->has_processes)
        return FRESH;
    return has_commands || has_unified(service->newest) ? RECALLED : CARRIED;
}

static void join(struct service *service, enum freshness freshness, struct snapshot *snapshot)
{
    uint64_t now_ns = clock_mono_ns();
    bool has_processes = service->demand.has_processes && freshness != CARRIED;
    struct device_reading *readings =
        arena_array(&snapshot->arena, service->seat_count, sizeof(*readings));
    size_t count = 0;
    for (size_t i = 0; i < service->seat_count; i++)
        if (!service->seats[i].is_hidden)
            readings[count++] =
                show(service, &service->seats[i], has_processes, now_ns, &snapshot->arena);
    struct join_input input = {
        .host = service->host,
        .procfs = service->options.procfs,
        .pid_scope = service->pid_scope,
        .totals = service->totals.values,
        .readings = readings,
        .reading_count = count,
        .filter = &service->options.filter,
        .has_workloads = service->demand.has_workloads,
        .memory = service->memory,
        .now_ns = now_ns,
        .keeps_facts = freshness == RECALLED,
        .has_relatives = service->demand.has_relatives,
    };
    snapshot->has_processes = has_processes;
    join_snapshot(&input, snapshot);
    if (has_processes && freshness == FRESH)
        service_note_processes(service, now_ns);
    snapshot->has_processes = service->demand.has_processes;
}

/* Whether a first list may still come. */
static bool is_gathering(const struct service *service)
{
    bool is_any = service->driver_state == DRIVER_WAITING;
    for (size_t i = 0; i < service->seat_count; i++)
        is_any |= !service->seats[i].is_hidden && !service->seats[i].is_asleep;
    return service->is_gathering && is_any;
}

void service_publish(struct service *service)
{
    enum freshness freshness = judge_processes(service);
    struct snapshot *snapshot = snapshot_new();
    fill_driver(service, snapshot);
    join(service, freshness, snapshot);
    if (freshness == CARRIED && snapshot->has_processes)
        carry_processes(service->newest, snapshot);
    service->is_list_new = false;
    snapshot->is_gathering = snapshot->has_processes && is_gathering(service);
    service_tell_looks(service, snapshot);
    snapshot->look = service->looks;
    snapshot->mono_ns = clock_mono_ns();
    snapshot->epoch_us = clock_epoch_us();
    snapshot_unref(service->newest);
    service->newest = snapshot_ref(snapshot);
    board_publish(service->board, snapshot);
}
