/* The environment of one process: a line per variable, sorted by name. */
#ifndef NVITOP_VIEW_PAGE_ENVIRON_H
#define NVITOP_VIEW_PAGE_ENVIRON_H

#include <stdbool.h>

#include "base/value.h"
#include "core/snapshot.h"
#include "view/list_view.h"

struct frame;
struct model;
struct source_environ;

/* What the page shows, beside the model. */
struct environ_page {
    struct process_id process;
    bool is_on_gpu;
    unsigned types;                           /* of PROCESS_TYPE_*, of a process on a GPU */
    const char *user, *command;               /* "N/A" where they are not known */
    const struct source_environ *environment; /* NULL: it is being read, or see `refusal` */
    enum nvitop_why refusal;                  /* why it cannot be asked for; NONE: it was */
    struct list_view list;
    int scroll_columns;
};

enum { PAGE_ENVIRON_TOP = 2 }; /* the row of the first variable */

/* How many variables there are to move in. */
int page_environ_count(const struct environ_page *page);

void page_environ_draw(const struct model *model, const struct environ_page *page,
                       struct frame *frame);

#endif
