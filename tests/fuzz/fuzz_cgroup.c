/* /proc/PID/cgroup: names of the promised letters only, and each one found in the text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/cgroup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int is_true)
{
    if (!is_true)
        abort();
}

static void check_name(const char *name, const char *letters)
{
    demand(memchr(name, 0, CGROUP_NAME_SIZE) != NULL);
    demand(strspn(name, letters) == strlen(name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cgroup cgroup;
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = 0;
    cgroup_classify(text, &cgroup);
    check_name(cgroup.container,
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:@");
    check_name(cgroup.pod, "0123456789abcdef-");
    check_name(cgroup.slurm_job, "0123456789");
    demand(!*cgroup.container == !*cgroup.runtime);
    demand(strstr(text, cgroup.container) && strstr(text, cgroup.slurm_job));
    free(text);
    return 0;
}
