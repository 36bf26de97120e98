/* What the sampler's host worker owns. No other thread looks into it; `board` and `bell` are its
 * doors to the others. */
#ifndef NVITOP_CORE_SERVICE_STATE_H
#define NVITOP_CORE_SERVICE_STATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/value.h"
#include "core/device.h"
#include "core/driver.h"
#include "core/sampler_options.h"
#include "core/snapshot.h"
#include "core/source.h"
#include "core/totals.h"

struct bell;
struct board;
struct gpu_worker;
struct host;
struct join_memory;
struct opening;
struct picking;
struct xid_watch;

enum { SILENT_S = 3, PATIENCE_S = 30 };

struct seat_xid {
    uint32_t xid;
    uint64_t count;
};

/* One GPU that may be shown. */
struct seat {
    unsigned index;
    struct gpu_worker *worker; /* NULL: not begun */
    struct gpu_worker *lane;   /* the same for calls that block; NULL: nobody looks */
    bool is_asleep;            /* suspended, and not to be woken */
    bool is_hidden;            /* not (yet) known to be one that is shown */
    bool is_renewed;           /* the next reading is the first that is shown */

    struct device_reading kept;       /* its newest rows; none before the first answer */
    uint64_t kept_ns;                 /* when that reading began */
    struct device_process *processes; /* the newest list, kept between lists */
    size_t process_count, process_cap;
    struct value slow_values[NVITOP_DEV_COUNT]; /* of the lane's newest reading */
    uint64_t slow_ns;                           /* when that began; 0: none */
    bool has_links; /* the driver has said which NVLinks it tells of one by one */
    struct nvml_link links[NVML_LINKS_MAX]; /* as the lane has read them last */
    size_t link_count;                      /* never falls to 0: a sum is not told in their place */

    struct seat_xid *xids; /* critical errors since the beginning, by the order of their first */
    size_t xid_count;
    uint64_t xid_last_us; /* epoch: the newest one; 0: none */

    bool has_answered; /* since the driver was opened */
    int driver_code;   /* its newest answer was that there is no driver: why; else 0 */
    uint64_t silent_ns, silent_since_us; /* the call that has been out for long, in both clocks */
};

struct service {
    struct arena arena; /* what the options point to */
    struct sampler_options options;
    struct board *board;
    struct bell *bell;
    struct host *host;
    struct totals totals;
    uint32_t pid_max;

    struct source_demand demand;

    struct driver *driver; /* NULL while it is closed */
    enum nvml_pid_scope pid_scope;
    bool is_given_up; /* open still, but of no use: to be closed and opened again */
    struct opening *opening;
    uint64_t opening_ns, opened_ns, attempt_ns; /* began, ended well, is to come next */
    unsigned pause_s;                           /* before the attempt after that */
    bool is_told;                               /* how the first opening went */
    enum driver_state driver_state;
    uint64_t driver_since_us;
    char driver_text[sizeof(((struct nvml_failure *)0)->text)];

    struct seat *seats; /* ascending NVML index */
    size_t seat_count;

    uint64_t sleep_ns; /* when it was last looked who sleeps */

    bool is_choosing;   /* only what is visible to CUDA is shown */
    bool has_choice;    /* and it is known what that is */
    size_t chosen_from; /* so many GPUs had said who they are */
    struct picking *picking;

    struct xid_watch *xids; /* NULL: nobody asks for them */

    uint64_t tick_ns;      /* the next one */
    uint64_t looks;        /* passes that are over */
    uint64_t collect_ns;   /* until when this pass waits for its readings; 0: no pass is on */
    uint64_t process_slot; /* which period of processes was read last */
    bool is_gathering;     /* processes are wanted, and none were read yet */
    bool is_list_new;      /* a process list has come that was not joined yet */
    struct { /* of the newest look at either: when it ended, 0: never; how long it was */
        uint64_t end_ns, took_ns;
    } host_look, process_look;
    struct join_memory *memory;
    atomic_bool has_commands; /* command lines have come that no snapshot has; set by any thread */
    struct snapshot *newest;
};

#endif
