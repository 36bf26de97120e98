/*
 * Invariant: the library is never closed, nor opened a second time, while a call of ours is in it.
 * A driver that has been given up is closed only when all its workers are at rest, and it counts as
 * well again when a GPU has answered, not merely because it could be opened.
 */
#include "core/service_driver.h"

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
#include "core/service_pick.h"
#include "core/service_state.h"
#include "core/service_xids.h"

enum { PAUSE_FIRST_S = 1, PAUSE_MAX_S = 30 };

void service_set_driver_state(struct service *service, enum driver_state state)
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

static void begin_opening(struct service *service)
{
    service->opening = opening_start(service->options.nvml_path, service->driver, service->bell);
    service->opening_ns = clock_mono_ns();
    if (service->opening)
        service->driver = NULL;
}

void service_open_driver(struct service *service)
{
    begin_opening(service);
    struct nvml_failure failure = { .status = NVITOP_EUNKNOWN };
    snprintf(failure.text, sizeof(failure.text), "%s", status_text(NVITOP_EUNKNOWN));
    if (!service->opening)
        tell_opening(service, NVITOP_EUNKNOWN, &failure);
}

/* The next attempt comes after a pause twice as long as the one before. */
static void plan_attempt(struct service *service)
{
    unsigned pause_s = service->pause_s ? service->pause_s : PAUSE_FIRST_S;
    service->attempt_ns = clock_mono_ns() + pause_s * CLOCK_NS_PER_S;
    service->pause_s = MIN_OF(2 * pause_s, (unsigned)PAUSE_MAX_S);
}

static void give_up(struct service *service, const char *text)
{
    snprintf(service->driver_text, sizeof(service->driver_text), "%s", text);
    service_set_driver_state(service, DRIVER_FAILED);
    plan_attempt(service);
}

/* ---- seats ---- */

static bool is_picked(const struct sampler_options *options, unsigned index)
{
    for (size_t i = 0; options->has_only && i < options->only_count; i++)
        if (options->only[i] == (int64_t)index)
            return true;
    return !options->has_only;
}

static struct seat *find_seat(struct service *service, unsigned index)
{
    for (size_t i = 0; i < service->seat_count; i++)
        if (service->seats[i].index == index)
            return &service->seats[i];
    return NULL;
}

static void done_seat(struct seat *seat)
{
    device_reading_done(&seat->kept);
    free(seat->processes);
    free(seat->xids);
    *seat = (struct seat){ 0 };
}

/* A seat for each GPU there is now; those that were there before keep what is known of them. */
static void fill_seats(struct service *service)
{
    struct seat *seats = xcalloc(service->driver->device_count, sizeof(*seats));
    size_t count = 0;
    for (unsigned i = 0; i < service->driver->device_count; i++) {
        struct seat *old = find_seat(service, i);
        if (!is_picked(&service->options, i))
            continue;
        seats[count] = old ? *old : (struct seat){ .index = i, .is_hidden = service->is_choosing };
        count++;
        if (old)
            *old = (struct seat){ .index = NVML_DEVICE_MAX };
    }
    for (size_t i = 0; i < service->seat_count; i++)
        done_seat(&service->seats[i]);
    free(service->seats);
    service->seats = seats;
    service->seat_count = count;
}

static bool is_at_rest(const struct service *service)
{
    xid_watch_end(service->xids);
    if (!xid_watch_is_over(service->xids))
        return false;
    for (size_t i = 0; i < service->seat_count; i++) {
        const struct seat *seat = &service->seats[i];
        if ((seat->worker && !gpu_worker_is_idle(seat->worker)) ||
            (seat->lane && !gpu_worker_is_idle(seat->lane)))
            return false;
    }
    return true;
}

/* Ends the workers of all seats; those that have not by the deadline are left behind. */
static bool end_workers(struct service *service, uint64_t deadline_ns)
{
    bool is_clean = true;
    xid_watch_end(service->xids);
    for (size_t i = 0; i < service->seat_count; i++) {
        if (service->seats[i].worker)
            gpu_worker_end(service->seats[i].worker);
        if (service->seats[i].lane)
            gpu_worker_end(service->seats[i].lane);
    }
    for (size_t i = 0; i < service->seat_count; i++) {
        struct seat *seat = &service->seats[i];
        /* who has been silent for long is not waited for */
        uint64_t until_ns = service_is_silent(seat, clock_mono_ns()) ? 0 : deadline_ns;
        is_clean &= gpu_worker_release(seat->worker, until_ns);
        is_clean &= gpu_worker_release(seat->lane, until_ns);
        seat->worker = seat->lane = NULL;
        seat->driver_code = 0;
        seat->has_answered = false;
        seat->slow_ns = 0;
    }
    service_collect_xids(service);
    is_clean &= xid_watch_release(service->xids, deadline_ns);
    service->xids = NULL;
    return is_clean;
}

/* ---- the course of things ---- */

static enum driver_event finish_opening(struct service *service)
{
    struct nvml_failure failure;
    int status = opening_finish(service->opening, &service->driver, &failure);
    service->opening = NULL;
    if (status < 0) {
        give_up(service, failure.text);
        tell_opening(service, status, &failure);
        return DRIVER_CHANGED;
    }
    if (service->driver_state != DRIVER_FAILED && !service->is_choosing)
        service_set_driver_state(service, DRIVER_OK);
    service->is_given_up = false;
    service->pid_scope = nvml_pid_scope(service->driver->nvml);
    fill_seats(service);
    service->opened_ns = clock_mono_ns();
    tell_opening(service, status, &failure);
    return DRIVER_OPENED;
}

static void try_again(struct service *service)
{
    enum { END_MS = 1000 };
    if (clock_mono_ns() < service->attempt_ns || !is_at_rest(service))
        return;
    end_workers(service, clock_mono_ns() + END_MS * CLOCK_NS_PER_MS);
    begin_opening(service);
    if (!service->opening)
        plan_attempt(service);
}

enum driver_event service_see_to_driver(struct service *service)
{
    struct nvml_failure failure = { .status = NVITOP_ETIMEOUT };
    if (service->opening && opening_is_over(service->opening))
        return finish_opening(service);
    if (!service->is_told && service_is_opening_late(service)) {
        snprintf(failure.text, sizeof(failure.text), "%s", status_text(NVITOP_ETIMEOUT));
        tell_opening(service, NVITOP_ETIMEOUT, &failure);
    }
    if (!service->opening && (!service->driver || service->is_given_up) &&
        !service->demand.is_paused)
        try_again(service);
    return DRIVER_NOTHING;
}

/* The code that all GPUs with an answer agree on being without a driver by; 0: one is well, or
 * nobody has answered. */
static int common_code(const struct service *service, bool *ret_is_well)
{
    int code = 0;
    *ret_is_well = false;
    for (size_t i = 0; i < service->seat_count; i++) {
        const struct seat *seat = &service->seats[i];
        if (!seat->worker || !seat->has_answered)
            continue;
        if (!seat->driver_code)
            *ret_is_well = true;
        else
            code = seat->driver_code;
    }
    return *ret_is_well ? 0 : code;
}

void service_judge_driver(struct service *service)
{
    bool is_well;
    int code = common_code(service, &is_well);
    if (!service->driver || service->is_given_up)
        return;
    if (code) {
        give_up(service, nvml_code_text(code));
        service->is_given_up = true;
    } else if (is_well && service->driver_state == DRIVER_FAILED) {
        service_set_driver_state(service, DRIVER_OK);
        service->pause_s = 0;
    }
}

bool service_may_ask(const struct service *service)
{
    return service->driver && !service->is_given_up;
}

bool service_close_driver(struct service *service, uint64_t deadline_ns)
{
    bool is_slow = clock_mono_ns() - service->opening_ns > SILENT_S * CLOCK_NS_PER_S;
    bool is_clean = opening_abandon(service->opening, is_slow ? 0 : deadline_ns);
    service->opening = NULL;
    is_clean &= end_workers(service, deadline_ns);
    for (size_t i = 0; i < service->seat_count; i++)
        done_seat(&service->seats[i]);
    free(service->seats);
    service->seats = NULL;
    service->seat_count = 0;
    is_clean &= driver_close(service->driver, !is_clean, deadline_ns);
    service->driver = NULL;
    is_clean &= picking_release(service->picking);
    service->picking = NULL;
    return is_clean;
}
