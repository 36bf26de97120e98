/*
 * The sampler: the source of local snapshots. It owns every thread that calls the driver. GPUs
 * are sampled in parallel, each on a thread of its own, so that one that hangs delays nobody.
 */
#ifndef NVITOP_CORE_SAMPLER_H
#define NVITOP_CORE_SAMPLER_H

#include "core/driver.h"
#include "core/sampler_options.h"
#include "core/source.h"

/*
 * Opens the host; the driver is opened by the first take. NVITOP_OK, or NVITOP_ENOTFOUND where
 * there is no process file system.
 *
 * A take: driver and handle look-ups have until patience->deadline_ns, all reads of the driver
 * together 3 s after that, command lines what is left of it but at least half a second. A GPU past
 * its deadline has a row that says "not responding".
 */
int sampler_open(const struct sampler_options *options, struct source **ret_source);

#endif
