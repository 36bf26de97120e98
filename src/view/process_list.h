/* The rows of the process table as they are shown: filtered by the search text, in order. */
#ifndef NVITOP_VIEW_PROCESS_LIST_H
#define NVITOP_VIEW_PROCESS_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct model;

struct process_list {
    size_t *rows; /* indices into snapshot.processes */
    size_t count;
};

/* Free with process_list_done. Empty without a snapshot. */
void process_list_make(const struct model *model, struct process_list *ret_list);
void process_list_done(struct process_list *list);

/* Where the selected row stands in the list; false: it is not in it. */
bool process_list_find(const struct model *model, const struct process_list *list, size_t *ret_at);

#endif
