/*
 * Windows that lie inside each other, each with a tag and the statistics of what came since it was
 * opened. Plain data: no clock, no lock.
 */
#ifndef NVITOP_COLLECT_WINDOW_H
#define NVITOP_COLLECT_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

#include "collect/group.h"
#include "collect/stats.h"

struct result;
struct sample;

/* A moment on both clocks, in seconds. */
struct moment {
    double mono, epoch;
};

/* So many groups are kept; beyond, those of processes that have gone are forgotten, and what is no
 * longer given. */
enum { WINDOW_GROUPS_MAX = 65536 };

struct window_group {
    struct group_id id;
    struct stats stats[GROUP_METRICS_MAX];
};

struct window {
    char *tag;
    struct moment start, newest; /* newest: of its last sample; the start while there is none */
    struct window_group *groups; /* ascending */
    size_t count;
    uint64_t layout; /* another one whenever another group is there, or one is not */
};

/* Outermost first. {0} is none. */
struct windows {
    struct window *rows;
    size_t count;
    uint64_t layouts; /* so far; no two windows have the same */
};

/* Inside the innermost. NVITOP_EDUPLICATE: the tag is in use. */
int windows_open(struct windows *windows, const char *tag, struct moment now);

/* Closes the window and those inside it. NULL: the innermost, if any. NVITOP_ESTATE: there is no
 * window; NVITOP_ENOTFOUND: none has the tag. */
int windows_close(struct windows *windows, const char *tag);

/* Empties them instead; for NULL too there must be one. */
int windows_clear(struct windows *windows, const char *tag, struct moment now);

/*
 * Adds a sample to all of them, but to those that were opened or cleared while it was being taken.
 * `gap`: if nothing came for longer than so many seconds, nothing is known of that time, and it
 * does not count: neither is it filled by a line from one side to the other.
 */
void windows_add(struct windows *windows, const struct sample *sample, double gap);

/* The statistics of the innermost window, with its time and stamps; the result, empty so far, says
 * with which keys. There must be a window. */
void windows_result(const struct windows *windows, const struct group_metrics *metrics,
                    struct moment now, struct result *result);

void windows_done(struct windows *windows);

#endif
