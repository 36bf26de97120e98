/*
 * Reads some GPUs of a session against one deadline, each on a thread that may never return.
 *
 * A thread costs more than the calls of a quick driver, so one goes ahead alone; what it has not
 * come to after a moment is everybody's, each GPU on a thread of its own.
 */
#ifndef NVITOP_CORE_SESSION_CREW_H
#define NVITOP_CORE_SESSION_CREW_H

#include <stddef.h>

#include "core/device.h"
#include "core/session_engine.h"

/* readings[i] is that of gpus[i]; of one that is late it is the row that says so. */
void session_crew_read(struct session_engine *engine, struct session_gpu *const *gpus, size_t count,
                       const struct device_request *request, struct device_reading *readings);

#endif
