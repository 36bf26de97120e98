/*
 * Entry points about events: the XIDs of a scenario, each told once to each set. One whose time has
 * come before the GPU was registered is told too, so that nobody has to be in time.
 */
#include "sim/entry.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sim/sim.h"

enum { LOOK_MS = 20 };

struct watched {
    nvml_handle handle; /* NULL: not registered */
    size_t told;
};

/* What an nvml_event_set points at; of one thread at a time. */
struct event_set {
    struct watched devices[SCENARIO_DEVICE_MAX];
};

static struct event_set *set_of(nvml_event_set set)
{
    return (struct event_set *)(void *)set;
}

int nvmlEventSetCreate(nvml_event_set *set)
{
    struct call call;
    int code = call_enter(&call, SYM_nvmlEventSetCreate);
    if (code || !set)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    *set = (nvml_event_set)(void *)xcalloc(1, sizeof(struct event_set));
    return NVML_ABI_SUCCESS;
}

int nvmlEventSetFree(nvml_event_set set)
{
    struct call call;
    int code = call_enter(&call, SYM_nvmlEventSetFree);
    if (!code)
        free(set_of(set));
    return code;
}

int nvmlDeviceGetSupportedEventTypes(nvml_handle device, uint64_t *types)
{
    struct call call;
    int code = call_enter_device(&call, SYM_nvmlDeviceGetSupportedEventTypes, device);
    if (code || !types)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    *types = NVML_ABI_EVENT_TYPE_XID;
    return call.mig ? NVML_ABI_ERROR_NOT_SUPPORTED : NVML_ABI_SUCCESS;
}

int nvmlDeviceRegisterEvents(nvml_handle device, uint64_t types, nvml_event_set set)
{
    struct call call;
    int code = call_enter_device(&call, SYM_nvmlDeviceRegisterEvents, device);
    if (!code && (!set || !types))
        code = NVML_ABI_ERROR_INVALID_ARGUMENT;
    if (!code && (call.mig || types & ~NVML_ABI_EVENT_TYPE_XID))
        code = NVML_ABI_ERROR_NOT_SUPPORTED;
    if (!code)
        set_of(set)->devices[call.device->number].handle = device;
    return code;
}

/* ---- waiting ---- */

static bool find_event(struct event_set *set, struct nvml_abi_event *event)
{
    double now = sim_now();
    for (size_t i = 0; i < sim.scenario->device_count; i++) {
        struct watched *watched = &set->devices[i];
        const struct curve *xids = scenario_curve(&sim.scenario->devices[i], DEVICE_XID);
        if (!watched->handle || xids->kind != CURVE_STEPS || watched->told == xids->step_count ||
            xids->steps[watched->told].at > now)
            continue;
        event->device = watched->handle;
        event->type = NVML_ABI_EVENT_TYPE_XID;
        event->data = (uint64_t)xids->steps[watched->told++].value;
        return true;
    }
    return false;
}

static int wait(enum symbol_id symbol, nvml_event_set set, struct nvml_abi_event *event,
                uint32_t ms)
{
    static const struct timespec pause = { 0, LOOK_MS * 1000000L };
    struct call call;
    uint64_t end_ns = clock_mono_ns() + ms * CLOCK_NS_PER_MS;
    int code = call_enter(&call, symbol);
    if (code || !set || !event)
        return code ? code : NVML_ABI_ERROR_INVALID_ARGUMENT;
    while (!find_event(set_of(set), event)) {
        if (clock_mono_ns() >= end_ns)
            return NVML_ABI_ERROR_TIMEOUT;
        nanosleep(&pause, NULL);
    }
    return NVML_ABI_SUCCESS;
}

/* The older one knows nothing of instances, and leaves them alone. */
int nvmlEventSetWait(nvml_event_set set, struct nvml_abi_event *event, uint32_t ms)
{
    return wait(SYM_nvmlEventSetWait, set, event, ms);
}

int nvmlEventSetWait_v2(nvml_event_set set, struct nvml_abi_event *event, uint32_t ms)
{
    int code = wait(SYM_nvmlEventSetWait_v2, set, event, ms);
    if (!code)
        event->gpu_instance = event->compute_instance = NVML_ABI_NO_INSTANCE;
    return code;
}
