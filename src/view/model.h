/*
 * What the monitor's pages draw from: a snapshot and what the viewer has chosen. Plain data; pages
 * read it, `tui` alone changes it.
 */
#ifndef NVITOP_VIEW_MODEL_H
#define NVITOP_VIEW_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/order.h"
#include "core/snapshot.h"
#include "view/view_mode.h"

struct histories;
struct theme;

/* A process on one device, whatever row it stands in now. */
struct selection {
    bool is_set;
    struct process_id process;
    int32_t physical, mig; /* the device; SNAPSHOT_NO_DEVICE twice for a host process (the tree) */
};

/* Processes to act on together, on whatever devices. */
struct tags {
    struct process_id *ids;
    size_t count;
};

/* A line for the viewer, in the row above the process table until it has been seen. */
struct notice {
    const char *text; /* NULL: none */
    bool is_refusal;
};

enum { SCROLL_START = -1 }; /* of scroll_columns: long commands end in ".." */

struct model {
    const struct snapshot *snapshot; /* NULL until there is one */
    const struct histories *histories;
    const struct theme *theme;
    const char *version;
    uint64_t epoch_us; /* the clock on the screen */
    int rows, columns;
    enum view_mode mode;
    bool is_ascii, is_readonly, is_paused;
    bool is_host_hidden;
    bool has_pcie_bars;      /* PCIe TX and RX in place of memory bandwidth and power */
    uint32_t hidden_columns; /* bit per row of process_columns */
    struct order order;
    const char *search; /* only processes whose command, user or pid contain it; "" or NULL: all */
    bool is_searching;  /* it is being typed */
    struct selection selection;
    struct tags tags;
    int scroll_rows;    /* of the whole main screen: <= 0 */
    int scroll_columns; /* of the block %CPU … COMMAND: SCROLL_START or >= 0 */
    struct notice notice;
};

/* Is it the selected row? And is it the selected process, on whichever device? */
bool selection_is(const struct selection *selection, const struct snapshot *snapshot,
                  const struct snapshot_process *process);
bool selection_is_twin(const struct selection *selection, const struct snapshot_process *process);

bool tags_have(const struct tags *tags, const struct snapshot_process *process);

#endif
