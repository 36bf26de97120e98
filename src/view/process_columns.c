/*
 * What stands in which column of a process row. Invariant: the table's order is the screen's, and
 * only the last row takes the rest of the width.
 */
#include "view/process_columns.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "core/snapshot.h"
#include "view/device_style.h"

static const char *text_device_index(const struct process_row *row, char ret_scratch[TEXT_SIZE])
{
    const struct snapshot_device *device = &row->snapshot->devices[row->process->device];
    if (device->mig < 0)
        snprintf(ret_scratch, TEXT_SIZE, "%d", (int)device->physical);
    else
        snprintf(ret_scratch, TEXT_SIZE, "%d:%d", (int)device->physical, (int)device->mig);
    return ret_scratch;
}

static enum theme_role role_of_device(const struct process_row *row, const struct theme *theme,
                                      enum theme_role row_role)
{
    (void)row_role; /* a GPU's index has the GPU's colour wherever it stands */
    return device_style_role(&row->snapshot->devices[row->process->device], theme);
}

static const char *text_pid(const struct process_row *row, char ret_scratch[TEXT_SIZE])
{
    snprintf(ret_scratch, TEXT_SIZE, "%u", (unsigned)row->process->pid);
    return ret_scratch;
}

/* The metric's word is C, G or C+G; the column has room for one letter. */
static const char *text_type(const struct process_row *row, char ret_scratch[TEXT_SIZE])
{
    (void)ret_scratch;
    if (row->process->types == (PROCESS_TYPE_COMPUTE | PROCESS_TYPE_GRAPHICS))
        return "X";
    return value_text_or(snapshot_process_value(row->process, NVITOP_PROC_TYPE), TEXT_NA);
}

/* The driver model of Windows keeps the memory of a process to itself, under WSL as well. */
static const char *text_process_memory(const struct process_row *row, char ret_scratch[TEXT_SIZE])
{
    struct text_values memory = { snapshot_process_value(row->process, NVITOP_PROC_GPU_MEMORY),
                                  value_na(NVITOP_WHY_NONE) };
    if (value_is_na(memory.first) && row->snapshot->is_wddm)
        return "WDDM:" TEXT_NA;
    text_bytes(&memory, ret_scratch);
    return ret_scratch;
}

static const char *const presence_notes[] = {
    [PROCESS_PRESENT] = NULL,
    [PROCESS_GONE] = "No Such Process",
    [PROCESS_ZOMBIE] = "Zombie Process",
    [PROCESS_HIDDEN] = "No Permissions",
    [PROCESS_HOST_PID] = "host PID (another namespace)",
};

bool process_command_is_note(const struct snapshot_process *process)
{
    struct value command = snapshot_process_value(process, NVITOP_PROC_COMMAND);
    return presence_notes[process->presence] || command.kind != NVITOP_TEXT;
}

static const char *text_command(const struct process_row *row, char ret_scratch[TEXT_SIZE])
{
    struct value command = snapshot_process_value(row->process, NVITOP_PROC_COMMAND);
    const char *note = presence_notes[row->process->presence];
    if (!process_command_is_note(row->process))
        return command.text;
    if (!note && command.why == NVITOP_WHY_NO_SAMPLE) /* being read on a lane of its own */
        note = "...";
    if (!note && command.why == NVITOP_WHY_NO_PERMISSION)
        note = presence_notes[PROCESS_HIDDEN];
    if (!note && command.why == NVITOP_WHY_NOT_APPLICABLE) /* no argv at all */
        note = presence_notes[PROCESS_ZOMBIE];
    if (!note && command.why == NVITOP_WHY_NOT_RESPONDING) /* its file, not the driver */
        note = TEXT_NA " (no answer in time)";
    if (note)
        return note;
    snprintf(ret_scratch, TEXT_SIZE, TEXT_NA " (%s)", value_why_text((enum nvitop_why)command.why));
    return ret_scratch;
}

static enum theme_role role_of_command(const struct process_row *row, const struct theme *theme,
                                       enum theme_role row_role)
{
    (void)theme;
    if (row->process->presence == PROCESS_GONE)
        return ROLE_GONE;
    struct value command = snapshot_process_value(row->process, NVITOP_PROC_COMMAND);
    if (row->process->presence == PROCESS_PRESENT && command.kind == NVITOP_NA &&
        command.why == NVITOP_WHY_NO_SAMPLE)
        return ROLE_FOREIGN;
    return process_command_is_note(row->process) ? ROLE_CAUTION : row_role;
}

/* Id, title, gap, width, kind, alignment, mark (NULL: numbers), then what writes the text. */
#define METRIC(ID, FORMAT) .metric = NVITOP_PROC_##ID, .format = FORMAT
#define COLUMN(ID, TITLE, GAP, WIDTH, KIND, ALIGN, MARK, ...)                                      \
    [COLUMN_##ID] = { .title = TITLE,                                                              \
                      .gap = GAP,                                                                  \
                      .width = WIDTH,                                                              \
                      .kind = WIDTH_##KIND,                                                        \
                      .align = ALIGN_##ALIGN,                                                      \
                      .mark = MARK,                                                                \
                      __VA_ARGS__ }

const struct process_column process_columns[] = {
    COLUMN(GPU, "GPU", 0, 4, FIXED, RIGHT, "+", .text = text_device_index, .role = role_of_device,
           .stays = true),
    COLUMN(PID, "PID", 1, 7, FIXED, RIGHT, ".", .text = text_pid, .stays = true),
    COLUMN(TYPE, "", 1, 1, FIXED, LEFT, "?", .text = text_type, .untitled = "TYPE"),
    COLUMN(USER, "USER", 1, 7, FIXED, RIGHT, "+", METRIC(USER, text_plain)),
    COLUMN(GPU_MEMORY, "GPU-MEM", 1, 8, FIXED, RIGHT, NULL, .text = text_process_memory),
    COLUMN(UTIL_SM, "%SM", 1, 3, FIXED, RIGHT, NULL, METRIC(UTIL_SM, text_number)),
    COLUMN(UTIL_MEMORY, "%GMBW", 1, 5, FIXED, RIGHT, NULL, METRIC(UTIL_MEMORY, text_number)),
    COLUMN(CPU, "%CPU", 1, 5, FIXED, RIGHT, NULL, METRIC(CPU_PERCENT, text_cpu)),
    COLUMN(HOST_MEMORY, "%MEM", 1, 5, FIXED, RIGHT, NULL, METRIC(RSS_PERCENT, text_tenths)),
    COLUMN(TIME, "TIME", 2, 4, GROWS, RIGHT, NULL, METRIC(RUNNING_TIME, text_seconds)),
    COLUMN(COMMAND, "COMMAND", 2, 0, REST, LEFT, "..", .text = text_command,
           .role = role_of_command, .stays = true),
};
const size_t process_column_count = ARRAY_LEN(process_columns);
static_assert(ARRAY_LEN(process_columns) == COLUMN_COUNT, "one row per column");

const char *process_column_name(size_t column)
{
    const struct process_column *row = &process_columns[column];
    return *row->title ? row->title : row->untitled;
}

const char *process_cell(const struct process_column *column, const struct process_row *row,
                         char ret_scratch[TEXT_SIZE])
{
    if (column->text)
        return column->text(row, ret_scratch);
    struct text_values values = { snapshot_process_value(row->process, column->metric),
                                  value_na(NVITOP_WHY_NONE) };
    column->format(&values, ret_scratch);
    return ret_scratch;
}

static int grown_width(const struct process_column *column, const struct snapshot *snapshot)
{
    int widest = column->width;
    for (size_t i = 0; snapshot && i < snapshot->process_count; i++) {
        struct process_row row = { snapshot, &snapshot->processes[i] };
        char scratch[TEXT_SIZE];
        widest = MAX_OF(widest, utf8_width(process_cell(column, &row, scratch)));
    }
    return widest;
}

bool process_column_is_hidden(uint32_t hidden, size_t column)
{
    return !process_columns[column].stays && hidden >> column & 1;
}

void process_columns_place(const struct snapshot *snapshot, uint32_t hidden, int width,
                           struct column ret_places[COLUMN_COUNT])
{
    int at = 1; /* within the borders: 1 … width - 2 */
    for (size_t i = 0; i < process_column_count; i++) {
        const struct process_column *column = &process_columns[i];
        struct column *place = &ret_places[i];
        bool is_hidden = process_column_is_hidden(hidden, i);
        at += is_hidden ? 0 : column->gap;
        *place = (struct column){ at, column->width, column->align, column->mark, false };
        if (is_hidden)
            place->width = 0;
        else if (column->kind == WIDTH_GROWS)
            place->width = grown_width(column, snapshot);
        else if (column->kind == WIDTH_REST)
            place->width = width - 2 - at; /* a blank stays before the border */
        at += place->width;
    }
}
