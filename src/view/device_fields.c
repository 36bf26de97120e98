/* What stands in which column of a device row. A new cell is one row of one table. */
#include "view/device_fields.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "core/snapshot.h"
#include "view/column.h"

#define DEV(name) NVITOP_DEV_##name

static const struct column name_line[] = {
    { NULL, 2, 3, ALIGN_RIGHT, { COLUMN_PHYSICAL_INDEX }, text_number, NULL, false },
    { NULL, 7, 19, ALIGN_LEFT, { DEV(NAME) }, text_name, "..", true },
    { NULL, 27, 4, ALIGN_RIGHT, { DEV(PERSISTENCE_MODE) }, text_on_off, NULL, false },
    { NULL, 34, 16, ALIGN_LEFT, { DEV(BUS_ID) }, text_plain, "..", true },
    { NULL, 51, 3, ALIGN_RIGHT, { DEV(DISPLAY_ACTIVE) }, text_on_off, NULL, false },
};

static const struct column ecc_cell[] = {
    { NULL, 57, 20, ALIGN_RIGHT, { DEV(ECC_ERRORS) }, text_number, NULL, false },
};

static const struct column mig_and_ecc_cell[] = {
    { NULL, 57, 8, ALIGN_RIGHT, { DEV(MIG_MODE) }, text_mig_mode, NULL, false },
    { NULL, 67, 10, ALIGN_RIGHT, { DEV(ECC_ERRORS) }, text_number, NULL, false },
};

static const struct column sensor_line[] = {
    { NULL, 2, 3, ALIGN_RIGHT, { DEV(FAN_SPEED) }, text_percent_max, NULL, false },
    { NULL, 7, 4, ALIGN_RIGHT, { DEV(TEMPERATURE) }, text_celsius, NULL, false },
    { NULL, 13, 4, ALIGN_CENTRE, { DEV(PSTATE) }, text_pstate, NULL, false },
    { NULL, 18, 13, ALIGN_RIGHT, { DEV(POWER_USAGE), DEV(POWER_LIMIT) }, text_power, NULL, false },
    { NULL,
      34,
      20,
      ALIGN_RIGHT,
      { DEV(MEMORY_USED), DEV(MEMORY_TOTAL) },
      text_memory,
      NULL,
      false },
    { NULL, 57, 7, ALIGN_RIGHT, { DEV(UTIL_GPU) }, text_percent, NULL, false },
    { NULL, 66, 11, ALIGN_RIGHT, { DEV(COMPUTE_MODE) }, text_compute_mode, NULL, false },
};

static const struct column compact_line[] = {
    { NULL, 2, 3, ALIGN_RIGHT, { COLUMN_PHYSICAL_INDEX }, text_number, NULL, false },
    { NULL, 6, 3, ALIGN_RIGHT, { DEV(FAN_SPEED) }, text_percent_max, NULL, false },
    { NULL, 10, 4, ALIGN_RIGHT, { DEV(TEMPERATURE) }, text_celsius, NULL, false },
    { NULL, 15, 3, ALIGN_LEFT, { DEV(PSTATE) }, text_pstate, NULL, false },
    { NULL, 18, 13, ALIGN_RIGHT, { DEV(POWER_USAGE), DEV(POWER_LIMIT) }, text_power, NULL, false },
    { NULL,
      34,
      20,
      ALIGN_RIGHT,
      { DEV(MEMORY_USED), DEV(MEMORY_TOTAL) },
      text_memory,
      NULL,
      false },
    { NULL, 57, 7, ALIGN_RIGHT, { DEV(UTIL_GPU) }, text_percent, NULL, false },
    { NULL, 66, 11, ALIGN_RIGHT, { DEV(COMPUTE_MODE) }, text_compute_mode, NULL, false },
};

static const struct column mig_line[] = {
    { NULL, 1, 2, ALIGN_RIGHT, { COLUMN_PHYSICAL_INDEX }, text_number, "+", false },
    { NULL, 4, 2, ALIGN_LEFT, { COLUMN_MIG_INDEX }, text_number, "+", false },
    { NULL, 6, 12, ALIGN_RIGHT, { DEV(NAME) }, text_profile, "..", true },
    { NULL, 27, 2, ALIGN_RIGHT, { DEV(GPU_INSTANCE_ID) }, text_number, "+", false },
    { NULL, 30, 2, ALIGN_LEFT, { DEV(COMPUTE_INSTANCE_ID) }, text_number, "+", false },
    { NULL,
      34,
      20,
      ALIGN_RIGHT,
      { DEV(MEMORY_USED), DEV(MEMORY_TOTAL) },
      text_memory_padded,
      NULL,
      false },
    { NULL, 63, 8, ALIGN_RIGHT, { DEV(BAR1_USED) }, text_bytes, NULL, false },
    { NULL, 74, 3, ALIGN_RIGHT, { DEV(BAR1_PERCENT) }, text_percent_max, NULL, false },
};

/* The name of a device that cannot be asked. It may run over the persistence column. */
static const struct column trouble_name = {
    NULL, 7, 24, ALIGN_LEFT, { COLUMN_NOTHING }, NULL, "..", false,
};

bool device_fields_have_mig(const struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->device_count; i++) {
        const struct snapshot_device *device = &snapshot->devices[i];
        if (device->mig < 0 && !value_is_na(snapshot_device_value(device, NVITOP_DEV_MIG_MODE)))
            return true;
    }
    return false;
}

static struct value value_of(const struct snapshot_device *device, int source)
{
    if (source == COLUMN_PHYSICAL_INDEX)
        return value_int(device->physical);
    if (source == COLUMN_MIG_INDEX)
        return value_int(device->mig);
    if (source >= NVITOP_DEV_NAME && source < NVITOP_DEV_END)
        return snapshot_device_value(device, source);
    return value_na(NVITOP_WHY_NOT_APPLICABLE);
}

/* Why a device has no name. The words are shown in its place; NULL: it has one. */
static const char *trouble_of(const struct snapshot_device *device)
{
    switch (device->condition) {
    case DEVICE_LOST: return "ERROR: GPU is Lost";
    case DEVICE_ERROR: return "ERROR: Unknown";
    case DEVICE_NOT_RESPONDING: return "driver not responding";
    case DEVICE_SUSPENDED: return "suspended";
    default: return NULL;
    }
}

static void draw_columns(struct frame *frame, int row, const struct column *columns, size_t count,
                         const struct snapshot_device *device)
{
    for (size_t i = 0; i < count; i++) {
        struct text_values values = { value_of(device, columns[i].sources[0]),
                                      value_of(device, columns[i].sources[1]) };
        char text[TEXT_SIZE];
        columns[i].format(&values, text);
        column_draw(frame, row, &columns[i], text);
    }
}

static void draw_name_line(struct frame *frame, int row, const struct snapshot *snapshot,
                           const struct snapshot_device *device)
{
    draw_columns(frame, row, name_line, ARRAY_LEN(name_line), device);
    if (device_fields_have_mig(snapshot))
        draw_columns(frame, row, mig_and_ecc_cell, ARRAY_LEN(mig_and_ecc_cell), device);
    else
        draw_columns(frame, row, ecc_cell, ARRAY_LEN(ecc_cell), device);
    const char *trouble = trouble_of(device);
    if (!trouble)
        return;
    bool is_short = utf8_width(trouble) <= name_line[1].width;
    frame_fill(frame, row, trouble_name.start, is_short ? name_line[1].width : trouble_name.width,
               " ");
    column_draw(frame, row, &trouble_name, trouble);
}

/* With a power limit of five columns (1000W) the performance state makes room to its right. */
static bool has_wide_limit(const struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->device_count; i++) {
        struct text_values limit = {
            snapshot_device_value(&snapshot->devices[i], NVITOP_DEV_POWER_LIMIT),
            value_na(NVITOP_WHY_NONE),
        };
        char text[TEXT_SIZE];
        text_watts(&limit, text);
        if (strlen(text) >= 5)
            return true;
    }
    return false;
}

static void draw_compact_line(struct frame *frame, int row, const struct snapshot *snapshot,
                              const struct snapshot_device *device)
{
    struct column columns[ARRAY_LEN(compact_line)];
    memcpy(columns, compact_line, sizeof(columns));
    if (!has_wide_limit(snapshot))
        columns[3].align = ALIGN_RIGHT;
    draw_columns(frame, row, columns, ARRAY_LEN(columns), device);
}

static void draw_mig_line(struct frame *frame, int row, const struct snapshot_device *device)
{
    const struct style plain = { 0 };
    frame_text(frame, row, 3, 1, plain, ":");
    frame_text(frame, row, 18, 9, plain, " @ GI/CI:");
    frame_text(frame, row, 29, 1, plain, "/");
    frame_text(frame, row, 57, 6, plain, "BAR1: ");
    frame_text(frame, row, 72, 1, plain, "/");
    draw_columns(frame, row, mig_line, ARRAY_LEN(mig_line), device);
}

void device_fields_draw(struct frame *frame, int row, int line, const struct panel *panel,
                        const struct snapshot_device *device)
{
    if (device->mig >= 0)
        draw_mig_line(frame, row, device);
    else if (panel->mode == PANEL_COMPACT)
        draw_compact_line(frame, row, panel->snapshot, device);
    else if (line == 0)
        draw_name_line(frame, row, panel->snapshot, device);
    else
        draw_columns(frame, row, sensor_line, ARRAY_LEN(sensor_line), device);
}

void device_fields_metrics(enum panel_mode mode, struct metric_wanted *wanted)
{
    if (mode == PANEL_FULL) {
        column_metrics(name_line, ARRAY_LEN(name_line), &wanted->gpu);
        column_metrics(mig_and_ecc_cell, ARRAY_LEN(mig_and_ecc_cell), &wanted->gpu);
        column_metrics(sensor_line, ARRAY_LEN(sensor_line), &wanted->gpu);
    } else {
        column_metrics(compact_line, ARRAY_LEN(compact_line), &wanted->gpu);
    }
    column_metrics(mig_line, ARRAY_LEN(mig_line), &wanted->mig);
}
