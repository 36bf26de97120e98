/* What the parts of a session share; core/session.h is for everybody else. */
#ifndef NVITOP_CORE_SESSION_STATE_H
#define NVITOP_CORE_SESSION_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session_engine.h"
#include "core/session_host.h"
#include "nvml/nvml.h"

struct lock;
struct opening;

struct session {
    char *nvml_path; /* NULL: the usual places */
    struct session_limits limits;
    unsigned cache_ms;
    struct lock *lock; /* guards the rest; never held over a driver call */
    bool is_closing;
    unsigned caller_count;   /* threads that are inside */
    bool is_opening;         /* one of them opens the driver: `opening` is its alone */
    struct opening *opening; /* NULL: no thread is with the driver */
    struct session_engine *engine;
    struct nvml_failure failure;
    unsigned pause_s;  /* between two renewals of a driver that goes on saying that it is gone */
    uint64_t renew_ns; /* when the next may be */
    struct session_host host; /* has a lock of its own */
};

/* session_enter and session_leave with the driver open. */
int session_enter_ready(struct session *session, struct session_engine **ret_engine);
void session_leave_ready(struct session *session, struct session_engine *engine);

/* What a look at all GPUs says of the driver: it is gone, or one of them has answered. */
void session_hear(struct session *session, struct session_engine *engine, bool is_gone);

/* ---- core/session_open.c ---- */

/* Opens the driver, or looks whether it has come back at last; only the one who set is_opening. */
struct session_engine *session_open_driver(struct session *session,
                                           struct nvml_failure *ret_failure);
/* Leaves a thread that is still with the driver behind after the deadline, with all it uses. */
void session_abandon_opening(struct session *session, uint64_t deadline_ns);

#endif
