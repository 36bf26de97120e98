/* The lines of a scenario file as they stand: headings and settings, nothing multiplied out. */
#ifndef NVITOP_SIM_SCENARIO_READ_H
#define NVITOP_SIM_SCENARIO_READ_H

#include <stddef.h>

#include "sim/scenario.h"

struct raw_setting {
    int key; /* the section's key enum; -1: a fault key */
    enum fault_kind fault;
    const char *pattern; /* of a fault key */
    const char *value;
    unsigned line;
};

struct raw_section {
    enum scenario_section section;
    const char *name;             /* process */
    unsigned first, last;         /* device and mig: the GPU's numbers */
    unsigned mig_first, mig_last; /* mig */
    unsigned line;
    struct raw_setting *settings;
    size_t setting_count, setting_cap;
};

struct raw_file {
    struct raw_section *sections; /* malloc'd, like their settings; the texts live in the arena */
    size_t section_count, section_cap;
};

/* 0 or NVITOP_EINVAL with the first error in *ret_error. Free with raw_file_done either way. */
int raw_file_read(const char *text, size_t len, struct arena *arena, struct raw_file *raw,
                  struct scenario_error *ret_error);
void raw_file_done(struct raw_file *raw);

/* Puts the first error into *error and keeps it; always NVITOP_EINVAL. */
int scenario_complain(struct scenario_error *error, unsigned line, const char *format, ...)
    __attribute__((format(NVITOP_PRINTF, 3, 4)));

#endif
