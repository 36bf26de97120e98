/* What the user asked of `nvisel`. */
#ifndef NVITOP_CMD_OPTIONS_NVISEL_H
#define NVITOP_CMD_OPTIONS_NVISEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd/options.h"
#include "select/select.h"

enum nvisel_format { NVISEL_INDEX, NVISEL_UUID };

struct nvisel_settings {
    struct source_settings source;       /* the first member */
    struct select_wish wish;             /* counts overridden; free users as given */
    int64_t min_count, max_count, count; /* as given */
    bool has_max, has_count;
    bool has_accounts; /* --account-as-free; without a name: the current user */
    bool is_inherited;
    const char *variable; /* CUDA_VISIBLE_DEVICES; NULL: unset */
    const char *visible;  /* of --inherit: what it was given, else the variable */
    int format;           /* enum nvisel_format */
    const char *separator;
    bool is_null; /* NUL between and after */
    bool is_json, is_explained;
    bool is_waiting, has_timeout;
    double timeout_s;
    double sustain_s; /* 0: one look is enough */
};

extern const struct option_program options_nvisel;

/* Defaults, environment, command line. Fills run->program and run->settings; the caller sets
 * environment, columns and is_colour. */
enum options_result options_nvisel_read(struct options_run *run, struct nvisel_settings *settings,
                                        int argc, char *const argv[]);

#endif
