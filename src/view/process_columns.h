/*
 * The columns of the process table: one row each. Where a column starts follows from the gaps and
 * widths of those before it, so a new one is one row, and at most a function that writes its text.
 */
#ifndef NVITOP_VIEW_PROCESS_COLUMNS_H
#define NVITOP_VIEW_PROCESS_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/column.h"
#include "view/text.h"
#include "view/theme.h"

struct snapshot;
struct snapshot_process;

/* What the cells of a row are made from. */
struct process_row {
    const struct snapshot *snapshot;
    const struct snapshot_process *process;
};

enum process_width {
    WIDTH_FIXED,
    WIDTH_GROWS, /* as wide as the widest cell: what follows moves */
    WIDTH_REST,  /* up to the right border; the last column only */
};

struct process_column {
    const char *title;
    const char *untitled; /* what it is called where there is no title to call it by */
    bool stays;           /* can't be hidden: without it a row would say nothing */
    int gap;              /* blanks before it */
    int width;            /* display columns, the least if it grows */
    enum process_width kind;
    enum align align;
    const char *mark; /* see column_draw */
    int metric;       /* a process metric and its formatter; or 0 and `text` */
    void (*format)(const struct text_values *values, char ret_text[TEXT_SIZE]);
    /* Writes to ret_scratch and returns that, or returns a text of the snapshot's own. */
    const char *(*text)(const struct process_row *row, char ret_scratch[TEXT_SIZE]);
    /* The cell's own style, whatever the row's is; NULL: the row's. */
    enum theme_role (*role)(const struct process_row *row, const struct theme *theme,
                            enum theme_role row_role);
};

/* The rows: an index, and a bit of model.hidden_columns. */
enum process_column_id {
    COLUMN_GPU,
    COLUMN_PID,
    COLUMN_TYPE,
    COLUMN_USER,
    COLUMN_GPU_MEMORY,
    COLUMN_UTIL_SM,
    COLUMN_UTIL_MEMORY,
    COLUMN_CPU,
    COLUMN_HOST_MEMORY,
    COLUMN_TIME,
    COLUMN_COMMAND,
    COLUMN_COUNT
};

extern const struct process_column process_columns[];
extern const size_t process_column_count;

/* What options and pages call it: its title, or the name in place of one. */
const char *process_column_name(size_t column);

/* What stands in a cell: `text` or `format` of the column. */
const char *process_cell(const struct process_column *column, const struct process_row *row,
                         char ret_scratch[TEXT_SIZE]);

/* Which columns are hidden: a bit for each; those of columns that stay mean nothing. */
bool process_column_is_hidden(uint32_t hidden, size_t column);

/*
 * Where the columns stand on a screen of that width, by index; the places' marks are set, too.
 * A hidden one is 0 wide. The last one's width is what is left of the screen, and may be 0 or less.
 * The snapshot may be NULL.
 */
void process_columns_place(const struct snapshot *snapshot, uint32_t hidden, int width,
                           struct column ret_places[COLUMN_COUNT]);

/* Whether the command cell says something about the process, in the place of a command. */
bool process_command_is_note(const struct snapshot_process *process);

#endif
