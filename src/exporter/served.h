/* What is told, however it is asked for. All that it points to must outlive the server. */
#ifndef NVITOP_EXPORTER_SERVED_H
#define NVITOP_EXPORTER_SERVED_H

#include <stdint.h>

#include "report/prometheus_options.h"

struct own;
struct query;
struct source;

struct served {
    struct prometheus_options prometheus;
    const char *labels;        /* of every sample, see report/exposition.h; NULL: none */
    const struct query *query; /* of /api/v1/snapshot */
    struct source *source;     /* started */
    uint64_t patience_ns;      /* a snapshot that is older is of a sampler that is stuck */
    struct own *own;           /* what is told of this process; NULL: nothing */
};

#endif
