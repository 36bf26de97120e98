/*
 * Container, pod and job: by the paths of `cgroup`, which the kernel keeps and anybody may read;
 * a job also by `environ`, which waits for the process's memory lock and is its owner's alone to
 * read and to write. So it is asked second, and never for what the kernel has said.
 */
#include <fcntl.h>
#include <string.h>

#include "base/mem.h"
#include "host/batch.h"
#include "host/cgroup.h"
#include "host/linux/internal.h"
#include "host/linux/procfile.h"

/* Some dozen paths, which are told whole or not at all; and of an environment the beginning. */
enum { CGROUP_LIMIT = 64 * 1024, ENVIRON_LIMIT = 1024 * 1024 };

/* N/A: why it could not be read; else an INT. `ret_bytes` ends with a NUL. */
static struct value read_file(const char *root, pid_t pid, const char *file, size_t limit,
                              struct str *ret_bytes)
{
    struct str path = { 0 };
    str_printf(&path, "%s/%ld/%s", root ? root : HOST_DEFAULT_ROOT, (long)pid, file);
    int error = procfile_read(AT_FDCWD, str_text(&path), limit, ret_bytes);
    str_done(&path);
    return error ? value_na(host_why_of_errno(error)) : value_int((int64_t)ret_bytes->len);
}

/* What a file that could be read, or not, says. */
static struct value told(struct arena *arena, const char *text, struct value file)
{
    if (*text)
        return value_text(arena_strdup(arena, text));
    return value_is_na(file) ? file : value_na(NVITOP_WHY_NOT_APPLICABLE);
}

void host_workload_read_blocking(const char *root, pid_t pid, struct arena *arena,
                                 struct value ret_workload[HOST_WORKLOAD_COUNT])
{
    struct str bytes = { 0 };
    struct cgroup cgroup = { .runtime = "" };
    struct batch batch = { 0 };
    struct value file = read_file(root, pid, "cgroup", CGROUP_LIMIT, &bytes);
    if (bytes.len == CGROUP_LIMIT)
        file = value_na(NVITOP_WHY_ERROR);
    if (!value_is_na(file))
        cgroup_classify(str_text(&bytes), &cgroup);
    ret_workload[HOST_CONTAINER_ID] = told(arena, cgroup.container, file);
    ret_workload[HOST_POD_UID] = told(arena, cgroup.pod, file);
    ret_workload[HOST_SLURM_JOB_ID] = told(arena, cgroup.slurm_job, file);
    ret_workload[HOST_BATCH_JOB_ID] = value_na(NVITOP_WHY_NOT_APPLICABLE);
    if (!*cgroup.slurm_job) {
        file = read_file(root, pid, "environ", ENVIRON_LIMIT, &bytes);
        if (!value_is_na(file))
            batch_classify(bytes.data, bytes.len, &batch);
        ret_workload[HOST_SLURM_JOB_ID] = told(arena, batch.slurm_job, file);
        ret_workload[HOST_BATCH_JOB_ID] = told(arena, batch.job, file);
    }
    str_done(&bytes);
}
