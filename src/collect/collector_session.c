/*
 * Samples are snapshots of the GPUs that are collected, and of no metric but those; the clocks are
 * the machine's.
 */
#include "collect/collector_session.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "collect/collector.h"
#include "core/session.h"

struct binding {
    struct session *session;
    struct session_request request;
    unsigned *gpus; /* the request's */
};

static int take(void *arg, struct snapshot **ret_snapshot)
{
    const struct binding *binding = arg;
    return session_snapshot(binding->session, &binding->request, ret_snapshot);
}

static void host(void *arg, struct value values[NVITOP_HOST_COUNT])
{
    const struct binding *binding = arg;
    session_host(binding->session, values);
}

static bool descends(void *arg, uint32_t pid, const int32_t *roots, size_t count)
{
    const struct binding *binding = arg;
    int32_t *named = xcalloc(count, sizeof(*named));
    for (size_t i = 0; i < count; i++)
        named[i] = roots[i] == COLLECTOR_ROOT_SELF ? (int32_t)getpid() : roots[i];
    bool descends = session_descends(binding->session, pid, named, count);
    free(named);
    return descends;
}

static uint64_t mono_ns(void *arg)
{
    (void)arg;
    return clock_mono_ns();
}

static uint64_t epoch_us(void *arg)
{
    (void)arg;
    return clock_epoch_us();
}

static void free_binding(void *arg)
{
    struct binding *binding = arg;
    free(binding->gpus);
    free(binding);
}

static int compare_gpus(const void *a, const void *b)
{
    unsigned left = *(const unsigned *)a, right = *(const unsigned *)b;
    return (left > right) - (left < right);
}

/* The GPUs of the devices, ascending, each once. */
static void want_gpus(struct binding *binding, const struct collector_options *options)
{
    size_t count = 0;
    binding->gpus = xcalloc(options->device_count + 1, sizeof(*binding->gpus));
    for (size_t i = 0; i < options->device_count; i++)
        binding->gpus[i] = (unsigned)options->devices[i].physical;
    qsort(binding->gpus, options->device_count, sizeof(*binding->gpus), compare_gpus);
    for (size_t i = 0; i < options->device_count; i++)
        if (count == 0 || binding->gpus[count - 1] != binding->gpus[i])
            binding->gpus[count++] = binding->gpus[i];
    binding->request.gpus = binding->gpus;
    binding->request.gpu_count = count;
}

static void want_metrics(struct metric_wanted *wanted)
{
    for (size_t i = 0; i < ARRAY_LEN(metric_device); i++) {
        if (metric_device[i].collector_group == METRIC_GROUP_NONE)
            continue;
        metric_set_add(&wanted->gpu, metric_device[i].id);
        metric_set_add(&wanted->mig, metric_device[i].id);
    }
}

struct collector *collector_of_session(struct session *session,
                                       const struct collector_options *options)
{
    struct binding *binding = xcalloc(1, sizeof(*binding));
    binding->session = session;
    binding->request.has_processes = options->root_count > 0;
    want_metrics(&binding->request.metrics);
    if (options->devices)
        want_gpus(binding, options);
    const struct collector_source source = {
        binding, take, host, descends, mono_ns, epoch_us, free_binding,
    };
    return collector_new(&source, options);
}
