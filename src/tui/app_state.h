/* The state that the files of the app share; screens see it through app.h only. */
#ifndef NVITOP_TUI_APP_STATE_H
#define NVITOP_TUI_APP_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/history.h"
#include "tui/app_options.h"
#include "tui/keymap.h"
#include "tui/screen.h"
#include "tui/term.h"
#include "tui/term_signals.h"

enum { NOTICE_SIZE = 256, NOTICE_S = 5 };

struct app {
    struct app_options options;
    struct term *term; /* NULL until it is taken */
    struct term_signals *signals;
    struct model model; /* its snapshot is our reference */
    struct histories histories;
    struct theme theme;
    struct screen *top;
    struct screen *dead; /* popped, freed when nothing of theirs runs any more */
    struct keymap keymap;
    struct term_event last_key;
    struct frame *frame;         /* of the screen's size; NULL: to be made */
    struct source_demand demand; /* the one the source has */
    char notice[NOTICE_SIZE];
    uint64_t notice_until_ns; /* 0: none */
    uint64_t drawn_second;    /* epoch second that was on the clock of the last frame */
    bool is_dirty;            /* something to draw */
    bool is_ending, has_told_pid_hint;
    int status;
    const char *why;
    int signal;
};

#endif
