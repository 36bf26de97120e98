/*
 * A terminal and a source made by hand: the app runs its real loop over them. After each frame the
 * test's script says what happens next, so nothing ever waits.
 */
#ifndef TESTS_APP_FAKES_H
#define TESTS_APP_FAKES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/snapshot.h"
#include "core/source.h"
#include "tui/app_options.h"
#include "tui/term.h"

struct frame;

struct stage {
    /* Called after each frame; `count` of them so far. */
    void (*script)(struct stage *stage, int count, const struct frame *frame);
    void *arg;
    struct source source; /* must be found from its pointer: see fakes.c */

    /* What the script sets. */
    struct term_event events[256];
    size_t event_count, event_at;
    struct snapshot *snapshot; /* the newest; the stage holds a reference */
    int opening;               /* of source_opening */
    struct signal_report verdicts;
    bool has_verdicts;
    const char *no_terminal; /* term_open fails for that reason */
    int rows, columns;       /* of the terminal; 0: 40 and 120 */

    /* What the script and the test may look at. */
    int frames, taken, given_back, forgotten, beeps, demands, refreshes;
    bool is_terminal_taken;
    struct source_demand demand;
    struct app_settings saved;
    unsigned changed; /* bits of enum app_setting */
    int saves;
    struct signal_report sent; /* the last signal, and to whom */
    int sends;
    char text[64 * 1024]; /* of the last frame */
};

struct stage *stage_new(struct snapshot *snapshot);
void stage_free(struct stage *stage);
struct app_result stage_run(struct stage *stage, bool is_readonly);

void stage_key(struct stage *stage, uint32_t key);
void stage_key_later(struct stage *stage, uint32_t key, unsigned ms); /* read that much later */
void stage_keys(struct stage *stage, const char *keys);
void stage_show(struct stage *stage, struct snapshot *snapshot); /* takes the reference */

#endif
