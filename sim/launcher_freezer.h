/* A freezer cgroup for scenarios in which a thread gets stuck in the kernel. Needs root. */
#ifndef NVITOP_SIM_LAUNCHER_FREEZER_H
#define NVITOP_SIM_LAUNCHER_FREEZER_H

/* Makes a cgroup; its folder, malloc'd, or NULL with *ret_why a static sentence. */
char *freezer_make(const char **ret_why);

/* Lets go what stands in it, waits until that has left (five seconds at most), removes it. */
void freezer_remove(const char *folder);

#endif
