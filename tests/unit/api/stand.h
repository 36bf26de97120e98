/*
 * A session of the public library over a simulated driver of its own: each stand has a copy of the
 * driver's library, so a test can have several, with other scenarios, in one process.
 */
#ifndef TESTS_API_STAND_H
#define TESTS_API_STAND_H

#include <stdbool.h>
#include <stdint.h>

#include "nvitop/nvitop.h"
#include "simdir.h"

struct stand {
    struct simdir dir;
    char library[SIMDIR_PATH_SIZE];
    struct nvitop_options options; /* may be changed between set and open */
    struct nvitop_session *session;
};

void stand_set(struct stand *stand, const char *scenario);
/* What nvitop_session_open says. */
int stand_try(struct stand *stand);
/* Set and opened. */
void stand_open(struct stand *stand, const char *scenario);
void stand_end(struct stand *stand);

/* A device that must be there. */
struct nvitop_device *stand_device(struct stand *stand, int32_t gpu, int32_t mig);
/* One metric of it; the read must go well. */
struct nvitop_value stand_read(struct nvitop_device *device, int id);
/* A snapshot of everything. */
struct nvitop_snapshot *stand_snapshot(struct stand *stand);
/* One value of it, that must be there to be asked for. */
struct nvitop_value stand_value(const struct nvitop_snapshot *snapshot, int id, size_t row);

/* Milliseconds since some moment. */
uint64_t stand_ms(void);

/* Runs a function on a thread of its own, which nobody waits for. */
void stand_thread(void *(*run)(void *), void *arg);

/* Ends a program that has left threads in a driver, which must not be torn down under them. */
_Noreturn void stand_exit(int failures);

#endif
