/*
 * A look at the GPUs takes as long as that at the slowest of them, and is whole if every GPU that
 * is shown has answered in time, be it that it is lost. One at processes is whole if all GPUs have
 * answered and refused no list, one at the host if what every host has could be read, or is
 * nothing that this one has.
 */
#include "core/service_look.h"

#include "base/clock.h"
#include "base/mem.h"
#include "core/service_state.h"
#include "core/snapshot.h"

void service_look_at_host(struct service *service)
{
    uint64_t began_ns = clock_mono_ns(), read_ns = service->totals.read_ns;
    totals_refresh(&service->totals, service->host);
    if (service->totals.read_ns == read_ns) /* the last look is too near */
        return;
    service->host_look.end_ns = clock_mono_ns();
    service->host_look.took_ns = service->host_look.end_ns - began_ns;
}

void service_note_processes(struct service *service, uint64_t began_ns)
{
    service->process_look.end_ns = clock_mono_ns();
    service->process_look.took_ns = service->process_look.end_ns - began_ns;
}

static struct value seconds(uint64_t ns)
{
    return value_real((double)ns / (double)CLOCK_NS_PER_S);
}

static bool is_recent(uint64_t end_ns, unsigned period_ms)
{
    uint64_t patience_ns = MAX_OF(2 * period_ms * CLOCK_NS_PER_MS, CLOCK_NS_PER_S);
    return end_ns && clock_mono_ns() - end_ns <= patience_ns;
}

/* ---- GPUs ---- */

static bool has_answered(const struct snapshot_device *row)
{
    bool is_answer = row->condition == DEVICE_OK || row->condition == DEVICE_LOST ||
                     row->condition == DEVICE_SUSPENDED;
    return is_answer && !row->is_stale && !row->silent_since_us;
}

static struct snapshot_look look_at_gpus(const struct service *service,
                                         const struct snapshot *snapshot)
{
    struct snapshot_look look = { .is_good = service->driver_state == DRIVER_OK,
                                  .seconds = value_na(NVITOP_WHY_NO_SAMPLE) };
    uint64_t longest_ns = 0;
    for (size_t i = 0; i < snapshot->device_count; i++)
        look.is_good &= has_answered(&snapshot->devices[i]);
    for (size_t i = 0; i < service->seat_count; i++)
        if (!service->seats[i].is_hidden)
            longest_ns = MAX_OF(longest_ns, service->seats[i].kept.took_ns);
    if (longest_ns)
        look.seconds = seconds(longest_ns);
    return look;
}

/* ---- processes, and the host ---- */

static struct snapshot_look look_at_processes(const struct service *service, bool has_all_gpus)
{
    bool is_whole = service->demand.has_processes && has_all_gpus;
    for (size_t i = 0; i < service->seat_count; i++)
        is_whole &= service->seats[i].is_hidden || !service->seats[i].kept.is_list_lost;
    bool is_any = service->process_look.end_ns;
    return (struct snapshot_look){
        .is_good = is_whole && is_recent(service->process_look.end_ns, service->demand.process_ms),
        .seconds = is_any ? seconds(service->process_look.took_ns) : value_na(NVITOP_WHY_NO_SAMPLE),
    };
}

/* What a system does not have is not missed, and what has to be looked at twice is only late. */
static bool is_told(struct value value)
{
    return !value_is_na(value) || value.why == NVITOP_WHY_NOT_SUPPORTED ||
           value.why == NVITOP_WHY_NO_SAMPLE;
}

static struct snapshot_look look_at_host(const struct service *service)
{
    static const int needed[] = { NVITOP_HOST_MEMORY_TOTAL, NVITOP_HOST_LOAD1, NVITOP_HOST_UPTIME,
                                  NVITOP_HOST_CPU_COUNT };
    bool is_whole = true, is_any = service->host_look.end_ns;
    for (size_t i = 0; i < ARRAY_LEN(needed); i++)
        is_whole &= is_told(service->totals.values[needed[i] - NVITOP_HOST_CPU_PERCENT]);
    return (struct snapshot_look){
        .is_good = is_whole && is_recent(service->host_look.end_ns, service->demand.device_ms),
        .seconds = is_any ? seconds(service->host_look.took_ns) : value_na(NVITOP_WHY_NO_SAMPLE),
    };
}

void service_tell_looks(const struct service *service, struct snapshot *snapshot)
{
    struct snapshot_look gpus = look_at_gpus(service, snapshot);
    snapshot->looks[SNAPSHOT_GPUS] = gpus;
    snapshot->looks[SNAPSHOT_PROCESSES] = look_at_processes(service, gpus.is_good);
    snapshot->looks[SNAPSHOT_HOST] = look_at_host(service);
}
