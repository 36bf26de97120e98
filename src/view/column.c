/* Fields of a row. Invariant: nothing is drawn outside a column but for the one blank before it. */
#include "view/column.h"

#include "base/utf8.h"

static int place(const struct column *column, int width)
{
    int slack = column->width - width;
    switch (column->align) {
    case ALIGN_RIGHT: return column->start + slack;
    case ALIGN_CENTRE: return column->start + slack / 2;
    default: return column->start;
    }
}

void column_draw(struct frame *frame, int row, const struct column *column, const char *text)
{
    char cut[TEXT_SIZE];
    int width = utf8_width(text);
    bool is_grown = !column->mark && column->align == ALIGN_RIGHT && width == column->width + 1;
    if (width > column->width && !is_grown) {
        const char *mark = column->mark ? column->mark : "+";
        text = column->is_cut_at_start ? text_cut_start(text, column->width, mark, cut)
                                       : text_cut_end(text, column->width, mark, cut);
        width = column->width;
    }
    frame_text(frame, row, place(column, width), width, (struct style){ 0 }, text);
}

void column_metrics(const struct column *columns, size_t count, struct metric_set *set)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < 2; j++) {
            int id = columns[i].sources[j];
            if (id >= NVITOP_DEV_NAME && id < NVITOP_DEV_END)
                metric_set_add(set, id);
        }
    }
}
