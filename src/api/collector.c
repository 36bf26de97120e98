/*
 * The collector of the public header: options are checked and copied, a session knows its
 * collectors so that it can end them, and in the child of a fork each becomes the child's when it
 * is used for the first time.
 *
 * Places in a session's list are never taken out of it, only emptied and used again, so that the
 * child of a fork finds the list whole, whatever another thread of its parent was doing.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/api.h"
#include "base/mem.h"
#include "collect/collector.h"
#include "collect/collector_session.h"

enum { PATIENCE_MS = 3000 };

struct nvitop_collector {
    struct nvitop_session *_Atomic session; /* NULL: it was closed */
    struct collector *core;
    atomic_long pid; /* as a session has it */
};

struct api_collector_place {
    struct nvitop_collector *_Atomic collector; /* NULL: free */
    struct api_collector_place *next;
};

/* ---- the list ---- */

static void put_in(struct nvitop_session *session, struct nvitop_collector *collector)
{
    struct api_collector_place *place = atomic_load(&session->collectors);
    for (; place; place = place->next) {
        struct nvitop_collector *nobody = NULL;
        if (atomic_compare_exchange_strong(&place->collector, &nobody, collector))
            return;
    }
    place = xcalloc(1, sizeof(*place));
    atomic_init(&place->collector, collector);
    place->next = atomic_load(&session->collectors);
    while (!atomic_compare_exchange_weak(&session->collectors, &place->next, place))
        ; /* place->next is the newest head again */
}

static void take_out(struct nvitop_session *session, struct nvitop_collector *collector)
{
    struct api_collector_place *place = atomic_load(&session->collectors);
    for (; place; place = place->next) {
        struct nvitop_collector *it = collector;
        if (atomic_compare_exchange_strong(&place->collector, &it, NULL))
            return;
    }
}

/* ---- forks ---- */

static void renew(void *object)
{
    struct nvitop_collector *collector = object;
    collector_after_fork(collector->core);
}

bool api_collectors_end(struct nvitop_session *session, uint64_t deadline_ns)
{
    bool is_alone = true;
    struct api_collector_place *next, *place = atomic_exchange(&session->collectors, NULL);
    for (; place; place = next) {
        struct nvitop_collector *collector = atomic_load(&place->collector);
        next = place->next;
        free(place);
        if (!collector)
            continue;
        api_adopt(&collector->pid, renew, collector);
        is_alone &= collector_end(collector->core, deadline_ns);
        atomic_store(&collector->session, NULL);
    }
    return is_alone;
}

/* The first thing every function does with a collector, and the last if that went well. */
static int enter(struct nvitop_collector *collector, struct nvitop_session **ret_session)
{
    struct nvitop_session *session = collector ? atomic_load(&collector->session) : NULL;
    if (!collector)
        return NVITOP_EINVAL;
    if (!session)
        return NVITOP_ESTATE;
    int status = api_begin(session);
    if (status < 0)
        return status;
    api_adopt(&collector->pid, renew, collector);
    *ret_session = session;
    return NVITOP_OK;
}

static int leave(struct nvitop_session *session, int status)
{
    api_end(session);
    return status;
}

/* ---- making one ---- */

void nvitop_collector_options_init(struct nvitop_collector_options *options)
{
    if (options)
        *options = (struct nvitop_collector_options){ .size = sizeof(*options), .interval = 1 };
}

static bool are_good(const struct nvitop_session *session,
                     const struct nvitop_collector_options *options)
{
    size_t count = options->devices ? options->device_count : 0;
    return options->interval > 0 && !(options->flags & ~(uint32_t)NVITOP_COLLECTOR_BY_HAND) &&
           api_are_devices_of(session, options->devices, count);
}

/* NULL for NULL. */
static struct collected_device *copy_devices(const struct nvitop_collector_options *options)
{
    if (!options->devices)
        return NULL;
    struct collected_device *devices = xcalloc(options->device_count + 1, sizeof(*devices));
    for (size_t i = 0; i < options->device_count; i++) {
        int32_t cuda = options->cuda_indices ? options->cuda_indices[i] : GROUP_NO_CUDA;
        devices[i] = (struct collected_device){
            .physical = options->devices[i]->index.physical,
            .mig = options->devices[i]->index.mig,
            .cuda = MAX_OF(cuda, GROUP_NO_CUDA),
        };
    }
    return devices;
}

static struct collector *make_core(struct nvitop_session *session,
                                   const struct nvitop_collector_options *options)
{
    static const int32_t self[] = { COLLECTOR_ROOT_SELF };
    struct collected_device *devices = copy_devices(options);
    const struct collector_options core = {
        .devices = devices,
        .device_count = devices ? options->device_count : 0,
        .roots = options->root_pids ? options->root_pids : self,
        .root_count = options->root_pids ? options->root_pid_count : ARRAY_LEN(self),
        .interval = options->interval,
        .patience_ms = PATIENCE_MS,
        .is_by_hand = options->flags & NVITOP_COLLECTOR_BY_HAND,
    };
    struct collector *collector = collector_of_session(session->core, &core);
    free(devices);
    return collector;
}

int nvitop_collector_new(struct nvitop_session *session,
                         const struct nvitop_collector_options *options,
                         struct nvitop_collector **ret_collector)
{
    struct nvitop_collector_options full;
    nvitop_collector_options_init(&full);
    if (!ret_collector || (options && !api_copy_in(&full, sizeof(full), options)) ||
        !are_good(session, &full))
        return NVITOP_EINVAL;
    int status = api_begin(session);
    if (status < 0)
        return status;
    struct nvitop_collector *collector = xcalloc(1, sizeof(*collector));
    atomic_init(&collector->session, session);
    atomic_init(&collector->pid, (long)getpid());
    collector->core = make_core(session, &full);
    put_in(session, collector);
    api_end(session);
    *ret_collector = collector;
    return NVITOP_OK;
}

void nvitop_collector_free(struct nvitop_collector *collector)
{
    struct nvitop_session *session;
    if (!collector)
        return;
    if (enter(collector, &session) == NVITOP_OK) {
        take_out(session, collector);
        api_end(session);
    }
    collector_free(collector->core);
    free(collector);
}

/* ---- using it ---- */

static int pass_tag(struct nvitop_collector *collector, const char *tag,
                    int (*pass)(struct collector *collector, const char *tag))
{
    struct nvitop_session *session;
    int status = enter(collector, &session);
    return status < 0 ? status : leave(session, pass(collector->core, tag));
}

int nvitop_collector_activate(struct nvitop_collector *collector, const char *tag)
{
    return tag ? pass_tag(collector, tag, collector_activate) : NVITOP_EINVAL;
}

int nvitop_collector_deactivate(struct nvitop_collector *collector, const char *tag)
{
    return pass_tag(collector, tag, collector_deactivate);
}

int nvitop_collector_clear(struct nvitop_collector *collector, const char *tag)
{
    return pass_tag(collector, tag, collector_clear);
}

static int ask(struct nvitop_collector *collector, int (*answer)(struct collector *collector))
{
    struct nvitop_session *session;
    int status = enter(collector, &session);
    return status < 0 ? status : leave(session, answer(collector->core));
}

int nvitop_collector_sample(struct nvitop_collector *collector)
{
    return ask(collector, collector_sample);
}

int nvitop_collector_is_due(struct nvitop_collector *collector)
{
    return ask(collector, collector_is_due);
}

int nvitop_collector_add(struct nvitop_collector *collector, double took, const char *const *names,
                         const double *values, size_t count)
{
    struct nvitop_session *session;
    bool is_good = took >= 0 && (count == 0 || (names && values));
    for (size_t i = 0; is_good && i < count; i++)
        is_good = names[i];
    int status = is_good ? enter(collector, &session) : NVITOP_EINVAL;
    return status < 0 ? status
                      : leave(session, collector_add(collector->core, took, names, values, count));
}

static int get_result(struct nvitop_collector *collector,
                      int (*get)(struct collector *collector, struct result *result),
                      struct result *result)
{
    struct nvitop_session *session;
    int status = enter(collector, &session);
    return status < 0 ? status : leave(session, get(collector->core, result));
}

int nvitop_collector_collect(struct nvitop_collector *collector, nvitop_emit_fn *emit, void *arg)
{
    struct result result = { .which = RESULT_KEYS };
    int status = emit ? get_result(collector, collector_collect, &result) : NVITOP_EINVAL;
    result_emit(&result, emit, arg);
    result_done(&result);
    return status;
}

int nvitop_collector_values(struct nvitop_collector *collector, double *ret_values, size_t cap,
                            size_t *ret_count, uint64_t *ret_layout)
{
    struct result result = { .which = RESULT_NO_KEYS };
    bool is_good = api_is_array(ret_values, cap, ret_count) && ret_layout;
    int status = is_good ? get_result(collector, collector_tell, &result) : NVITOP_EINVAL;
    if (status == NVITOP_OK) {
        for (size_t i = 0; i < MIN_OF(cap, result.count); i++)
            ret_values[i] = result.values[i];
        *ret_count = result.count;
        *ret_layout = result.layout;
    }
    result_done(&result);
    return status;
}

int nvitop_collector_keys(struct nvitop_collector *collector, char **ret_keys, size_t *ret_size,
                          uint64_t *ret_layout)
{
    struct result result = { .which = RESULT_KEYS_WITHOUT_TAGS };
    bool is_good = ret_keys && ret_size && ret_layout;
    int status = is_good ? get_result(collector, collector_tell, &result) : NVITOP_EINVAL;
    if (status == NVITOP_OK) {
        *ret_size = result.keys.len;
        *ret_layout = result.layout;
        *ret_keys = str_take(&result.keys);
    }
    result_done(&result);
    return status;
}
