/*
 * One row for all. Who is root, and what the keys are, stand at the ends as people know it. What
 * the program says stands at the left; it has precedence, and what it leaves no room for is not
 * drawn. Invariant: while a filter is typed no signal is offered, since none can be sent.
 */
#include "view/caution_row.h"

#include <stdio.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "core/snapshot.h"
#include "view/model.h"
#include "view/panel.h"
#include "view/signal_hint.h"
#include "view/signal_target.h"
#include "view/text.h"
#include "view/theme.h"

#define CAUTION "CAUTION: SUPERUSER LOGGED-IN."

enum { CAUTION_END = 31 }; /* the column after it */

static bool is_target(const struct model *model, const struct snapshot_process *process,
                      bool is_selection_visible)
{
    if (signal_obstacle(model->snapshot, process) != OBSTACLE_NONE)
        return false;
    if (model->tags.count > 0)
        return tags_have(&model->tags, process);
    return is_selection_visible && selection_is(&model->selection, model->snapshot, process);
}

bool caution_row_has_target(const struct model *model, bool is_selection_visible)
{
    if (model->is_readonly || model->is_searching || !model->snapshot)
        return false;
    for (size_t i = 0; i < model->snapshot->process_count; i++)
        if (is_target(model, &model->snapshot->processes[i], is_selection_visible))
            return true;
    return false;
}

/* What the program says now, and how; NULL: nothing. */
static const char *said(const struct model *model, char ret_text[TEXT_SIZE],
                        enum theme_role *ret_role)
{
    *ret_role = ROLE_NOTICE;
    if (model->is_searching) {
        char cut[TEXT_SIZE];
        int room = MIN_OF(model->columns, TEXT_SIZE / 4) - 10;
        snprintf(ret_text, TEXT_SIZE, "Filter: %s_",
                 text_cut_start(model->search ? model->search : "", room, "..", cut));
        return ret_text;
    }
    if (model->notice.text) {
        *ret_role = model->notice.is_refusal ? ROLE_REFUSAL : ROLE_NOTICE;
        return model->notice.text;
    }
    if (!model->search || !*model->search)
        return NULL;
    char cut[TEXT_SIZE];
    snprintf(ret_text, TEXT_SIZE, "Filter: %s (\\ Esc ends it)",
             text_cut_end(model->search, 24, "..", cut));
    return ret_text;
}

static void draw_caution(struct frame *frame, int row, const struct theme *theme)
{
    frame_text(frame, row, 1, 1, theme_style(theme, ROLE_ALARM), "!");
    frame_text(frame, row, 2, CAUTION_END, theme_style(theme, ROLE_WARNING), CAUTION);
}

static void draw_hint(struct frame *frame, int row, int column, const struct theme *theme)
{
    const struct signal_hint_styles styles = {
        .text = theme_style(theme, ROLE_PLAIN),
        .key = theme_style(theme, ROLE_KEY),
        .name = theme_style(theme, ROLE_SIGNAL),
    };
    signal_hint_draw(frame, row, column, &styles);
}

void caution_row_draw(struct frame *frame, int row, const struct panel *panel,
                      bool is_selection_visible)
{
    const struct model *model = panel->model;
    char text[TEXT_SIZE];
    enum theme_role role;
    const char *words = said(model, text, &role);
    int needed = words ? utf8_width(words) + 1 : 0;
    bool is_root = model->snapshot && model->snapshot->is_superuser;
    bool has_hint = caution_row_has_target(model, is_selection_visible);
    int end = has_hint ? panel->width - SIGNAL_HINT_COLUMNS : panel->width;
    if (is_root && needed && CAUTION_END + 2 + needed > end)
        is_root = false; /* no room to say so */
    int at = is_root ? CAUTION_END + 2 : 1;
    if (is_root)
        draw_caution(frame, row, panel->theme);
    if (words)
        frame_text(frame, row, at, panel->width, theme_style(panel->theme, role), words);
    if (has_hint && (!words || at + needed <= end))
        draw_hint(frame, row, end, panel->theme);
}
