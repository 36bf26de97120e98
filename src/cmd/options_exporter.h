/* What the user asked of `nvitop-exporter`. */
#ifndef NVITOP_CMD_OPTIONS_EXPORTER_H
#define NVITOP_CMD_OPTIONS_EXPORTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "cmd/options.h"
#include "exporter/listen.h"
#include "exporter/tls.h"

struct exporter_settings {
    struct source_settings source; /* the first member */
    struct listen_options listen;
    struct tls_options tls;
    bool is_client_required;
    const char *web_config; /* --web-config; NULL */
    double interval;
    const char *labels; /* of every sample, see report/exposition.h; NULL */
    int64_t processes_max;
    bool has_commands;
    unsigned compat; /* --compat, see report/prometheus_compat.h */
};

extern const struct option_program options_exporter;

/* As options_nvisel_read. */
enum options_result options_exporter_read(struct options_run *run,
                                          struct exporter_settings *settings, int argc,
                                          char *const argv[]);

#endif
