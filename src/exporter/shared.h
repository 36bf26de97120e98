/*
 * Answers that stay the same as long as there is no newer snapshot: however many ask, and however
 * slowly they read, each text is made once and is in memory once.
 */
#ifndef NVITOP_EXPORTER_SHARED_H
#define NVITOP_EXPORTER_SHARED_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

struct snapshot;

enum { SHARED_MAX = 16 };

/* Which of a snapshot's answers; compared member by member. */
struct shared_key {
    const char *path; /* static: compared by its address */
    bool is_openmetrics, is_packed, is_old;
};

struct shared_answer {
    struct shared_key key;
    struct MHD_Response *response;
    unsigned status;
    size_t len;
};

struct shared {
    struct snapshot *snapshot; /* a reference, NULL: none yet */
    struct shared_answer answers[SHARED_MAX];
    size_t count;
};

/* NULL: it has to be made. */
const struct shared_answer *shared_find(const struct shared *shared,
                                        const struct snapshot *snapshot,
                                        const struct shared_key *key);
/* The answer of a snapshot; its response is this one's from now on. */
void shared_keep(struct shared *shared, struct snapshot *snapshot,
                 const struct shared_answer *answer);
void shared_done(struct shared *shared);

#endif
