/* What is told in the exposition: filled in by the program. */
#ifndef NVITOP_REPORT_PROMETHEUS_OPTIONS_H
#define NVITOP_REPORT_PROMETHEUS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct prometheus_options {
    const char *version;  /* of the program */
    bool has_commands;    /* command lines too: they may hold secrets */
    size_t processes_max; /* those with the most GPU memory; 0: none */
    unsigned compat;      /* whose names are told as well: see report/prometheus_compat.h */
};

#endif
