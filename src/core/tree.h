/*
 * GPU processes with their ancestors and children, as rows of a tree. Pure: a snapshot in, rows
 * out; where the snapshot has no relatives yet, GPU processes stand under each other alone.
 */
#ifndef NVITOP_CORE_TREE_H
#define NVITOP_CORE_TREE_H

#include <stddef.h>

#include "base/arena.h"

struct snapshot;
struct snapshot_process;

struct tree_row {
    const struct snapshot_process *process; /* first row of the pid, or a relative */
    const size_t *devices;                  /* rows in snapshot.devices, ascending, each once */
    size_t device_count;                    /* 0: no GPU of its own ("Host") */
    size_t depth;                           /* 0: a root */
    const char *prefix; /* "│  ├─ "; "" for a root. Beyond TREE_DEPTH_MAX levels no wider */
};

enum { TREE_DEPTH_MAX = 64 };

/* In the order of the screen: roots by pid, children by (gone, user, pid). */
struct tree {
    struct arena arena;
    struct tree_row *rows;
    size_t count;
};

/* The rows point into the snapshot, which must outlive them. Free with tree_done. */
void tree_make(const struct snapshot *snapshot, struct tree *ret_tree);
void tree_done(struct tree *tree);

#endif
