/*
 * What happens at the door of every entry point, in this order: log, is the function there, is
 * the library initialised, is the handle good, count, then the scenario's faults (system, device,
 * MIG device, each in the order of the file), then "the GPU is lost".
 */
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "base/descriptors.h"
#include "base/environment.h"
#include "sim/freezer.h"
#include "sim/sim.h"
#include "sim/system.h"

/* ---- waiting ---- */

static void freeze(void)
{
    const char *dir = environment_get("NVITOP_SIM_FREEZER");
    if (!dir || !*dir)
        dir = scenario_text(&sim.scenario->system, SYSTEM_FREEZE_DIR);
    char own[64];
    snprintf(own, sizeof(own), FREEZER_ROOT "/nvitop-sim-%ld", (long)getpid());
    if (!*dir)
        dir = own;
    if (freezer_freeze_self(dir))
        return;
    fprintf(stderr,
            "simulated driver: can't freeze in %s (needs root and a cgroup v1 freezer); "
            "the call hangs instead\n",
            dir);
    system_hang();
}

/* ---- faults ---- */

/* 0, or the code of the first error that hits. */
static int suffer(const struct call *call, const struct scenario_entity *entity, unsigned number)
{
    for (size_t i = 0; i < entity->fault_count; i++) {
        const struct fault *fault = &entity->faults[i];
        if (!fault_pattern_matches(fault->pattern, symbols[call->symbol].name) ||
            !fault_hits(fault, number, call->now))
            continue;
        switch (fault->kind) {
        case FAULT_ERROR: return fault->code;
        case FAULT_DELAY: system_sleep(fault->seconds); break;
        case FAULT_HANG: system_hang();
        default: freeze(); break;
        }
    }
    return NVML_ABI_SUCCESS;
}

static bool is_lost(const struct scenario_entity *device, double now)
{
    double back = scenario_constant(device, DEVICE_BACK_AT, INFINITY);
    return now >= scenario_constant(device, DEVICE_LOST_AT, INFINITY) && now < back;
}

static int suffer_device(const struct call *call, unsigned number)
{
    int code = suffer(call, call->device, number);
    if (!code && call->mig)
        code = suffer(call, call->mig, number);
    if (!code && is_lost(call->device, sim_now()))
        code = NVML_ABI_ERROR_GPU_IS_LOST;
    return code;
}

/* How often was the symbol called before, on this device? */
static unsigned count_call(const struct call *call)
{
    size_t row = call->handle ? (size_t)(call->handle - sim.handles) + 1 : 0;
    return atomic_fetch_add(&sim.calls[row * SYM_COUNT + call->symbol], 1);
}

/* ---- the log ---- */

static void log_call(enum symbol_id symbol, const struct sim_handle *handle)
{
    char line[128];
    int len;
    if (!atomic_load(&sim.is_loaded) || sim.log_fd < 0)
        return;
    if (!handle)
        len = snprintf(line, sizeof(line), "%s -\n", symbols[symbol].name);
    else if (!handle->mig)
        len = snprintf(line, sizeof(line), "%s %u\n", symbols[symbol].name, handle->device->number);
    else
        len = snprintf(line, sizeof(line), "%s %u:%u\n", symbols[symbol].name,
                       handle->device->number, handle->mig->mig);
    descriptors_write(sim.log_fd, line, (size_t)len); /* a full disk is not the tested program's */
}

/* ---- entering ---- */

static int check_library(enum symbol_id symbol)
{
    if (!sim.scenario && !*sim.path)
        fprintf(stderr, "simulated driver: no scenario (set NVITOP_SIM)\n");
    else if (!sim.scenario)
        fprintf(stderr, "%s:%u: %s\n", sim.path, sim.error.line, sim.error.text);
    if (!sim.scenario)
        return NVML_ABI_ERROR_DRIVER_NOT_LOADED;
    return sim.is_missing[symbol] || sim.is_stub[symbol] ? NVML_ABI_ERROR_FUNCTION_NOT_FOUND
                                                         : NVML_ABI_SUCCESS;
}

int call_enter_init(struct call *call, enum symbol_id symbol)
{
    log_call(symbol, NULL);
    int code = check_library(symbol);
    if (code)
        return code;
    *call = (struct call){ .symbol = symbol, .now = sim_now() };
    return suffer(call, &sim.scenario->system, count_call(call));
}

int call_enter(struct call *call, enum symbol_id symbol)
{
    if (atomic_load(&sim.init_count) > 0)
        return call_enter_init(call, symbol);
    log_call(symbol, NULL);
    return NVML_ABI_ERROR_UNINITIALIZED;
}

static const struct sim_handle *resolve(nvml_handle device)
{
    uintptr_t at = (uintptr_t)device, first = (uintptr_t)sim.handles;
    if (at < first || at >= (uintptr_t)(sim.handles + sim.handle_count) ||
        (at - first) % sizeof(*sim.handles))
        return NULL;
    return &sim.handles[(at - first) / sizeof(*sim.handles)];
}

/* Is there, now, what the handle was given out for? */
static bool is_valid(const struct sim_handle *handle, double now)
{
    return !handle->mig || sim_mig_handle(handle->mig->number, handle->mig->mig, now) == handle;
}

int call_enter_device(struct call *call, enum symbol_id symbol, nvml_handle device)
{
    const struct sim_handle *handle = resolve(device);
    log_call(symbol, handle);
    if (atomic_load(&sim.init_count) <= 0)
        return NVML_ABI_ERROR_UNINITIALIZED;
    int code = check_library(symbol);
    if (code)
        return code;
    *call = (struct call){ .symbol = symbol, .handle = handle, .now = sim_now() };
    if (!handle || !is_valid(handle, call->now))
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    call->device = handle->device;
    call->mig = handle->mig;
    unsigned number = count_call(call);
    code = suffer(call, &sim.scenario->system, number);
    return code ? code : suffer_device(call, number);
}

int call_look_up(struct call *call, const struct sim_handle *found)
{
    call->handle = found;
    call->device = found->device;
    call->mig = found->mig;
    return suffer_device(call, count_call(call));
}

/* ---- handles ---- */

const struct sim_handle *sim_gpu_handle(unsigned device)
{
    return device < sim.scenario->device_count ? &sim.handles[device] : NULL;
}

bool sim_mig_is_on(const struct scenario_entity *device, double now)
{
    const struct curve *mode = scenario_curve(device, DEVICE_MIG_MODE);
    return mode->kind != CURVE_ERROR && mode->kind != CURVE_UNSET && curve_at(mode, now, 0) >= 0.5;
}

static bool mig_is_there(const struct scenario_entity *mig, double now)
{
    return sim_mig_is_on(&sim.scenario->devices[mig->number], now) &&
           now >= scenario_constant(mig, MIG_FROM, -INFINITY) &&
           now < scenario_constant(mig, MIG_UNTIL, INFINITY);
}

const struct sim_handle *sim_mig_handle(unsigned device, unsigned mig, double now)
{
    const struct scenario *scenario = sim.scenario;
    for (size_t i = 0; i < scenario->mig_count; i++) {
        const struct scenario_entity *entity = &scenario->migs[i];
        if (entity->number != device || entity->mig != mig || !mig_is_there(entity, now))
            continue;
        bool is_second_life = now >= scenario_constant(entity, MIG_RECREATED_AT, INFINITY);
        bool is_same_handle = scenario_constant(entity, MIG_REUSE_HANDLE, 0) != 0;
        return &sim.handles[scenario->device_count + 2 * i + (is_second_life && !is_same_handle)];
    }
    return NULL;
}
