/* Which job a process is of, by the environment that its batch system gave it. Pure. */
#ifndef NVITOP_HOST_BATCH_H
#define NVITOP_HOST_BATCH_H

#include <stddef.h>

enum { BATCH_NAME_SIZE = 72 };

/* Texts are empty where the environment does not say. It is its owner's to write, so no more than
 * letters, digits and `-_.[]` are believed. */
struct batch {
    char slurm_job[BATCH_NAME_SIZE]; /* SLURM_JOB_ID: digits */
    char job[BATCH_NAME_SIZE];       /* PBS_JOBID, LSB_JOBID, or JOB_ID of Grid Engine, with `.` and
                                        the number of the task where there are several */
};

/* `bytes`: "KEY=value", each ended by NUL; one that is not is cut off, and is passed over. */
void batch_classify(const char *bytes, size_t len, struct batch *ret_batch);

#endif
