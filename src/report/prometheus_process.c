/* What is told of processes beside the rows of the metric table: whose they are, and what. */
#include "base/mem.h"
#include "core/snapshot.h"
#include "report/exposition.h"
#include "report/prometheus_options.h"
#include "report/prometheus_parts.h"
#include "report/prometheus_walk.h"

static const struct walk_fact info[] = {
    { "type", NVITOP_PROC_TYPE },
    { "user", NVITOP_PROC_USER },
    { "name", NVITOP_PROC_NAME },
    { "container_id", NVITOP_PROC_CONTAINER_ID },
    { "pod_uid", NVITOP_PROC_POD_UID },
    { "slurm_job_id", NVITOP_PROC_SLURM_JOB_ID },
    { "batch_job_id", NVITOP_PROC_BATCH_JOB_ID },
};

static const struct walk_fact command = { "command", NVITOP_PROC_COMMAND };

/* A text is being read: with it, the series would be another one. */
static bool is_complete(const struct walk_process *process)
{
    struct value value = snapshot_process_value(process->row, NVITOP_PROC_CONTAINER_ID);
    return !(value_is_na(value) && value.why == NVITOP_WHY_NO_SAMPLE);
}

void prometheus_put_process_info(struct walk *walk)
{
    exposition_family(walk->exposition, PROMETHEUS_PROCESS, "info",
                      "Whose the process is, and what.");
    for (size_t i = 0; i < walk->process_count; i++) {
        const struct walk_process *process = &walk->processes[i];
        if (!is_complete(process))
            continue;
        walk_begin(walk, process->labels);
        walk_process_facts(walk, process, info, ARRAY_LEN(info));
        if (walk->how->has_commands)
            walk_process_facts(walk, process, &command, 1);
        walk_sample(walk, 1);
    }
}
