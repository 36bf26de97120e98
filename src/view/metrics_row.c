/*
 * A column is as wide as its value, so the row is as short as it can be and the command gets the
 * rest. Invariant: no column is drawn in part but the command.
 */
#include "view/metrics_row.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "core/snapshot.h"
#include "view/frame.h"
#include "view/model.h"
#include "view/process_columns.h"
#include "view/text.h"
#include "view/theme.h"

enum { USER_MOST = 32, VALUE_ROWS_BELOW = 2, COMMAND_GAP = 2, COMMAND_LEAST = 4 };

static const struct style plain = { 0 };

static void write_pid(const struct process_row *row, char ret_text[TEXT_SIZE])
{
    char type[TEXT_SIZE];
    snprintf(ret_text, TEXT_SIZE, "%3u %s", (unsigned)row->process->pid,
             process_cell(&process_columns[COLUMN_TYPE], row, type));
}

static void write_user(const struct process_row *row, char ret_text[TEXT_SIZE])
{
    char scratch[TEXT_SIZE], cut[TEXT_SIZE];
    const char *user = process_cell(&process_columns[COLUMN_USER], row, scratch);
    snprintf(ret_text, TEXT_SIZE, "%s", text_cut_end(user, USER_MOST, "+", cut));
}

static void write_cell(enum process_column_id column, const struct process_row *row,
                       char ret_text[TEXT_SIZE])
{
    char scratch[TEXT_SIZE];
    snprintf(ret_text, TEXT_SIZE, "%s", process_cell(&process_columns[column], row, scratch));
}

static void write_gpu(const struct process_row *row, char ret_text[TEXT_SIZE])
{
    write_cell(COLUMN_GPU, row, ret_text);
}

static void write_memory(const struct process_row *row, char ret_text[TEXT_SIZE])
{
    write_cell(COLUMN_GPU_MEMORY, row, ret_text);
}

static void write_metric(int id, const struct process_row *row,
                         void (*format)(const struct text_values *, char *), const char *unit,
                         char ret_text[TEXT_SIZE])
{
    struct text_values values = { snapshot_process_value(row->process, id),
                                  value_na(NVITOP_WHY_NONE) };
    char text[TEXT_SIZE];
    format(&values, text);
    snprintf(ret_text, TEXT_SIZE, "%.200s%s", text, value_is_na(values.first) ? "" : unit);
}

/* A column: title, least width, and a metric with its formatter and unit or what writes the text.
 * The blanks of a title stand under what the values have at their ends. */
static const struct {
    const char *title;
    int least;
    void (*write)(const struct process_row *row, char ret_text[TEXT_SIZE]);
    int metric;
    void (*format)(const struct text_values *values, char *ret_text);
    const char *unit;
} columns[] = {
    { "GPU", 4, write_gpu, 0, NULL, NULL },
    { "PID  ", 5, write_pid, 0, NULL, NULL },
    { "USER", 4, write_user, 0, NULL, NULL },
    { "GPU-MEM", 8, write_memory, 0, NULL, NULL },
    { "%SM", 4, NULL, NVITOP_PROC_UTIL_SM, text_number, "" },
    { "%GMBW", 5, NULL, NVITOP_PROC_UTIL_MEMORY, text_number, "" },
    { "%ENC", 4, NULL, NVITOP_PROC_UTIL_ENCODER, text_number, "" },
    { "%DEC", 4, NULL, NVITOP_PROC_UTIL_DECODER, text_number, "" },
    { "%CPU", 6, NULL, NVITOP_PROC_CPU_PERCENT, text_cpu, "%" },
    { "%MEM", 5, NULL, NVITOP_PROC_RSS_PERCENT, text_tenths, "%" },
    { "TIME", 5, NULL, NVITOP_PROC_RUNNING_TIME, text_seconds, "" },
};
enum { TIME_COLUMN = ARRAY_LEN(columns) - 1, PID_COLUMN = 1 };

static void write_column(size_t i, const struct process_row *process, char ret_text[TEXT_SIZE])
{
    char text[TEXT_SIZE];
    if (columns[i].write)
        columns[i].write(process, text);
    else
        write_metric(columns[i].metric, process, columns[i].format, columns[i].unit, text);
    /* two blanks before the time, however long it is */
    snprintf(ret_text, TEXT_SIZE, "%s%.200s", i == TIME_COLUMN ? " " : "", text);
}

/* Draws what fits; returns the column after the last value, or -1 if not all of them did. */
static int draw_columns(const struct model *model, const struct process_row *process,
                        struct frame *frame, int row)
{
    int at = 1;
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        char text[TEXT_SIZE];
        write_column(i, process, text);
        int width = MAX_OF(utf8_width(text), columns[i].least);
        if (at + width >= model->columns - 2)
            return -1;
        at += (i > 0) + width; /* its last column + 1 */
        frame_text(frame, row, at - utf8_width(columns[i].title), width, plain, columns[i].title);
        frame_text(frame, row + VALUE_ROWS_BELOW, at - utf8_width(text), width, plain, text);
    }
    return at;
}

/* Cut and marked: a command as long as may be, that no buffer holds. */
static void draw_command(struct frame *frame, int row, int column, int columns_left,
                         const char *text, struct style style)
{
    int mark = utf8_width(text) > columns_left ? 2 : 0;
    frame_text(frame, row, column, columns_left - mark, style, text);
    if (mark)
        frame_text(frame, row, column + columns_left - mark, mark, style, "..");
}

void metrics_row_draw(const struct model *model, const struct process_row *process, bool is_gone,
                      struct frame *frame, int row)
{
    const struct process_column *command = &process_columns[COLUMN_COMMAND];
    char scratch[TEXT_SIZE];
    int at = draw_columns(model, process, frame, row);
    frame_restyle(frame, row + VALUE_ROWS_BELOW, 1, columns[0].least,
                  theme_style(model->theme,
                              process_columns[COLUMN_GPU].role(process, model->theme, ROLE_PLAIN)));
    int left = model->columns - at - COMMAND_GAP - 2;
    if (at < 0 || left <= COMMAND_LEAST)
        return;
    enum theme_role role = is_gone ? ROLE_GONE : command->role(process, model->theme, ROLE_PLAIN);
    const char *text = is_gone ? "No Such Process" : process_cell(command, process, scratch);
    draw_command(frame, row, at + COMMAND_GAP, left, "COMMAND", plain);
    draw_command(frame, row + VALUE_ROWS_BELOW, at + COMMAND_GAP, left, text,
                 theme_style(model->theme, role));
}
