/*
 * The local source. The host is opened first and looked at once before the driver is, so that a
 * driver that takes its time to open gives the host's CPU % its second look for free.
 *
 * Invariant: a GPU whose thread never came back is counted in `is_stuck` before it is forgotten;
 * from then on the library stays loaded.
 */
#include "core/sampler.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/errands.h"
#include "core/gpus.h"
#include "core/join.h"
#include "core/pick.h"
#include "core/service.h"
#include "core/service_board.h"
#include "core/snapshot.h"
#include "core/totals.h"
#include "host/host.h"

enum { COMMAND_MS = 500 };

struct sampler {
    struct source source; /* first: the source is the sampler */
    const struct sampler_options *options;
    struct host *host;
    struct totals totals;
    struct driver *driver; /* NULL until the first take */
    bool is_stuck;
    struct service_handle *service; /* of a monitor: owns the host then, and opens the driver */
};

static int open_driver(struct sampler *sampler, struct patience *patience,
                       struct nvml_failure *ret_failure)
{
    if (sampler->driver)
        return NVITOP_OK;
    int status = driver_open(sampler->options->nvml_path, patience, &sampler->driver, ret_failure);
    sampler->is_stuck |= status == NVITOP_ETIMEOUT;
    return status;
}

static struct device_reading *take_readings(struct pick *pick)
{
    struct device_reading *readings = xcalloc(pick->count, sizeof(*readings));
    for (size_t i = 0; i < pick->count; i++) {
        readings[i] = pick->gpus[i].reading;
        pick->gpus[i].reading = (struct device_reading){ 0 };
    }
    return readings;
}

static void join_pick(struct sampler *sampler, struct pick *pick, uint64_t reads_deadline_ns,
                      struct snapshot *snapshot)
{
    uint64_t soonest = clock_mono_ns() + COMMAND_MS * CLOCK_NS_PER_MS;
    struct device_reading *readings = take_readings(pick);
    struct join_input input = {
        .host = sampler->host,
        .procfs = sampler->options->procfs,
        .pid_scope = nvml_pid_scope(sampler->driver->nvml),
        .totals = sampler->totals.values,
        .readings = readings,
        .reading_count = pick->count,
        .filter = &sampler->options->filter,
        .has_workloads = sampler->options->has_workloads,
        .is_lifetime_cpu = true,
        .patience_ms = COMMAND_MS,
        .deadline_ns = MAX_OF(reads_deadline_ns, soonest),
    };
    sampler->is_stuck |= !join_snapshot(&input, snapshot);
    free(readings);
}

static void read_gpus(struct sampler *sampler, struct patience *patience, struct snapshot *snapshot)
{
    const struct sampler_options *options = sampler->options;
    uint64_t reads_deadline_ns = 0;
    struct pick pick;
    pick_gpus(sampler->driver, options, patience, &reads_deadline_ns, &pick);
    struct device_request request = { .metrics = options->metrics,
                                      .has_processes = options->has_processes,
                                      .pid_max = host_pid_max(sampler->host) };
    gpus_read(sampler->driver->nvml, pick.gpus, pick.count, &request, patience, &reads_deadline_ns);
    totals_refresh(&sampler->totals, sampler->host);
    for (size_t i = 0; i < pick.count; i++)
        pick.is_stuck |= pick.gpus[i].is_stuck;
    sampler->is_stuck |= pick.is_stuck;
    join_pick(sampler, &pick, reads_deadline_ns, snapshot);
    pick_done(&pick);
}

static int take(struct source *source, struct patience *patience, struct snapshot **ret_snapshot,
                struct nvml_failure *ret_failure)
{
    struct sampler *sampler = (struct sampler *)source;
    int status = open_driver(sampler, patience, ret_failure);
    if (status < 0)
        return status;
    struct snapshot *snapshot = snapshot_new();
    const struct driver *driver = sampler->driver;
    snapshot->driver_version = value_copy(&snapshot->arena, driver->driver_version);
    snapshot->cuda_version = value_copy(&snapshot->arena, driver->cuda_version);
    snapshot->driver_device_count = driver->device_count;
    snapshot->has_process_lists = nvml_has_process_symbols(driver->nvml);
    snapshot->has_processes = sampler->options->has_processes;
    read_gpus(sampler, patience, snapshot);
    snapshot->mono_ns = clock_mono_ns();
    snapshot->epoch_us = clock_epoch_us();
    *ret_snapshot = snapshot;
    return NVITOP_OK;
}

static bool close_sampler(struct source *source, uint64_t deadline_ns)
{
    struct sampler *sampler = (struct sampler *)source;
    bool is_clean = sampler->service ? service_close(sampler->service, deadline_ns) : true;
    is_clean &= driver_close(sampler->driver, sampler->is_stuck, deadline_ns);
    host_close(sampler->host);
    free(sampler);
    return is_clean;
}

/* ---- for a monitor ---- */

static struct service_handle *service_of(struct source *source)
{
    return ((struct sampler *)source)->service;
}

static struct board *board_of(struct source *source)
{
    return service_board(service_of(source));
}

static struct errands *errands_of(struct source *source)
{
    return service_errands(service_of(source));
}

static int start(struct source *source, const struct source_demand *demand)
{
    struct sampler *sampler = (struct sampler *)source;
    sampler->service = service_start(sampler->options, sampler->host, demand);
    if (!sampler->service)
        return NVITOP_EUNKNOWN;
    sampler->host = NULL;
    return NVITOP_OK;
}

static void demand(struct source *source, const struct source_demand *demand)
{
    service_demand(service_of(source), demand);
}

static void refresh(struct source *source)
{
    service_refresh(service_of(source));
}

static int wake_fd(struct source *source)
{
    return board_wake_fd(board_of(source));
}

static struct snapshot *latest(struct source *source)
{
    return board_latest(board_of(source));
}

static int opening(struct source *source, struct nvml_failure *ret_failure)
{
    return board_opening(board_of(source), ret_failure);
}

static int ask_environ(struct source *source, struct process_id process)
{
    return errands_ask_environ(errands_of(source), process);
}

static struct source_environ *take_environ(struct source *source)
{
    return errands_take_environ(errands_of(source));
}

static int send_signal(struct source *source, int signal, const struct process_id *targets,
                       size_t count)
{
    return errands_send_signal(errands_of(source), signal, targets, count);
}

static bool take_verdicts(struct source *source, struct signal_report *ret_report)
{
    return errands_take_verdicts(errands_of(source), ret_report);
}

int sampler_open(const struct sampler_options *options, struct source **ret_source)
{
    static const struct source_ops ops = { .take = take,
                                           .close = close_sampler,
                                           .start = start,
                                           .demand = demand,
                                           .refresh = refresh,
                                           .wake_fd = wake_fd,
                                           .latest = latest,
                                           .opening = opening,
                                           .ask_environ = ask_environ,
                                           .take_environ = take_environ,
                                           .send_signal = send_signal,
                                           .take_verdicts = take_verdicts };
    struct sampler *sampler = xcalloc(1, sizeof(*sampler));
    *sampler = (struct sampler){ .source.ops = &ops, .options = options };
    int status = host_open(options->procfs, &sampler->host);
    if (status < 0) {
        free(sampler);
        return status;
    }
    totals_refresh(&sampler->totals, sampler->host);
    *ret_source = &sampler->source;
    return NVITOP_OK;
}
