/* What is found under each path, made from the newest snapshot. */
#ifndef NVITOP_EXPORTER_ANSWER_H
#define NVITOP_EXPORTER_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct served;

/* What a server knows beside the snapshot; one thread's. */
struct answer_state {
    const struct served *served;
    uint64_t scrapes; /* of /metrics, so far */
};

struct request {
    const char *path;
    const char *accept; /* the header, NULL: none */
};

struct answer {
    unsigned status; /* of HTTP */
    const char *content_type;
    struct str body; /* whose it is who asked */
};

void answer_request(struct answer_state *state, const struct request *request,
                    struct answer *ret_answer);

#endif
