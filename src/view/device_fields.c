/*
 * What stands in which column of a device row. A new cell is one row of one table: drawing, and
 * the question which metrics the panel needs, walk the same rows. Columns count from the left
 * edge of the screen; the borders are panel_device.c's.
 */
#include "view/device_fields.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "core/snapshot.h"
#include "view/column.h"
#include "view/date_line.h"
#include "view/text.h"

#define DEV(name) NVITOP_DEV_##name

/* What a cell shows that is no metric; metric ids begin above. */
enum { NOTHING, GPU_INDEX, MIG_INDEX, TROUBLE };

typedef bool condition(const struct device_row *what);

struct field {
    struct column place;
    int sources[2]; /* metric ids, or the facts above */
    void (*format)(const struct text_values *values, char ret_text[TEXT_SIZE]);
    condition *when, *unless; /* NULL: always. A metric is asked for even if it is not drawn */
};

static condition has_mig_modes, has_trouble, has_long_trouble, has_wide_limit, has_narrow_limits,
    is_silent;

/* One cell: first column and width on the screen, alignment, formatter, and then what is special
 * (clang-format would give each of them up to eight lines). */
#define CELL(START, WIDTH, ALIGN, FORMAT, ...)                                                     \
    {                                                                                              \
        .place.start = START, .place.width = WIDTH, .place.align = ALIGN_##ALIGN,                  \
        .format = FORMAT, __VA_ARGS__                                                              \
    }
#define CUT_START .place.mark = "..", .place.is_cut_at_start = true
#define CUT_END(MARK) .place.mark = MARK

/* Why a GPU has no name stands in place of it, and over the persistence mode if it is long. */
enum { NAME_COLUMN = 7, NAME_WIDTH = 19 };

static const struct field name_line[] = {
    CELL(2, 3, RIGHT, text_number, .sources = { GPU_INDEX }),
    CELL(NAME_COLUMN, NAME_WIDTH, LEFT, text_name, .sources = { DEV(NAME) }, CUT_START,
         .unless = has_trouble),
    CELL(NAME_COLUMN, 24, LEFT, text_plain, .sources = { TROUBLE }, CUT_END(".."),
         .when = has_trouble),
    CELL(27, 4, RIGHT, text_on_off, .sources = { DEV(PERSISTENCE_MODE) },
         .unless = has_long_trouble),
    CELL(34, 16, LEFT, text_plain, .sources = { DEV(BUS_ID) }, CUT_START),
    CELL(51, 3, RIGHT, text_on_off, .sources = { DEV(DISPLAY_ACTIVE) }),
    CELL(57, 20, RIGHT, text_number, .sources = { DEV(ECC_ERRORS) }, .unless = has_mig_modes),
    CELL(57, 8, RIGHT, text_mig_mode, .sources = { DEV(MIG_MODE) }, .when = has_mig_modes),
    CELL(67, 10, RIGHT, text_number, .sources = { DEV(ECC_ERRORS) }, .when = has_mig_modes),
};

/* Power, wherever it stands. */
#define POWER .sources = { DEV(POWER_USAGE), DEV(POWER_LIMIT) }

static const struct field full_sensors[] = {
    CELL(2, 3, RIGHT, text_percent_max, .sources = { DEV(FAN_SPEED) }),
    CELL(7, 4, RIGHT, text_celsius, .sources = { DEV(TEMPERATURE) }),
    CELL(13, 4, CENTRE, text_pstate, .sources = { DEV(PSTATE) }),
    CELL(18, 13, RIGHT, text_power, POWER),
};

/* With a power limit of five columns (1000W) the performance state makes room for it. Why a GPU has
 * no sensors stands over them. */
static const struct field compact_sensors[] = {
    CELL(2, 3, RIGHT, text_number, .sources = { GPU_INDEX }),
    CELL(7, 24, LEFT, text_plain, .sources = { TROUBLE }, CUT_END(".."), .when = is_silent),
    CELL(6, 3, RIGHT, text_percent_max, .sources = { DEV(FAN_SPEED) }, .unless = is_silent),
    CELL(10, 4, RIGHT, text_celsius, .sources = { DEV(TEMPERATURE) }, .unless = is_silent),
    CELL(15, 3, LEFT, text_pstate, .sources = { DEV(PSTATE) }, .when = has_wide_limit,
         .unless = is_silent),
    CELL(15, 3, RIGHT, text_pstate, .sources = { DEV(PSTATE) }, .when = has_narrow_limits,
         .unless = is_silent),
    CELL(18, 13, RIGHT, text_power, POWER, .unless = is_silent),
};

/* The rest of the line with the sensors, in either mode. */
static const struct field usage[] = {
    CELL(34, 20, RIGHT, text_memory, .sources = { DEV(MEMORY_USED), DEV(MEMORY_TOTAL) }),
    CELL(57, 7, RIGHT, text_percent, .sources = { DEV(UTIL_GPU) }),
    CELL(66, 11, RIGHT, text_compute_mode, .sources = { DEV(COMPUTE_MODE) }),
};

static const struct field mig_line[] = {
    CELL(1, 2, RIGHT, text_number, .sources = { GPU_INDEX }, CUT_END("+")),
    CELL(4, 2, LEFT, text_number, .sources = { MIG_INDEX }, CUT_END("+")),
    CELL(6, 12, RIGHT, text_profile, .sources = { DEV(NAME) }, CUT_START),
    CELL(27, 2, RIGHT, text_number, .sources = { DEV(GPU_INSTANCE_ID) }, CUT_END("+")),
    CELL(30, 2, LEFT, text_number, .sources = { DEV(COMPUTE_INSTANCE_ID) }, CUT_END("+")),
    CELL(34, 20, RIGHT, text_memory_padded, .sources = { DEV(MEMORY_USED), DEV(MEMORY_TOTAL) }),
    CELL(63, 8, RIGHT, text_bytes, .sources = { DEV(BAR1_USED) }),
    CELL(74, 3, RIGHT, text_percent_max, .sources = { DEV(BAR1_PERCENT) }),
};

/* The lines a device may have, each from one table or two. */
enum line { LINE_NAME, LINE_SENSORS, LINE_COMPACT, LINE_MIG, LINE_COUNT };

#define TABLE(NAME)                                                                                \
    {                                                                                              \
        NAME, ARRAY_LEN(NAME)                                                                      \
    }
static const struct {
    const struct field *fields;
    size_t count;
} lines[LINE_COUNT][2] = {
    [LINE_NAME] = { TABLE(name_line) },
    [LINE_SENSORS] = { TABLE(full_sensors), TABLE(usage) },
    [LINE_COMPACT] = { TABLE(compact_sensors), TABLE(usage) },
    [LINE_MIG] = { TABLE(mig_line) },
};

static bool is_wide(struct value limit)
{
    struct text_values values = { limit, value_na(NVITOP_WHY_NONE) };
    char text[TEXT_SIZE];
    text_watts(&values, text);
    return strlen(text) >= 5;
}

struct device_columns device_fields_columns(const struct snapshot *snapshot)
{
    struct device_columns columns = { 0 };
    for (size_t i = 0; i < snapshot->device_count; i++) {
        const struct snapshot_device *device = &snapshot->devices[i];
        if (device->mig < 0 && !value_is_na(snapshot_device_value(device, NVITOP_DEV_MIG_MODE)))
            columns.has_mig_modes = true;
        if (is_wide(snapshot_device_value(device, NVITOP_DEV_POWER_LIMIT)))
            columns.has_wide_limit = true;
    }
    return columns;
}

static bool has_mig_modes(const struct device_row *what)
{
    return what->columns.has_mig_modes; /* a GPU without the mode still keeps to the columns */
}

static bool has_wide_limit(const struct device_row *what)
{
    return what->columns.has_wide_limit;
}

static bool has_narrow_limits(const struct device_row *what)
{
    return !what->columns.has_wide_limit;
}

const char *device_fields_trouble(const struct snapshot_device *device, char ret_scratch[TEXT_SIZE])
{
    static const char *const words[] = {
        [DEVICE_OK] = NULL,
        [DEVICE_LOST] = "ERROR: GPU is Lost",
        [DEVICE_ERROR] = "ERROR: Unknown",
        [DEVICE_NOT_RESPONDING] = "driver not responding",
        [DEVICE_SUSPENDED] = "suspended",
        [DEVICE_WAITING] = "waiting for the driver",
    };
    char clock[CLOCK_TEXT_SIZE];
    if (device->condition != DEVICE_NOT_RESPONDING || !device->silent_since_us)
        return words[device->condition];
    date_line_clock(device->silent_since_us, clock);
    snprintf(ret_scratch, TEXT_SIZE, "no answer since %s", clock);
    return ret_scratch;
}

static bool has_trouble(const struct device_row *what)
{
    return what->device->condition != DEVICE_OK;
}

static bool has_long_trouble(const struct device_row *what)
{
    char scratch[TEXT_SIZE];
    const char *text = device_fields_trouble(what->device, scratch);
    return text && utf8_width(text) > NAME_WIDTH;
}

/* It has no values yet, or none any more. One that is lost has them all: N/A, as people know it. */
static bool is_silent(const struct device_row *what)
{
    return has_trouble(what) && what->device->condition != DEVICE_LOST &&
           what->device->condition != DEVICE_ERROR;
}

static struct value value_of(const struct snapshot_device *device, int source,
                             char scratch[TEXT_SIZE])
{
    switch (source) {
    case NOTHING: return value_na(NVITOP_WHY_NOT_APPLICABLE);
    case GPU_INDEX: return value_int(device->physical);
    case MIG_INDEX: return value_int(device->mig);
    case TROUBLE: return value_text(device_fields_trouble(device, scratch));
    default: return snapshot_device_value(device, source);
    }
}

static void draw_field(struct frame *frame, int row, const struct field *field,
                       const struct snapshot_device *device)
{
    char text[TEXT_SIZE], scratch[TEXT_SIZE];
    struct text_values values = { value_of(device, field->sources[0], scratch),
                                  value_of(device, field->sources[1], scratch) };
    field->format(&values, text);
    column_draw(frame, row, &field->place, text);
}

static void draw_line(struct frame *frame, int row, enum line line, const struct device_row *what)
{
    for (size_t table = 0; table < ARRAY_LEN(lines[line]); table++) {
        for (size_t i = 0; i < lines[line][table].count; i++) {
            const struct field *field = &lines[line][table].fields[i];
            bool is_drawn =
                (!field->when || field->when(what)) && !(field->unless && field->unless(what));
            if (is_drawn)
                draw_field(frame, row, field, what->device);
        }
    }
}

/* What stands between the cells of a MIG device: its columns are those of `mig_line`. */
static void draw_mig_marks(struct frame *frame, int row)
{
    const struct style plain = { 0 };
    frame_text(frame, row, 3, 1, plain, ":");
    frame_text(frame, row, 18, 9, plain, " @ GI/CI:");
    frame_text(frame, row, 29, 1, plain, "/");
    frame_text(frame, row, 57, 6, plain, "BAR1: ");
    frame_text(frame, row, 72, 1, plain, "/");
}

void device_fields_draw(struct frame *frame, int row, int line, const struct device_row *what)
{
    enum line kind = line == 0 ? LINE_NAME : LINE_SENSORS;
    if (what->device->mig >= 0) {
        draw_mig_marks(frame, row);
        kind = LINE_MIG;
    } else if (what->panel->mode == PANEL_COMPACT) {
        kind = LINE_COMPACT;
    }
    draw_line(frame, row, kind, what);
}

static void add_metrics(enum line line, struct metric_set *set)
{
    for (size_t table = 0; table < ARRAY_LEN(lines[line]); table++) {
        for (size_t i = 0; i < lines[line][table].count; i++) {
            const int *sources = lines[line][table].fields[i].sources;
            for (size_t j = 0; j < 2; j++)
                if (sources[j] >= NVITOP_DEV_NAME)
                    metric_set_add(set, sources[j]);
        }
    }
}

void device_fields_metrics(enum panel_mode mode, struct metric_wanted *wanted)
{
    if (mode == PANEL_FULL) {
        add_metrics(LINE_NAME, &wanted->gpu);
        add_metrics(LINE_SENSORS, &wanted->gpu);
    } else {
        add_metrics(LINE_COMPACT, &wanted->gpu);
    }
    add_metrics(LINE_MIG, &wanted->mig);
}
