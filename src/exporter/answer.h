/* What is found under each path, made from the newest snapshot. */
#ifndef NVITOP_EXPORTER_ANSWER_H
#define NVITOP_EXPORTER_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "exporter/tally.h"

struct served;
struct snapshot;

/* What a server knows beside the snapshot; one thread's. */
struct answer_state {
    const struct served *served;
    uint64_t scrapes; /* of /metrics, so far */
    struct tally tally;
};

struct request {
    const char *path; /* of answer_path */
    bool is_openmetrics;
    bool is_head; /* its answer's body is not sent */
    bool is_old;  /* of answer_is_old */
};

struct answer {
    unsigned status; /* of HTTP */
    const char *content_type;
    struct str body; /* whose it is who asked */
};

void answer_begin(struct answer_state *state, const struct served *served);

/* The same text for as long as the program runs, NULL: nothing is there. */
const char *answer_path(const char *path);
bool answer_is_openmetrics(const char *accept); /* the header, NULL: none */

/* Whether the sampler has told nothing for so long that its snapshot is not to be told any more.
 * `now_ns`: clock_mono_ns. */
bool answer_is_old(const struct answer_state *state, const struct snapshot *snapshot,
                   uint64_t now_ns);

/* Every family of /metrics, by its head alone. */
void answer_catalogue(struct str *out);

/* Counts a request that is answered; one text may answer many. */
void answer_count(struct answer_state *state, const struct request *request);

/* `snapshot`: NULL, there is none yet. What it says follows from the snapshot and the request, but
 * for the counts of requests. */
void answer_request(const struct answer_state *state, const struct request *request,
                    const struct snapshot *snapshot, struct answer *ret_answer);

#endif
