/*
 * Scales. A graph that is mostly empty tells little, so what fills it follows the greatest value in
 * view; ticks then say what the height means. Invariant: a tick stands below the two rows at the
 * tip of the graph, which labels cover.
 */
#include "view/plot.h"

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "core/history.h"
#include "view/theme.h"

enum {
    LABEL_ROWS = 2,
    LOW_ROWS = 12,  /* a graph lower than this has one tick */
    LEAST_HALF = 3, /* percent: half a tick is one of its own from this on */
};

static const double headroom = 1.25;

/* Two values a column, and the one that is about to leave; and the second that goes on, which the
 * label shows already. */
struct value plot_most(const struct history *history, int columns)
{
    struct value latest = history_latest(history);
    bool has_value = !value_is_na(latest);
    double most = value_number(latest, 0), value;
    for (int back = 0; back < 2 * columns + 1; back++)
        if (history_get(history, (size_t)back, &value)) {
            most = has_value ? fmax(most, value) : value;
            has_value = true;
        }
    return has_value ? value_real(most) : value_na(NVITOP_WHY_NO_SAMPLE);
}

double plot_bound(const struct history *history, int columns, const struct plot_scale *scale)
{
    struct value most = plot_most(history, columns);
    if (value_is_na(most)) /* nothing was there for a second: what comes will be little */
        return history->len ? scale->least : scale->first;
    return fmin(fmax(headroom * value_number(most, 0), scale->least), scale->most);
}

/* A round percentage and where it stands. */
struct candidate {
    int percent, row;
    double error; /* how far from the row, relative to the percentage */
};

static struct candidate candidate_of(int percent, const struct plot_scale *scale, double bound,
                                     int rows)
{
    double exact = scale->per_cent * percent * scale->most * (rows - 1) / bound;
    int row = (int)fmin(exact, 1e6);
    return (struct candidate){ percent, row, (exact - row) / percent };
}

/* The best of each row, for the two highest rows that have any; returns how many. */
static size_t best_two(const struct plot_scale *scale, double bound, int rows,
                       struct candidate ret_best[2])
{
    static const int percents[] = {
        1, 2, 4, 5, 8, 10, 20, 40, 50, 80, 100, 200, 400, 500, 800, 1000
    };
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LEN(percents); i++) {
        struct candidate next = candidate_of(percents[i], scale, bound, rows);
        if (next.row >= rows - LABEL_ROWS)
            break;
        struct candidate *last = count ? &ret_best[MIN_OF(count, 2) - 1] : NULL;
        if (last && last->row == next.row) {
            if (next.error < last->error)
                *last = next;
            continue;
        }
        if (count >= 2)
            ret_best[0] = ret_best[1];
        ret_best[count ? 1 : 0] = next;
        count = MIN_OF(count + 1, 2);
    }
    return count;
}

size_t plot_ticks(const struct plot_scale *scale, double bound, int rows,
                  struct plot_tick ret_ticks[PLOT_TICKS_MAX])
{
    struct candidate best[2];
    size_t found = best_two(scale, bound, rows, best), count = 0;
    if (!found)
        return 0;
    struct candidate top = best[found - 1];
    if (found == 2 && rows < LOW_ROWS && best[0].error < top.error)
        top = best[0];
    ret_ticks[count++] = (struct plot_tick){ top.row, top.percent };
    int half = top.percent / 2;
    if (found < 2 || rows < LOW_ROWS || top.percent % 2 || half < LEAST_HALF)
        return count;
    struct candidate below = candidate_of(half, scale, bound, rows);
    struct candidate above = candidate_of(3 * half, scale, bound, rows);
    ret_ticks[count++] = (struct plot_tick){ below.row, below.percent };
    if (above.row > top.row && above.row < rows - LABEL_ROWS)
        ret_ticks[count++] = (struct plot_tick){ above.row, above.percent };
    return count;
}

void plot_ticks_draw(struct frame *frame, struct graph_box box, const struct graph *graph,
                     const struct plot_scale *scale, const struct theme *theme)
{
    static const struct style plain = { 0 };
    struct plot_tick ticks[PLOT_TICKS_MAX];
    size_t count = plot_ticks(scale, graph->bound, box.rows, ticks);
    for (size_t i = 0; i < count; i++) {
        char text[32];
        int row = graph->is_down ? box.row + ticks[i].row : box.row + box.rows - 1 - ticks[i].row;
        snprintf(text, sizeof(text), "%d%% ", ticks[i].percent);
        int column = frame_text(frame, row, box.column - 1, 2, plain, "├╴");
        frame_text(frame, row, column, box.columns - 1, theme_style(theme, ROLE_FAINT), text);
    }
}
