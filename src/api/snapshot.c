/* Snapshots: taking one, counting it, and looking into it. */
#include "api/api.h"
#include "api/arrange.h"
#include "base/mem.h"

void nvitop_snapshot_request_init(struct nvitop_snapshot_request *request)
{
    if (request)
        *request = (struct nvitop_snapshot_request){ .size = sizeof(*request) };
}

/* ---- taking ---- */

static void add_all(struct metric_set *set, bool has_blocking)
{
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        if (has_blocking || metric_device[i].tier != TIER_LANE)
            metric_set_add(set, metric_device[i].id);
}

static int check(struct nvitop_session *session, const struct nvitop_snapshot_request *request,
                 struct metric_set *ret_wanted)
{
    uint32_t known = NVITOP_SNAPSHOT_NO_PROCESSES | NVITOP_SNAPSHOT_BLOCKING;
    if ((request->flags & ~known) || (request->device_count && !request->devices) ||
        (request->metric_count && !request->metrics))
        return NVITOP_EINVAL;
    if (request->metrics && !api_device_set(request->metrics, request->metric_count, ret_wanted))
        return NVITOP_EINVAL;
    if (!request->metrics)
        add_all(ret_wanted, request->flags & NVITOP_SNAPSHOT_BLOCKING);
    return request->devices ? arrange_check(session, request->devices, request->device_count)
                            : NVITOP_OK;
}

static int take(struct nvitop_session *session, const struct nvitop_snapshot_request *request,
                struct snapshot **ret_snapshot)
{
    struct metric_set wanted = { 0 };
    struct arena arena = { 0 };
    int status = check(session, request, &wanted);
    if (status < 0)
        return status;
    struct session_request core = { .metrics = { wanted, wanted },
                                    .has_processes =
                                        !(request->flags & NVITOP_SNAPSHOT_NO_PROCESSES) };
    if (request->devices)
        core.gpus = arrange_gpus(request->devices, request->device_count, &arena, &core.gpu_count);
    status = session_snapshot(session->core, &core, ret_snapshot);
    if (status == NVITOP_OK && request->devices)
        arrange_rows(*ret_snapshot, request->devices, request->device_count);
    arena_done(&arena);
    return status;
}

int nvitop_snapshot_take(struct nvitop_session *session,
                         const struct nvitop_snapshot_request *request,
                         struct nvitop_snapshot **ret_snapshot)
{
    struct nvitop_snapshot_request full;
    struct snapshot *snapshot;
    nvitop_snapshot_request_init(&full);
    bool is_good = ret_snapshot && (!request || api_copy_in(&full, sizeof(full), request));
    int status = is_good ? api_begin(session) : NVITOP_EINVAL;
    if (status < 0)
        return status;
    status = take(session, &full, &snapshot);
    if (status == NVITOP_OK)
        *ret_snapshot = (struct nvitop_snapshot *)snapshot;
    api_end(session);
    return status;
}

struct nvitop_snapshot *nvitop_snapshot_ref(struct nvitop_snapshot *snapshot)
{
    return snapshot ? (struct nvitop_snapshot *)snapshot_ref(api_snapshot(snapshot)) : NULL;
}

void nvitop_snapshot_unref(struct nvitop_snapshot *snapshot)
{
    snapshot_unref(api_snapshot(snapshot));
}

/* ---- looking ---- */

size_t nvitop_snapshot_device_count(const struct nvitop_snapshot *snapshot)
{
    return snapshot ? api_snapshot_const(snapshot)->device_count : 0;
}

size_t nvitop_snapshot_process_count(const struct nvitop_snapshot *snapshot)
{
    return snapshot ? api_snapshot_const(snapshot)->process_count : 0;
}

double nvitop_snapshot_epoch(const struct nvitop_snapshot *snapshot)
{
    return snapshot ? (double)api_snapshot_const(snapshot)->epoch_us / 1e6 : 0;
}

int nvitop_snapshot_device(const struct nvitop_snapshot *snapshot, size_t row,
                           struct nvitop_device_row *ret_row)
{
    static const int32_t conditions[] = {
        [DEVICE_OK] = NVITOP_CONDITION_OK,
        [DEVICE_LOST] = NVITOP_CONDITION_LOST,
        [DEVICE_ERROR] = NVITOP_CONDITION_ERROR,
        [DEVICE_NOT_RESPONDING] = NVITOP_CONDITION_NOT_RESPONDING,
        [DEVICE_SUSPENDED] = NVITOP_CONDITION_SUSPENDED,
        [DEVICE_WAITING] = NVITOP_CONDITION_WAITING,
    };
    if (!snapshot || !ret_row)
        return NVITOP_EINVAL;
    if (row >= nvitop_snapshot_device_count(snapshot))
        return NVITOP_ENOTFOUND;
    const struct snapshot_device *device = &api_snapshot_const(snapshot)->devices[row];
    struct nvitop_device_row public = { .index = { device->physical, device->mig },
                                        .condition = conditions[device->condition],
                                        .nvml_code = device->code,
                                        .is_leaf = device->is_leaf };
    return api_copy_out(ret_row, &public, sizeof(public)) ? NVITOP_OK : NVITOP_EINVAL;
}

int32_t api_presence(enum process_presence presence)
{
    static const int32_t presences[] = {
        [PROCESS_PRESENT] = NVITOP_PRESENCE_HERE,      [PROCESS_GONE] = NVITOP_PRESENCE_GONE,
        [PROCESS_ZOMBIE] = NVITOP_PRESENCE_ZOMBIE,     [PROCESS_HIDDEN] = NVITOP_PRESENCE_HIDDEN,
        [PROCESS_HOST_PID] = NVITOP_PRESENCE_HOST_PID,
    };
    return presences[presence];
}

int nvitop_snapshot_process(const struct nvitop_snapshot *snapshot, size_t row,
                            struct nvitop_process_row *ret_row)
{
    if (!snapshot || !ret_row)
        return NVITOP_EINVAL;
    if (row >= nvitop_snapshot_process_count(snapshot))
        return NVITOP_ENOTFOUND;
    const struct snapshot_process *process = &api_snapshot_const(snapshot)->processes[row];
    struct nvitop_process_row public = { .pid = process->pid,
                                         .start_ticks = process->start_ticks,
                                         .device_row = process->device,
                                         .type_bits = process->types,
                                         .presence = api_presence(process->presence),
                                         .is_own = process->is_own };
    return api_copy_out(ret_row, &public, sizeof(public)) ? NVITOP_OK : NVITOP_EINVAL;
}

int nvitop_snapshot_get(const struct nvitop_snapshot *snapshot, int id, size_t row,
                        struct nvitop_value *ret_value)
{
    const struct snapshot *core = api_snapshot_const(snapshot);
    int scope = metric_scope(id);
    if (!snapshot || !ret_value || scope < 0)
        return NVITOP_EINVAL;
    size_t count = scope == NVITOP_SCOPE_DEVICE    ? core->device_count
                   : scope == NVITOP_SCOPE_PROCESS ? core->process_count
                                                   : 1;
    if (row >= count)
        return NVITOP_ENOTFOUND;
    *ret_value = api_value(
        scope == NVITOP_SCOPE_DEVICE    ? snapshot_device_value(&core->devices[row], id)
        : scope == NVITOP_SCOPE_PROCESS ? snapshot_process_value(&core->processes[row], id)
                                        : snapshot_host_value(core, id));
    return NVITOP_OK;
}
