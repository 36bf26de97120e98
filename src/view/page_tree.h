/* GPU processes with their ancestors and children, a row each. */
#ifndef NVITOP_VIEW_PAGE_TREE_H
#define NVITOP_VIEW_PAGE_TREE_H

#include <stdbool.h>

struct frame;
struct model;
struct snapshot_process;
struct tree;

struct tree_page {
    const struct tree *tree;         /* of the model's snapshot; NULL: it is not known yet */
    int scroll_rows, scroll_columns; /* >= 0 */
};

enum { PAGE_TREE_TOP = 1 }; /* the row of the first process */

/* The row of the selected process, whatever device it was selected on; -1: none. */
int page_tree_selected(const struct model *model, const struct tree *tree);

/* Whether a signal could be sent now: to tagged processes, or to the selected one if the viewer
 * owns it and sees it. */
bool page_tree_has_target(const struct model *model, const struct tree_page *page);

void page_tree_draw(const struct model *model, const struct tree_page *page, struct frame *frame);

#endif
