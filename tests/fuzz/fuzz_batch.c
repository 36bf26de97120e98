/* /proc/PID/environ: ids of the promised letters only, and each one found in the block. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/batch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int is_true)
{
    if (!is_true)
        abort();
}

static void check_name(const char *name, const char *letters)
{
    demand(memchr(name, 0, BATCH_NAME_SIZE) != NULL);
    demand(strspn(name, letters) == strlen(name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct batch batch;
    char *bytes = malloc(size ? size : 1); /* of its own size, so that a read beyond it is seen */
    memcpy(bytes, data, size);
    batch_classify(bytes, size, &batch);
    check_name(batch.slurm_job, "0123456789");
    check_name(batch.job, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.[]");
    demand(!*batch.slurm_job || memmem(bytes, size, "SLURM_JOB_ID=", 13));
    demand(!*batch.job || memmem(bytes, size, "JOBID=", 6) ||
           memmem(bytes, size, "SGE_TASK_ID=", 12));
    free(bytes);
    return 0;
}
