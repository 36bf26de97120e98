/* What stands in which column of a process row. A new column is one row of this table. */
#include "view/process_columns.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "core/snapshot.h"

static void text_process_memory(const struct text_values *values, char ret_text[TEXT_SIZE]);

const struct column process_columns[] = {
    { "GPU", 1, 4, ALIGN_RIGHT, { COLUMN_DEVICE_INDEX }, text_plain, "+", false },
    { "PID", 6, 7, ALIGN_RIGHT, { COLUMN_PID }, text_number, ".", false },
    { "", 14, 1, ALIGN_LEFT, { COLUMN_TYPE }, text_plain, "?", false },
    { "USER", 16, 7, ALIGN_RIGHT, { NVITOP_PROC_USER }, text_plain, "+", false },
    { "GPU-MEM", 24, 8, ALIGN_RIGHT, { COLUMN_GPU_MEMORY }, text_process_memory, NULL, false },
    { "%SM", 33, 3, ALIGN_RIGHT, { NVITOP_PROC_UTIL_SM }, text_number, NULL, false },
    { "%GMBW", 37, 5, ALIGN_RIGHT, { NVITOP_PROC_UTIL_MEMORY }, text_number, NULL, false },
    { "%CPU", 43, 5, ALIGN_RIGHT, { NVITOP_PROC_CPU_PERCENT }, text_cpu, NULL, false },
    { "%MEM", 49, 5, ALIGN_RIGHT, { NVITOP_PROC_RSS_PERCENT }, text_tenths, NULL, false },
};
const size_t process_column_count = ARRAY_LEN(process_columns);

static void text_process_memory(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    if (value_is_na(values->first))
        snprintf(ret_text, TEXT_SIZE, "%s", value_text_or(values->second, TEXT_NA));
    else
        text_bytes(values, ret_text);
}

static struct value device_index(const struct snapshot_device *device, char ret_text[TEXT_SIZE])
{
    if (device->mig < 0)
        snprintf(ret_text, TEXT_SIZE, "%d", (int)device->physical);
    else
        snprintf(ret_text, TEXT_SIZE, "%d:%d", (int)device->physical, (int)device->mig);
    return value_text(ret_text);
}

static const char *type_letter(unsigned types)
{
    static const char *const letters[] = {
        [0] = TEXT_NA,
        [NVML_PROCESS_COMPUTE] = "C",
        [NVML_PROCESS_GRAPHICS] = "G",
        [NVML_PROCESS_COMPUTE | NVML_PROCESS_GRAPHICS] = "X",
    };
    return letters[types & (NVML_PROCESS_COMPUTE | NVML_PROCESS_GRAPHICS)];
}

void process_column_text(const struct column *column, const struct snapshot *snapshot,
                         const struct snapshot_process *process, char ret_text[TEXT_SIZE])
{
    char scratch[TEXT_SIZE];
    struct text_values values = { value_na(NVITOP_WHY_NONE), value_na(NVITOP_WHY_NONE) };
    int source = column->sources[0];
    if (source == COLUMN_DEVICE_INDEX) {
        values.first = device_index(&snapshot->devices[process->device], scratch);
    } else if (source == COLUMN_PID) {
        values.first = value_int(process->pid);
    } else if (source == COLUMN_TYPE) {
        values.first = value_text(type_letter(process->types));
    } else if (source == COLUMN_GPU_MEMORY) {
        values.first = snapshot_process_value(process, NVITOP_PROC_GPU_MEMORY);
        values.second = value_text(snapshot->is_wsl ? "WDDM:" TEXT_NA : TEXT_NA);
    } else {
        values.first = snapshot_process_value(process, source);
    }
    column->format(&values, ret_text);
}

int process_time_width(const struct snapshot *snapshot)
{
    int widest = PROCESS_TIME_WIDTH;
    for (size_t i = 0; i < snapshot->process_count; i++) {
        struct text_values time = {
            snapshot_process_value(&snapshot->processes[i], NVITOP_PROC_RUNNING_TIME),
            value_na(NVITOP_WHY_NONE),
        };
        char text[TEXT_SIZE];
        text_seconds(&time, text);
        widest = MAX_OF(widest, utf8_width(text));
    }
    return widest;
}

static const char *const presence_notes[] = {
    [PROCESS_PRESENT] = NULL,
    [PROCESS_GONE] = "No Such Process",
    [PROCESS_ZOMBIE] = "Zombie Process",
    [PROCESS_HIDDEN] = "No Permissions",
    [PROCESS_HOST_PID] = "host PID (another namespace)",
};

const char *process_command(const struct snapshot_process *process, char ret_scratch[TEXT_SIZE],
                            bool *ret_is_note)
{
    struct value command = snapshot_process_value(process, NVITOP_PROC_COMMAND);
    const char *note = presence_notes[process->presence];
    *ret_is_note = note || command.kind != NVITOP_TEXT;
    if (!*ret_is_note)
        return command.text;
    if (!note && command.why == NVITOP_WHY_NO_PERMISSION)
        note = presence_notes[PROCESS_HIDDEN];
    if (!note && command.why == NVITOP_WHY_NOT_APPLICABLE) /* no argv at all */
        note = presence_notes[PROCESS_ZOMBIE];
    if (note)
        return note;
    snprintf(ret_scratch, TEXT_SIZE, TEXT_NA " (%s)", value_why_text((enum nvitop_why)command.why));
    return ret_scratch;
}
