/*
 * A set of events, registered for every GPU that has them. The driver tells an event with the
 * handle of its GPU, which is the one that was registered; an event of any other kind or handle is
 * passed over. The older wait writes less of its struct, and no more of it is read.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "nvml/nvml_internal.h"

struct nvml_events {
    struct nvml *nvml;
    nvml_event_set set;
    nvml_handle *handles; /* by index; NULL: not watched */
    unsigned count;
};

static bool watch(struct nvml_events *events, unsigned index)
{
    struct nvml *nvml = events->nvml;
    nvml_handle handle = NULL;
    int code = NVML_CALL(nvml, nvml->symbols.handle_by_index, index, &handle);
    if (!code)
        code = NVML_CALL(nvml, nvml->symbols.register_events, handle, NVML_ABI_EVENT_TYPE_XID,
                         events->set);
    events->handles[index] = code ? NULL : handle;
    return !code;
}

struct nvml_events *nvml_events_open(struct nvml *nvml, unsigned device_count)
{
    nvml_event_set set = NULL;
    bool is_any = false;
    if (!nvml->symbols.register_events || !nvml->symbols.event_set_wait ||
        NVML_CALL(nvml, nvml->symbols.event_set_create, &set) || !set)
        return NULL;
    struct nvml_events *events = xcalloc(1, sizeof(*events));
    *events = (struct nvml_events){ .nvml = nvml, .set = set, .count = device_count };
    events->handles = xcalloc(device_count, sizeof(nvml_handle));
    for (unsigned i = 0; i < device_count; i++)
        is_any |= watch(events, i);
    if (is_any)
        return events;
    nvml_events_close(events);
    return NULL;
}

void nvml_events_close(struct nvml_events *events)
{
    if (!events)
        return;
    (void)NVML_CALL(events->nvml, events->nvml->symbols.event_set_free, events->set);
    free(events->handles);
    free(events);
}

enum nvml_events_answer nvml_events_wait(struct nvml_events *events, unsigned ms,
                                         struct nvml_event *ret_event)
{
    struct nvml_abi_event event = { 0 };
    int code =
        NVML_CALL(events->nvml, events->nvml->symbols.event_set_wait, events->set, &event, ms);
    if (code)
        return code == NVML_ABI_ERROR_TIMEOUT ? NVML_EVENT_NONE : NVML_EVENT_FAILED;
    for (unsigned i = 0; i < events->count; i++) {
        if (event.type != NVML_ABI_EVENT_TYPE_XID || events->handles[i] != event.device)
            continue;
        *ret_event = (struct nvml_event){ .index = i, .xid = (uint32_t)event.data };
        return NVML_EVENT;
    }
    return NVML_EVENT_NONE;
}
