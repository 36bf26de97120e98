/* Whose a process is, by the paths in /proc/PID/cgroup: container, pod, job. Pure; asks nobody. */
#ifndef NVITOP_HOST_CGROUP_H
#define NVITOP_HOST_CGROUP_H

enum { CGROUP_NAME_SIZE = 72 };

/* Texts are empty where the paths do not say. Only letters, digits and `-_.:@` occur in them. */
struct cgroup {
    const char *runtime; /* "docker", "containerd", "cri-o", "podman", "systemd-nspawn", "lxc";
                            "container" if only the id is known */
    char container[CGROUP_NAME_SIZE]; /* 64 hex digits, or a name (nspawn, lxc) */
    char pod[CGROUP_NAME_SIZE];       /* Kubernetes pod uid, with dashes */
    char slurm_job[CGROUP_NAME_SIZE]; /* digits */
};

/* `text`: the whole file, NUL-terminated. Later, deeper names win. */
void cgroup_classify(const char *text, struct cgroup *ret_cgroup);

#endif
