/*
 * The simulated driver's state, shared by all entry points.
 *
 * There is one, made when the library is loaded and never changed afterwards but for counters and
 * the pid map, which are atomic. Entry points are called from any thread.
 */
#ifndef NVITOP_SIM_SIM_H
#define NVITOP_SIM_SIM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nvml/nvml_abi.h"
#include "sim/scenario.h"
#include "sim/symbols.h"

struct sim_pids;
struct sim_pid_map;

/* What an nvml_handle points at: a GPU, or one life of a MIG device. */
struct sim_handle {
    const struct scenario_entity *device;
    const struct scenario_entity *mig; /* NULL: the GPU itself */
    unsigned generation;               /* of a MIG device: 0, after recreated_at 1 */
};

struct sim {
    struct scenario *scenario; /* NULL: see `error` */
    char *path;                /* of the scenario, "" if none was found */
    struct scenario_error error;
    uint32_t era;
    uint64_t seed;
    bool is_missing[SYM_COUNT], is_stub[SYM_COUNT];
    char *clock_path;           /* the time is in this file */
    bool is_frozen;             /* the time stands at `start` */
    double start;               /* monotonic second at which the scenario began, or see above */
    double loaded;              /* monotonic second at which the library was loaded */
    int log_fd;                 /* -1: no log */
    atomic_bool is_loaded;      /* all above is there, for threads that did not load it */
    struct sim_handle *handles; /* GPUs, then two per MIG device */
    size_t handle_count;
    atomic_uint *calls;              /* [handle + 1][symbol]; row 0: calls without a device */
    atomic_uint *growth;             /* [device][list]: how often it has grown already */
    atomic_int init_count, entering; /* threads that are inside nvmlInit */
    struct sim_pids *pids;
};

extern struct sim sim;

/* Seconds since the scenario began; and of real time since the library was loaded. */
double sim_now(void);
double sim_real_elapsed(void);

/* A number that depends on the seed and what it is for. */
uint64_t sim_hash(uint64_t a, uint64_t b, uint64_t c);

/* ---- one call ---- */

struct call {
    enum symbol_id symbol;
    const struct sim_handle *handle;      /* NULL: a call without a device */
    const struct scenario_entity *device; /* of the handle, or its parent */
    const struct scenario_entity *mig;    /* NULL: not a MIG handle */
    double now;                           /* the scenario's time when it was made */
};

/*
 * Every entry point begins with one of these: logs and counts the call, makes it wait, hang or
 * freeze as the scenario says. Returns the code to answer with, 0 to go on.
 */
int call_enter(struct call *call, enum symbol_id symbol);      /* no device */
int call_enter_init(struct call *call, enum symbol_id symbol); /* … before init */
int call_enter_device(struct call *call, enum symbol_id symbol, nvml_handle device);
/* The second half of a look-up: the faults of the device that was found. */
int call_look_up(struct call *call, const struct sim_handle *found);

/* ---- handles ---- */

const struct sim_handle *sim_gpu_handle(unsigned device); /* NULL beyond the last */
const struct sim_handle *sim_mig_handle(unsigned device, unsigned mig,
                                        double now); /* NULL: none now */
bool sim_mig_is_on(const struct scenario_entity *device, double now);
static inline nvml_handle sim_handle_out(const struct sim_handle *handle)
{
    return (nvml_handle)(uintptr_t)handle;
}

/* ---- answers ---- */

/* Tells the noise of one key of one entity from all others. */
uint64_t answer_seed(const struct scenario_entity *entity, unsigned key);
/* The number of a key, with its noise; else the code to answer with. */
int answer_number(const struct call *call, const struct scenario_entity *entity, unsigned key,
                  double *ret_number);
int answer_u32(const struct call *call, const struct scenario_entity *entity, unsigned key,
               uint32_t *ret_number);
/* A text key, or its error; NVML's own sizes and codes. */
int answer_text(const char *text, char *ret_text, uint32_t size);
int answer_text_key(const struct scenario_entity *entity, unsigned key, char *ret_text,
                    uint32_t size);
void answer_uuid(const struct sim_handle *handle, char ret_uuid[96]);

/* ---- processes ---- */

struct sim_row {
    const struct scenario_entity *process;
    uint32_t pid, gpu_instance, compute_instance;
    uint64_t used_memory, protected_memory;
};

/* The processes of the call's device whose type holds `letter` (0: any), in the file's order.
 * The rows are malloc'd; an empty list is NULL. */
size_t process_rows(const struct call *call, char letter, struct sim_row **ret_rows);

/* The pid map as its file stands (the one before it while another thread is reading the file);
 * NULL: there is none. Good until it is released, which must be done for NULL too. */
const struct sim_pid_map *sim_pids_hold(struct sim_pids *pids);
void sim_pids_release(struct sim_pids *pids);

/* Looks `process` up; false: it has no pid now. */
bool sim_pids_find(const struct sim_pid_map *map, const struct scenario_entity *process,
                   uint32_t *ret_pid);
struct sim_pids *sim_pids_new(void);
void sim_pids_free(struct sim_pids *pids);

/* ---- memory ---- */

struct sim_memory {
    uint64_t total, reserved, used, free;
};
int answer_memory(const struct call *call, struct sim_memory *ret_memory);

/* MemTotal and MemAvailable in bytes; false if they can't be read. */
bool sim_host_memory(uint64_t *ret_total, uint64_t *ret_available);

/* ---- set-up ---- */

/* Takes the symbols that `is_missing` names out of the library's own symbol table, so that dlsym
 * does not find them. False if the system forbids it. */
bool symtab_hide(const bool is_missing[SYM_COUNT]);

/* The library's own file as it was loaded, "" if unknown; malloc'd. */
char *symtab_library_path(void);

#endif
