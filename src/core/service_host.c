/*
 * A pass: orders go out, the host is read meanwhile, and the pass ends when all who were at rest
 * have answered, or after its grace. Ticks are aligned to the wall clock, so that a screen that
 * shows seconds changes once a second.
 *
 * Invariant: nothing in here waits but for the bell.
 */
#include "core/service_host.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/status.h"
#include "core/bell.h"
#include "core/service_board.h"
#include "core/service_gpu.h"
#include "core/service_join.h"
#include "core/service_open.h"
#include "core/service_state.h"
#include "host/host.h"

enum { CPU_SPAN_MS = 100, GRACE_MS = 100, FOREVER_S = 3600 };

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

/* ---- the driver ---- */

static void set_driver_state(struct service *service, enum driver_state state)
{
    if (service->driver_state == state)
        return;
    service->driver_state = state;
    service->driver_since_us = state == DRIVER_OK ? 0 : clock_epoch_us();
}

static void tell_opening(struct service *service, int status, const struct nvml_failure *failure)
{
    if (service->is_told)
        return;
    service->is_told = true;
    board_set_opening(service->board, status, failure);
}

static bool is_picked(const struct sampler_options *options, unsigned index)
{
    for (size_t i = 0; options->has_only && i < options->only_count; i++)
        if (options->only[i] == (int64_t)index)
            return true;
    return !options->has_only;
}

static void fill_seats(struct service *service)
{
    service->seats = xcalloc(service->driver->device_count, sizeof(*service->seats));
    for (unsigned i = 0; i < service->driver->device_count; i++)
        if (is_picked(&service->options, i))
            service->seats[service->seat_count++].index = i;
}

static void begin_opening(struct service *service)
{
    service->opening = opening_start(service->options.nvml_path, NULL, service->bell);
    service->opening_ns = clock_mono_ns();
}

static void fail_driver(struct service *service, const char *text)
{
    snprintf(service->driver_text, sizeof(service->driver_text), "%s", text);
    set_driver_state(service, DRIVER_FAILED);
}

/* Looks after the opening; true if the driver has just been opened. */
static bool see_to_opening(struct service *service)
{
    struct nvml_failure failure = { .status = NVITOP_ETIMEOUT };
    if (!service->opening)
        return false;
    if (!opening_is_over(service->opening)) {
        if (clock_mono_ns() - service->opening_ns > PATIENCE_S * CLOCK_NS_PER_S)
            tell_opening(service, NVITOP_ETIMEOUT, &failure);
        return false;
    }
    int status = opening_finish(service->opening, &service->driver, &failure);
    service->opening = NULL;
    tell_opening(service, status, &failure);
    if (status < 0) {
        fail_driver(service, failure.text);
        service_publish(service);
        return false;
    }
    set_driver_state(service, DRIVER_OK);
    fill_seats(service);
    return true;
}

/* ---- a pass ---- */

/* `is_tick`: at its regular time; else only what has been added is read. */
struct pass {
    bool is_tick, is_urgent, is_everything, has_processes;
};

static void refresh_totals(struct service *service)
{
    uint64_t now = clock_mono_ns();
    if (now - service->totals_ns < CPU_SPAN_MS * CLOCK_NS_PER_MS)
        return;
    host_read_totals(service->host, service->totals);
    service->totals_ns = now;
}

static void order_seat(struct service *service, struct seat *seat, const struct gpu_order *base)
{
    struct gpu_order order = *base;
    order.request.pace.offset = seat->index;
    if (seat->is_asleep || service_is_silent(seat, clock_mono_ns()))
        return;
    if (!seat->worker)
        seat->worker = gpu_worker_start(service->driver->nvml, seat->index, service->bell);
    if (seat->worker)
        gpu_worker_order(seat->worker, &order);
}

static void begin_pass(struct service *service, const struct pass *pass)
{
    struct gpu_order order = {
        .request = { .metrics = service->demand.metrics,
                     .has_processes = pass->has_processes,
                     .pid_max = service->pid_max,
                     .pace = { .period_ms = MAX_OF(service->demand.device_ms, 1u),
                               .is_everything = pass->is_everything,
                               .is_addition = !pass->is_tick } },
        .round = bell_round_open(service->bell),
        .is_urgent = pass->is_urgent,
    };
    for (size_t i = 0; service->driver && i < service->seat_count; i++)
        order_seat(service, &service->seats[i], &order);
    bell_round_close(service->bell);
    service->collect_ns = clock_mono_ns() + grace_ns(service);
    refresh_totals(service);
}

static void end_pass(struct service *service)
{
    bell_round_end(service->bell);
    service->collect_ns = 0;
    service_collect(service);
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
        wanted->has_processes |= service->demand.has_processes && is_process_time(service);
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

void service_run(struct service *service)
{
    struct pass wanted = { 0 }, more;
    take_wishes(service, &more);
    service_publish(service); /* at once: the host, and that the driver has not answered yet */
    begin_opening(service);
    enum bell_event event = BELL_SILENT;
    for (;;) {
        if (!take_wishes(service, &more))
            return;
        merge_pass(&wanted, &more);
        if (see_to_opening(service))
            merge_pass(&wanted, &(struct pass){ .is_urgent = true, .has_processes = true });
        bool is_over =
            service->collect_ns && (event == BELL_ROUND || clock_mono_ns() >= service->collect_ns);
        if (is_over)
            end_pass(service);
        else if (!service->collect_ns && event == BELL_RUNG && service_collect(service))
            service_publish(service);
        begin_what_is_due(service, &wanted);
        event = bell_wait(service->bell, next_moment(service));
    }
}

bool service_wind_up(struct service *service, uint64_t deadline_ns)
{
    bool is_clean = opening_abandon(service->opening, deadline_ns);
    service->opening = NULL;
    for (size_t i = 0; i < service->seat_count; i++) {
        struct seat *seat = &service->seats[i];
        if (seat->worker)
            gpu_worker_end(seat->worker);
        if (seat->lane)
            gpu_worker_end(seat->lane);
    }
    for (size_t i = 0; i < service->seat_count; i++) {
        bool is_lost_case = service_is_silent(&service->seats[i], clock_mono_ns());
        uint64_t until_ns = is_lost_case ? 0 : deadline_ns;
        is_clean &= gpu_worker_release(service->seats[i].worker, until_ns);
        is_clean &= gpu_worker_release(service->seats[i].lane, until_ns);
        device_reading_done(&service->seats[i].kept);
        free(service->seats[i].processes);
    }
    free(service->seats);
    service->seats = NULL;
    service->seat_count = 0;
    is_clean &= driver_close(service->driver, !is_clean, deadline_ns);
    service->driver = NULL;
    return is_clean;
}
