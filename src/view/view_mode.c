/* The words are what people type and what their files hold: a new mode adds one, none changes. */
#include "view/view_mode.h"

#include <stddef.h>

const char *const view_mode_words[VIEW_MODE_COUNT + 1] = {
    [VIEW_AUTO] = "auto",   [VIEW_FULL] = "full",     [VIEW_COMPACT] = "compact",
    [VIEW_DENSE] = "dense", [VIEW_MODE_COUNT] = NULL,
};
