/* One choice of nvisel: a snapshot, judged and ranked as the settings want it. */
#ifndef NVITOP_CMD_NVISEL_CHOOSE_H
#define NVITOP_CMD_NVISEL_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "nvitop/nvitop.h"
#include "select/select.h"

struct nvisel_settings;
struct snapshot;
struct steady;

/* What nvisel keeps between two choices. */
struct chooser {
    const struct nvisel_settings *settings;
    const struct select_wish *wish; /* the settings', with the free users named */
    const char *cuda_helper;        /* NULL: none */
    struct steady *steady;          /* NULL: one look is enough */
    char *seen;                     /* which devices the candidates were found among */
    struct nvitop_index *candidates;
    size_t candidate_count;
};
void chooser_done(struct chooser *chooser);

struct choice {
    struct arena arena;
    struct snapshot *snapshot; /* a reference of its own */
    struct selection selection;
};

/* With --inherit and new devices it may take three seconds: CUDA is asked for its order then. */
void choose(struct chooser *chooser, struct snapshot *snapshot, struct choice *ret_choice);
void choice_done(struct choice *choice); /* {0} is fine */

/* How many there must be for a success. */
size_t choice_needs(const struct chooser *chooser);
bool choice_is_good(const struct chooser *chooser, const struct choice *choice);

#endif
