/*
 * Whose environment it is, a rule, the variables. Each variable is one row: a line end within a
 * value is drawn as a symbol of its own. Rows that the window does not show are not looked at, so
 * a large environment costs what the screen costs.
 */
#include "view/page_environ.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/source.h"
#include "view/model.h"
#include "view/scrolled.h"
#include "view/text.h"
#include "view/theme.h"

static const struct style plain = { 0 };

int page_environ_count(const struct environ_page *page)
{
    const struct source_environ *environment = page->environment;
    return environment && !value_is_na(environment->why) ? (int)environment->count : 0;
}

/* What the process does on GPUs. */
static const char *kind_text(const struct environ_page *page)
{
    static const char *const words[] = { "GPU: N/A", "GPU: Compute", "GPU: Graphics",
                                         "GPU: Compute+Graphics" };
    unsigned known = page->types & (PROCESS_TYPE_COMPUTE | PROCESS_TYPE_GRAPHICS);
    return page->is_on_gpu ? words[known] : "Host";
}

/* The command scrolls until its end is seen, the words before it stay. */
static void draw_heading(const struct model *model, const struct environ_page *page,
                         struct frame *frame)
{
    char heading[TEXT_SIZE];
    snprintf(heading, sizeof(heading),
             "Environment of process %u (%.150s@%s):", (unsigned)page->process.pid, page->user,
             kind_text(page));
    int column =
        frame_text(frame, 0, 0, model->columns, theme_style(model->theme, ROLE_TITLE), heading);
    struct scrolled window = { column + 1, model->columns - column - 1, 0 };
    int hidden = MAX_OF(utf8_width(page->command) - window.columns, 0);
    window.skip = MIN_OF(page->scroll_columns, hidden);
    scrolled_text(frame, 0, &window, plain, page->command);
    frame_fill(frame, 1, 0, model->columns, "#");
    frame_restyle(frame, 1, 0, model->columns, theme_style(model->theme, ROLE_BRANCH));
}

/* Line ends become one column each, as everything else that a frame takes is printable already. */
static void one_line(const char *pair, struct str *out)
{
    str_clear(out);
    for (size_t part; *pair; pair += part) {
        if (*pair == '\n') {
            str_append(out, "␤");
            part = 1;
            continue;
        }
        part = strcspn(pair, "\n");
        str_append_bytes(out, pair, part);
    }
}

static void draw_pair(const struct model *model, const struct environ_page *page,
                      struct frame *frame, int row, const char *text)
{
    struct scrolled window = { 0, model->columns, page->scroll_columns };
    const char *equals = strchr(text, '=');
    scrolled_text(frame, row, &window, plain, text);
    if (!equals)
        return;
    int key = utf8_width(text) - utf8_width(equals);
    scrolled_restyle(frame, row, &window, (struct span){ 0, key },
                     theme_style(model->theme, ROLE_VARIABLE));
    scrolled_restyle(frame, row, &window, (struct span){ key, 1 },
                     theme_style(model->theme, ROLE_EQUALS));
}

static void draw_pairs(const struct model *model, const struct environ_page *page,
                       struct frame *frame)
{
    struct str line = { 0 };
    int count = page_environ_count(page);
    for (int row = PAGE_ENVIRON_TOP; row < model->rows; row++) {
        int at = page->list.top + row - PAGE_ENVIRON_TOP;
        if (at < 0 || at >= count)
            break;
        one_line(page->environment->pairs[at], &line);
        draw_pair(model, page, frame, row, str_text(&line));
        if (at == page->list.current)
            frame_restyle(frame, row, 0, model->columns,
                          theme_reverse(model->theme, theme_style(model->theme, ROLE_TITLE)));
    }
    str_done(&line);
}

static void draw_refusal(const struct model *model, enum nvitop_why why, struct frame *frame)
{
    char reason[TEXT_SIZE];
    /* The general words speak of the driver, which has no part in this. */
    const char *words =
        why == NVITOP_WHY_NOT_RESPONDING ? "no answer in time" : value_why_text(why);
    struct style style = theme_style(model->theme, ROLE_TITLE);
    style.attrs &= (uint8_t)~ATTR_BOLD;
    frame_text(frame, PAGE_ENVIRON_TOP, 0, model->columns, plain,
               "Could not read process environment.");
    frame_restyle(frame, PAGE_ENVIRON_TOP, 0, model->columns, theme_reverse(model->theme, style));
    snprintf(reason, sizeof(reason), "Why: %s.", words);
    frame_text(frame, PAGE_ENVIRON_TOP + 1, 0, model->columns, plain, reason);
}

void page_environ_draw(const struct model *model, const struct environ_page *page,
                       struct frame *frame)
{
    const struct source_environ *environment = page->environment;
    draw_heading(model, page, frame);
    if (page->refusal != NVITOP_WHY_NONE)
        draw_refusal(model, page->refusal, frame);
    else if (!environment)
        frame_text(frame, PAGE_ENVIRON_TOP, 0, model->columns,
                   theme_style(model->theme, ROLE_FAINT), "Reading ...");
    else if (value_is_na(environment->why))
        draw_refusal(model, (enum nvitop_why)environment->why.why, frame);
    else
        draw_pairs(model, page, frame);
}
