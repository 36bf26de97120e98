/* A system of which no container, pod or batch job is told. */
#include "host/host.h"

void host_workload_read_blocking(const char *root, pid_t pid, struct arena *arena,
                                 struct value ret_workload[HOST_WORKLOAD_COUNT])
{
    (void)root;
    (void)pid;
    (void)arena;
    for (size_t i = 0; i < HOST_WORKLOAD_COUNT; i++)
        ret_workload[i] = value_na(NVITOP_WHY_NOT_SUPPORTED);
}
