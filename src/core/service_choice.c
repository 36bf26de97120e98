/*
 * Asked when all have said who they are, or after three seconds with those that have, and again
 * whenever a later one does. Until the first answer no GPU is shown.
 */
#include "core/service_choice.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/pick.h"
#include "core/service_driver.h"
#include "core/service_gpu.h"
#include "core/service_pick.h"
#include "core/service_state.h"

static size_t count_identified(const struct service *service)
{
    size_t count = 0;
    for (size_t i = 0; i < service->seat_count; i++)
        count += service->seats[i].kept.row_count > 0 || service->seats[i].is_asleep;
    return count;
}

static size_t list_devices(const struct service *service, struct visible_device *ret_devices)
{
    size_t count = 0;
    for (size_t i = 0; i < service->seat_count; i++) {
        const struct seat *seat = &service->seats[i];
        if (!seat->kept.row_count)
            ret_devices[count++] =
                (struct visible_device){ .physical = (int32_t)seat->index, .mig = -1 };
        for (size_t r = 0; r < seat->kept.row_count; r++)
            ret_devices[count++] = pick_describe(&seat->kept.rows[r]);
    }
    return count;
}

static void ask(struct service *service)
{
    size_t rows = 0;
    for (size_t i = 0; i < service->seat_count; i++)
        rows += MAX_OF(service->seats[i].kept.row_count, (size_t)1);
    struct visible_device *devices = xcalloc(rows, sizeof(*devices));
    struct pick_question question = {
        .visible = service->options.visible,
        .cuda_helper = service->options.cuda_helper,
        .devices = devices,
        .count = list_devices(service, devices),
    };
    service->picking = picking_start(&question, service->bell);
    free(devices);
}

/* A GPU that turns out not to be shown is asked nothing any more. */
static void dismiss(struct seat *seat)
{
    enum { END_MS = 100 };
    if (!seat->worker || !gpu_worker_is_idle(seat->worker))
        return;
    gpu_worker_release(seat->worker, clock_mono_ns() + END_MS * CLOCK_NS_PER_MS);
    seat->worker = NULL;
}

static void apply(struct service *service)
{
    for (size_t i = 0; i < service->seat_count; i++) {
        struct seat *seat = &service->seats[i];
        bool was_hidden = seat->is_hidden;
        seat->is_hidden = !picking_has(service->picking, seat->index);
        if (seat->is_hidden)
            dismiss(seat);
        else if (was_hidden) /* what it said so far is only who it is */
            seat->is_renewed = true;
    }
    picking_release(service->picking);
    service->picking = NULL;
    service->has_choice = true;
    if (service->driver_state == DRIVER_WAITING)
        service_set_driver_state(service, DRIVER_OK);
}

bool service_choose(struct service *service)
{
    if (!service->is_choosing || !service->driver)
        return false;
    if (service->picking && picking_is_over(service->picking)) {
        apply(service);
        return true;
    }
    size_t identified = count_identified(service);
    bool is_time = identified == service->seat_count ||
                   clock_mono_ns() - service->opened_ns >= SILENT_S * CLOCK_NS_PER_S;
    bool is_news = !service->has_choice || identified > service->chosen_from;
    if (!service->picking && is_time && is_news) {
        service->chosen_from = identified;
        ask(service);
    }
    return false;
}
