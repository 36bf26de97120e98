/*
 * Loading and unloading: the scenario is read when the library is loaded, because what dlsym
 * finds must be settled before the first look-up. A scenario that can't be read shows at
 * nvmlInit, as a driver that is not loaded, with a line on stderr that says why.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/environment.h"
#include "base/mem.h"
#include "base/str.h"
#include "nvitop/nvitop.h"
#include "sim/sim.h"
#include "sim/system.h"

struct sim sim = { .log_fd = -1 };

/* ---- time ---- */

static double monotonic(void)
{
    return (double)clock_mono_ns() / 1e9;
}

/* The clock file is read at each call, so a test steps the time by writing it. */
static double read_clock_file(void)
{
    char text[64];
    int fd = system_open(sim.clock_path);
    if (fd < 0)
        return 0;
    ssize_t len = read(fd, text, sizeof(text) - 1);
    close(fd);
    text[len > 0 ? len : 0] = 0;
    double t = strtod(text, NULL);
    return isfinite(t) ? t : 0;
}

double sim_now(void)
{
    if (sim.clock_path)
        return read_clock_file();
    return sim.is_frozen ? sim.start : monotonic() - sim.start;
}

double sim_real_elapsed(void)
{
    return monotonic() - sim.loaded;
}

static void set_up_clock(void)
{
    const char *clock = environment_get("NVITOP_SIM_CLOCK"),
               *start = environment_get("NVITOP_SIM_START");
    sim.loaded = monotonic();
    sim.start = start ? strtod(start, NULL) : sim.loaded;
    if (clock && system_is_absolute(clock)) {
        sim.clock_path = strdup(clock);
    } else if (clock && *clock) {
        sim.is_frozen = true;
        sim.start = strtod(clock, NULL);
    } else if (scenario_is_set(&sim.scenario->system, SYSTEM_CLOCK)) {
        sim.is_frozen = true;
        sim.start = scenario_constant(&sim.scenario->system, SYSTEM_CLOCK, 0);
    }
}

uint64_t sim_hash(uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t x = sim.seed;
    const uint64_t parts[] = { a, b, c };
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        x = (x ^ parts[i]) + UINT64_C(0x9e3779b97f4a7c15);
        x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
        x ^= x >> 31;
    }
    return x;
}

/* ---- handles ---- */

static void make_handles(void)
{
    const struct scenario *scenario = sim.scenario;
    sim.handle_count = scenario->device_count + 2 * scenario->mig_count;
    sim.handles = xcalloc(sim.handle_count + 1, sizeof(*sim.handles));
    sim.calls = xcalloc((sim.handle_count + 1) * SYM_COUNT, sizeof(*sim.calls));
    sim.growth = xcalloc(scenario->device_count * SYM_COUNT + 1, sizeof(*sim.growth));
    for (size_t i = 0; i < scenario->device_count; i++)
        sim.handles[i].device = &scenario->devices[i];
    struct sim_handle *handle = sim.handles + scenario->device_count;
    for (size_t i = 0; i < 2 * scenario->mig_count; i++, handle++) {
        handle->mig = &scenario->migs[i / 2];
        handle->device = &scenario->devices[handle->mig->number];
        handle->generation = i % 2;
    }
}

/* ---- symbols ---- */

static void mark(bool is_marked[SYM_COUNT], const char *list_text)
{
    char *list = strdup(list_text), *rest = NULL;
    for (const char *one = strtok_r(list, ", ", &rest); one; one = strtok_r(NULL, ", ", &rest)) {
        for (int id = 0; id < SYM_COUNT; id++)
            is_marked[id] = is_marked[id] || fault_pattern_matches(one, symbols[id].name);
    }
    free(list);
}

static void choose_symbols(void)
{
    const struct scenario_entity *system = &sim.scenario->system;
    sim.era = symbol_version(scenario_text(system, SYSTEM_ERA));
    if (!sim.era)
        sim.era = symbol_version(scenario_text(system, SYSTEM_DRIVER_VERSION));
    if (!sim.era)
        sim.era = UINT32_MAX; /* a version that is no number: everything */
    for (int id = 0; id < SYM_COUNT; id++)
        sim.is_missing[id] = !symbol_exists((enum symbol_id)id, sim.era);
    mark(sim.is_missing, scenario_text(system, SYSTEM_HIDE));
    mark(sim.is_stub, scenario_text(system, SYSTEM_STUB));
}

/* ---- load, unload ---- */

/* $NVITOP_SIM, else scenario.ini beside the library. */
static char *find_scenario(void)
{
    const char *named = environment_get("NVITOP_SIM");
    if (named && *named)
        return strdup(named);
    char *library = symtab_library_path();
    struct system_mark mark;
    struct str path = { 0 };
    str_append_bytes(&path, library, system_folder_len(library));
    str_append(&path, "scenario.ini");
    free(library);
    if (!system_mark(str_text(&path), &mark))
        str_clear(&path);
    return str_take(&path);
}

static void read_scenario(void)
{
    sim.path = find_scenario();
    const char *log = environment_get("NVITOP_SIM_LOG");
    if (log && *log)
        sim.log_fd = system_open_log(log);
    if (!*sim.path || scenario_load(sim.path, &sim.scenario, &sim.error) < 0)
        return;
    sim.seed = (uint64_t)scenario_constant(&sim.scenario->system, SYSTEM_SEED, 0);
    set_up_clock();
    make_handles();
    choose_symbols();
    sim.pids = sim_pids_new();
    if (!symtab_hide(sim.is_missing))
        fprintf(stderr, "simulated driver: can't hide symbols; they answer FUNCTION_NOT_FOUND\n");
}

/* The loader's lock keeps others away meanwhile; the flag says so to those who check for races. */
__attribute__((constructor)) static void load(void)
{
    read_scenario();
    atomic_store(&sim.is_loaded, true);
}

/* A thread may still be inside a call when the program ends; then everything stays. */
__attribute__((destructor)) static void unload(void)
{
    if (!atomic_load(&sim.is_loaded) || atomic_load(&sim.init_count) > 0 ||
        atomic_load(&sim.entering) > 0)
        return;
    if (sim.log_fd >= 0)
        close(sim.log_fd);
    sim.log_fd = -1;
    sim_pids_free(sim.pids);
    free(sim.handles);
    free(sim.calls);
    free(sim.growth);
    free(sim.clock_path);
    free(sim.path);
    scenario_free(sim.scenario);
    sim.scenario = NULL;
}
