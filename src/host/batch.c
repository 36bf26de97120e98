/*
 * Each variable is held against a table of names. `JOB_ID` alone may be anybody's, but Grid Engine
 * sets SGE_TASK_ID with it always, to "undefined" if the job is a single one.
 */
#include "batch.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"

enum variable { SLURM_JOB_ID, PBS_JOBID, LSB_JOBID, JOB_ID, SGE_TASK_ID, VARIABLE_COUNT };

static const struct {
    const char *name;
    bool is_number;
} variables[] = {
    [SLURM_JOB_ID] = { "SLURM_JOB_ID", true }, [PBS_JOBID] = { "PBS_JOBID", false },
    [LSB_JOBID] = { "LSB_JOBID", true },       [JOB_ID] = { "JOB_ID", true },
    [SGE_TASK_ID] = { "SGE_TASK_ID", false },
};
_Static_assert(ARRAY_LEN(variables) == VARIABLE_COUNT, "one row per variable");

static bool is_good(char c, bool is_number)
{
    if (c >= '0' && c <= '9')
        return true;
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return !is_number && (is_letter || (c && strchr("-_.[]", c)));
}

static bool are_good(const char *value, size_t len, bool is_number)
{
    for (size_t i = 0; i < len; i++)
        if (!is_good(value[i], is_number))
            return false;
    return len > 0 && len < BATCH_NAME_SIZE;
}

/* The first of a name counts, as for getenv. */
static void take_pair(const char *pair, size_t len, char values[][BATCH_NAME_SIZE])
{
    for (size_t i = 0; i < ARRAY_LEN(variables); i++) {
        size_t name_len = strlen(variables[i].name);
        if (len <= name_len || pair[name_len] != '=' ||
            memcmp(pair, variables[i].name, name_len) != 0)
            continue;
        const char *value = pair + name_len + 1;
        size_t value_len = len - name_len - 1;
        if (!*values[i] && are_good(value, value_len, variables[i].is_number))
            memcpy(values[i], value, value_len);
    }
}

static bool is_digits(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

static void put_grid_engine_job(const char *id, const char *task, struct batch *batch)
{
    size_t len = strlen(id), task_len = strlen(task);
    if (!*task || len + task_len + 1 >= sizeof(batch->job))
        return;
    memcpy(batch->job, id, len + 1);
    if (!is_digits(task))
        return;
    batch->job[len] = '.';
    memcpy(batch->job + len + 1, task, task_len + 1);
}

void batch_classify(const char *bytes, size_t len, struct batch *ret_batch)
{
    char values[VARIABLE_COUNT][BATCH_NAME_SIZE] = { 0 };
    *ret_batch = (struct batch){ 0 };
    for (const char *end; len && (end = memchr(bytes, 0, len));) {
        size_t pair_len = (size_t)(end - bytes);
        take_pair(bytes, pair_len, values);
        bytes = end + 1;
        len -= pair_len + 1;
    }
    memcpy(ret_batch->slurm_job, values[SLURM_JOB_ID], BATCH_NAME_SIZE);
    if (*values[JOB_ID])
        put_grid_engine_job(values[JOB_ID], values[SGE_TASK_ID], ret_batch);
    for (enum variable i = PBS_JOBID; i <= LSB_JOBID; i++)
        if (*values[i])
            memcpy(ret_batch->job, values[i], BATCH_NAME_SIZE);
}
