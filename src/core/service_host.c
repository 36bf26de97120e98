/*
 * A pass: orders go out, the host is read meanwhile, and the pass ends when all who were at rest
 * have answered, or after its grace. Ticks are aligned to the wall clock, so that a screen that
 * shows seconds changes once a second.
 *
 * Invariant: nothing in here waits but for the bell.
 */
#include "core/service_host.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/bell.h"
#include "core/pick.h"
#include "core/service_board.h"
#include "core/service_choice.h"
#include "core/service_driver.h"
#include "core/service_gpu.h"
#include "core/service_join.h"
#include "core/service_look.h"
#include "core/service_state.h"
#include "core/service_xids.h"
#include "host/host.h"

enum { GRACE_MS = 100, FOREVER_S = 3600 };

/* ---- time ---- */

static uint64_t period_us(const struct service *service)
{
    return MAX_OF(service->demand.device_ms, 1u) * UINT64_C(1000);
}

static void plan_tick(struct service *service)
{
    uint64_t period = period_us(service), left = period - clock_epoch_us() % period;
    if (left < period / 4) /* this tick's own moment, met a little early */
        left += period;
    service->tick_ns = clock_mono_ns() + left * 1000;
}

static uint64_t grace_ns(const struct service *service)
{
    return MIN_OF(service->demand.device_ms / 4, (unsigned)GRACE_MS) * CLOCK_NS_PER_MS;
}

/* Whether another period of processes has begun; remembers it. */
static bool is_process_time(struct service *service)
{
    uint64_t period = MAX_OF(service->demand.process_ms, 1u) * UINT64_C(1000);
    uint64_t slot = (clock_epoch_us() + period_us(service) / 4) / period;
    bool is_due = slot != service->process_slot;
    service->process_slot = slot;
    return is_due;
}

/* ---- a pass ---- */

/* `is_tick`: at its regular time; else only what has been added is read. */
struct pass {
    bool is_tick, is_urgent, is_everything, has_processes;
};

/* A GPU that sleeps, or may be stuck, is left alone. */
static bool may_order(const struct service *service, const struct seat *seat)
{
    bool is_of_use = !seat->is_hidden || (service->is_choosing && !seat->kept.row_count);
    return is_of_use && !seat->is_asleep && !service_is_silent(seat, clock_mono_ns());
}

static void order_lane(struct service *service, struct seat *seat, const struct gpu_order *base)
{
    struct gpu_order order = *base;
    order.request.has_processes = false;
    order.request.pace.is_lane = true;
    order.is_unawaited = true;
    order.is_urgent = !seat->slow_ns;
    if (!seat->lane)
        seat->lane = gpu_worker_start(service->driver->nvml, seat->index, service->bell);
    if (seat->lane)
        gpu_worker_order(seat->lane, &order);
}

/* Nobody looks any more. */
static void end_lane(struct seat *seat)
{
    enum { END_MS = 100 };
    if (!seat->lane || !gpu_worker_is_idle(seat->lane))
        return;
    gpu_worker_release(seat->lane, clock_mono_ns() + END_MS * CLOCK_NS_PER_MS);
    seat->lane = NULL;
    seat->slow_ns = 0;
}

static bool wants_lane(const struct source_demand *demand)
{
    const struct metric_set *wanted = &demand->metrics.gpu;
    if (demand->has_links)
        return true;
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        if (metric_device[i].tier == TIER_LANE && metric_set_has(wanted, metric_device[i].id))
            return true;
    return false;
}

static void order_seat(struct service *service, struct seat *seat, const struct gpu_order *base)
{
    struct gpu_order order = *base;
    bool is_shown = !seat->is_hidden;
    order.request.pace.offset = seat->index;
    if (!is_shown) { /* who is it? */
        order.request.metrics = (struct metric_wanted){ 0 };
        order.request.has_processes = false;
        pick_identity(&order.request.metrics);
    }
    if (!seat->worker)
        seat->worker = gpu_worker_start(service->driver->nvml, seat->index, service->bell);
    if (seat->worker)
        gpu_worker_order(seat->worker, &order);
    if (is_shown && wants_lane(&service->demand))
        order_lane(service, seat, &order);
    else
        end_lane(seat);
}

/* Which GPUs sleep; a look that wakes none. Where the system counts other GPUs than the driver,
 * none can be told. One that is awake is asked from then on, and so stays awake. */
static void look_who_sleeps(struct service *service)
{
    bool is_any = false, is_first = service->sleep_ns < service->opened_ns;
    for (size_t i = 0; i < service->seat_count; i++)
        is_any |= service->seats[i].is_asleep;
    if (!service->options.is_no_wake || !service->driver || (!is_first && !is_any))
        return;
    service->sleep_ns = clock_mono_ns();
    unsigned count = service->driver->device_count;
    bool *asleep = xcalloc(count, sizeof(*asleep));
    bool is_known = host_gpus_asleep(service->options.sysfs, asleep, count) == count;
    for (size_t i = 0; i < service->seat_count; i++)
        service->seats[i].is_asleep = is_known && asleep[service->seats[i].index];
    free(asleep);
}

static void begin_pass(struct service *service, const struct pass *pass)
{
    bool has_processes = pass->has_processes && service->demand.has_processes;
    struct gpu_order order = {
        .request = { .metrics = service->demand.metrics,
                     .has_processes = has_processes,
                     .has_links = service->demand.has_links,
                     .pid_max = service->pid_max,
                     .pace = { .period_ms = MAX_OF(service->demand.device_ms, 1u),
                               .is_everything = pass->is_everything,
                               .is_addition = !pass->is_tick } },
        .round = bell_round_open(service->bell),
        .is_urgent = pass->is_urgent,
    };
    look_who_sleeps(service);
    service_see_to_xids(service);
    bool is_any_asked = false;
    for (size_t i = 0; service_may_ask(service) && i < service->seat_count; i++) {
        if (!may_order(service, &service->seats[i]))
            continue;
        order_seat(service, &service->seats[i], &order);
        is_any_asked = true;
    }
    bell_round_close(service->bell);
    service->collect_ns = clock_mono_ns() + grace_ns(service);
    service->is_list_new |= has_processes && !is_any_asked; /* the host's part goes on */
    service_look_at_host(service);
}

/* Its round stays open: when all who are late have answered, that is shown too. */
static void end_pass(struct service *service)
{
    service->collect_ns = 0;
    service->looks++;
    service_collect(service);
    service_judge_driver(service);
    if (!service->demand.is_paused)
        service_publish(service);
}

/* ---- wishes ---- */

static bool adds_metrics(const struct metric_set *old, const struct metric_set *new)
{
    for (size_t i = 0; i < ARRAY_LEN(old->bits); i++)
        if (new->bits[i] & ~old->bits[i])
            return true;
    return false;
}

/* What the new demand adds is to be read at once. */
static struct pass compare_demands(const struct source_demand *old, const struct source_demand *new)
{
    bool is_resumed = old->is_paused && !new->is_paused;
    bool has_processes = new->has_processes && (is_resumed || !old->has_processes ||
                                                (new->has_workloads && !old->has_workloads) ||
                                                (new->has_relatives && !old->has_relatives));
    bool has_metrics = adds_metrics(&old->metrics.gpu, &new->metrics.gpu) ||
                       adds_metrics(&old->metrics.mig, &new->metrics.mig);
    return (struct pass){ .is_urgent = is_resumed || has_processes || has_metrics,
                          .has_processes = has_processes };
}

/* Takes the wishes of the consumer in; false: it ends. */
static bool take_wishes(struct service *service, struct pass *ret_pass)
{
    struct board_wishes wishes;
    board_take_wishes(service->board, &wishes);
    *ret_pass = (struct pass){ 0 };
    if (wishes.is_changed) {
        *ret_pass = compare_demands(&service->demand, &wishes.demand);
        service->is_gathering |= !service->demand.has_processes && wishes.demand.has_processes;
        service->demand = wishes.demand;
        plan_tick(service);
    }
    if (wishes.is_refresh)
        *ret_pass = (struct pass){ .is_urgent = true,
                                   .is_everything = true,
                                   .has_processes = service->demand.has_processes };
    return !wishes.is_ending;
}

/* ---- the loop ---- */

/* Begins what is due now, if anything; false: nothing. */
static bool begin_what_is_due(struct service *service, struct pass *wanted)
{
    if (service->demand.is_paused || service->collect_ns)
        return false;
    bool is_tick = clock_mono_ns() >= service->tick_ns;
    if (!is_tick && !wanted->is_urgent)
        return false;
    wanted->is_tick = is_tick;
    if (is_tick) {
        plan_tick(service);
        wanted->has_processes |= is_process_time(service);
    }
    begin_pass(service, wanted);
    *wanted = (struct pass){ 0 };
    return true;
}

static void merge_pass(struct pass *wanted, const struct pass *more)
{
    wanted->is_urgent |= more->is_urgent;
    wanted->is_everything |= more->is_everything;
    wanted->has_processes |= more->has_processes;
}

static uint64_t next_moment(const struct service *service)
{
    if (service->collect_ns)
        return service->collect_ns;
    return service->demand.is_paused ? clock_mono_ns() + FOREVER_S * CLOCK_NS_PER_S
                                     : service->tick_ns;
}

/* Whether there is something that should not wait for the next pass. */
static bool has_news(struct service *service)
{
    if (service->collect_ns || service->demand.is_paused)
        return false;
    return service_collect(service) || service->has_commands;
}

/* What the others have done since. */
static void see_to_others(struct service *service, enum bell_event event, struct pass *wanted)
{
    static const struct pass first = { .is_urgent = true, .has_processes = true };
    enum driver_event driver = service_see_to_driver(service);
    if (driver == DRIVER_OPENED)
        merge_pass(wanted, &first);
    bool is_over =
        service->collect_ns && (event == BELL_ROUND || clock_mono_ns() >= service->collect_ns);
    if (is_over)
        end_pass(service);
    else if (driver == DRIVER_CHANGED || (event != BELL_SILENT && has_news(service)))
        service_publish(service);
    if (service_choose(service))
        merge_pass(wanted, &first);
}

void service_run(struct service *service)
{
    struct pass wanted = { 0 }, more;
    take_wishes(service, &more);
    service_publish(service); /* at once: the host, and that the driver has not answered yet */
    service_open_driver(service);
    enum bell_event event = BELL_SILENT;
    for (;;) {
        if (!take_wishes(service, &more))
            return;
        merge_pass(&wanted, &more);
        see_to_others(service, event, &wanted);
        begin_what_is_due(service, &wanted);
        event = bell_wait(service->bell, next_moment(service));
    }
}
