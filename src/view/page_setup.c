/*
 * A line per choice with what it is set to now. Invariant: the columns offered are those of the
 * process table that can be hidden.
 */
#include "view/page_setup.h"

#include <stdio.h>

#include "base/mem.h"
#include "view/frame.h"
#include "view/model.h"
#include "view/process_columns.h"
#include "view/text.h"
#include "view/theme.h"

static const struct style plain = { 0 };

/* The choices above the columns. */
static const struct {
    enum setup_kind kind;
    const char *text;
} choices[] = {
    { SETUP_MODE, "Display mode" },
    { SETUP_HOST, "Host panel" },
    { SETUP_PCIE, "Bars of PCIe traffic instead of memory bandwidth and power" },
};

int page_setup_rows(const struct model *model)
{
    return MAX_OF(model->rows - PAGE_SETUP_TOP, 1);
}

int page_setup_count(void)
{
    size_t count = ARRAY_LEN(choices);
    for (size_t i = 0; i < process_column_count; i++)
        count += !process_columns[i].stays;
    return (int)count;
}

struct setup_item page_setup_item(int at)
{
    if ((size_t)at < ARRAY_LEN(choices))
        return (struct setup_item){ choices[at].kind, 0 };
    size_t column = 0;
    for (size_t left = (size_t)at - ARRAY_LEN(choices);; column++)
        if (!process_columns[column].stays && left-- == 0)
            return (struct setup_item){ SETUP_COLUMN, column };
}

static bool is_on(const struct model *model, struct setup_item item)
{
    if (item.kind == SETUP_HOST)
        return !model->is_host_hidden;
    if (item.kind == SETUP_PCIE)
        return model->has_pcie_bars;
    return !process_column_is_hidden(model->hidden_columns, item.column);
}

static void item_text(const struct model *model, int at, char ret_text[TEXT_SIZE])
{
    struct setup_item item = page_setup_item(at);
    const char *mark = is_on(model, item) ? "[x]" : "[ ]";
    if (item.kind == SETUP_MODE) {
        snprintf(ret_text, TEXT_SIZE, "    %s: %s", choices[at].text, view_mode_words[model->mode]);
    } else if (item.kind != SETUP_COLUMN) {
        snprintf(ret_text, TEXT_SIZE, "%s %s", mark, choices[at].text);
    } else {
        snprintf(ret_text, TEXT_SIZE, "%s Column %s%s", mark, process_column_name(item.column),
                 *process_columns[item.column].title ? "" : " (without a title)");
    }
}

void page_setup_draw(const struct model *model, const struct list_view *list, struct frame *frame)
{
    struct style title = theme_style(model->theme, ROLE_TITLE);
    int column = frame_text(frame, 0, 1, model->columns, title, "Setup");
    frame_text(frame, 0, column + 2, model->columns, theme_style(model->theme, ROLE_FAINT),
               "(Space switches, Esc goes back; it is remembered)");
    for (int i = 0; i < page_setup_rows(model) && list->top + i < page_setup_count(); i++) {
        char text[TEXT_SIZE];
        item_text(model, list->top + i, text);
        frame_text(frame, PAGE_SETUP_TOP + i, 1, model->columns, plain, text);
        if (list->top + i == list->current)
            frame_restyle(frame, PAGE_SETUP_TOP + i, 0, model->columns,
                          theme_reverse(model->theme, title));
    }
}
