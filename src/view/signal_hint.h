/* The line that says which keys send signals. */
#ifndef NVITOP_VIEW_SIGNAL_HINT_H
#define NVITOP_VIEW_SIGNAL_HINT_H

#include "view/frame.h"

enum { SIGNAL_HINT_COLUMNS = 47 };

struct signal_hint_styles {
    struct style text, key, name; /* the sentence, the keys in it, the names of the signals */
};

void signal_hint_draw(struct frame *frame, int row, int column,
                      const struct signal_hint_styles *styles);

#endif
