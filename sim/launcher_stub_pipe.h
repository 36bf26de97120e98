/* What a demo process of POSIX is told through a pipe, and what it tells. */
#ifndef NVITOP_SIM_LAUNCHER_STUB_PIPE_H
#define NVITOP_SIM_LAUNCHER_STUB_PIPE_H

#include <stdint.h>

/* Descriptors of a demo process. */
enum {
    STUB_FD_CONFIG = 3, /* read: struct stub_config, then child_count times a pid_t */
    STUB_FD_LIFE,       /* read: ends when the keeper ends */
    STUB_FD_REPORT,     /* write: one struct stub_report */
    STUB_FD_END
};

enum { STUB_COMM_SIZE = 16 };

#define STUB_MAGIC UINT64_C(0x6f6d65642d6d6973)

struct stub_config {
    uint64_t magic;
    uint32_t index;        /* of the process, for the report */
    uint32_t cpu_permille; /* of one core */
    uint32_t threads;      /* with the main one */
    uint32_t is_argv_cleared;
    uint32_t child_count; /* children to reap, the lasting zombies not among them */
    char comm[STUB_COMM_SIZE];
};

struct stub_report {
    uint32_t index;
    int32_t pid; /* it runs; negative: the error number of its start */
};

#endif
