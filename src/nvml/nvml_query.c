/*
 * The query table: which driver call answers which metrics. A query has one row per call; each
 * row's refusals are remembered apart, so one threshold that is not supported costs nothing but
 * itself. Rows of one query stand together, queries stand in the order of their numbers.
 */
#include <assert.h>

#include "base/mem.h"
#include "nvml/nvml_read.h"

#define FILLS(...)                                                                                 \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define DEV(name) NVITOP_DEV_##name
#define PLACE(slot) offsetof(struct nvml_symbols, slot)

static const char *const architectures[] = { "",          "",       "Kepler", "Maxwell", "Pascal",
                                             "Volta",     "Turing", "Ampere", "Ada",     "Hopper",
                                             "Blackwell", "",       "",       "Rubin",   NULL };
static const char *const brands[] = {
    "",           "Quadro",       "Tesla",      "NVS",         "GRID",       "GeForce",
    "Titan",      "NVIDIA vApps", "NVIDIA vPC", "NVIDIA vCS",  "NVIDIA vWS", "NVIDIA Cloud Gaming",
    "Quadro RTX", "NVIDIA RTX",   "NVIDIA",     "GeForce RTX", "Titan RTX",  NULL
};
static const char *const virtualization_modes[] = { "none",      "passthrough", "vGPU guest",
                                                    "vGPU host", "vSGA host",   NULL };

/* clang-format off */
#define TEXT(QUERY, SLOT, SIZE) \
    { NVML_QUERY_##QUERY, FILLS(DEV(QUERY)), nvml_read_text, PLACE(SLOT), SIZE, NULL }
#define NUMBER(QUERY, METRIC, SLOT, MAX) \
    { NVML_QUERY_##QUERY, FILLS(DEV(METRIC)), nvml_read_u32, PLACE(SLOT), MAX, NULL }
#define FLAG(QUERY, SLOT) \
    { NVML_QUERY_##QUERY, FILLS(DEV(QUERY)), nvml_read_bool, PLACE(SLOT), 0, NULL }
#define WORD(QUERY, SLOT, WORDS) \
    { NVML_QUERY_##QUERY, FILLS(DEV(QUERY)), nvml_read_word, PLACE(SLOT), 0, WORDS }
#define SELECTED(QUERY, METRIC, SLOT, WHICH) \
    { NVML_QUERY_##QUERY, FILLS(DEV(METRIC)), nvml_read_selected, PLACE(SLOT), WHICH, NULL }
#define TWO(QUERY, SLOT, ...) \
    { NVML_QUERY_##QUERY, FILLS(__VA_ARGS__), nvml_read_two, PLACE(SLOT), 0, NULL }
#define OWN(QUERY, READER, ...) \
    { NVML_QUERY_##QUERY, FILLS(__VA_ARGS__), READER, 0, 0, NULL }
#define ECC(QUERY, METRIC, TYPE, COUNTER) \
    { NVML_QUERY_##QUERY, FILLS(DEV(METRIC)), nvml_read_ecc, 0, \
      NVML_ECC_ARG(NVML_ABI_MEMORY_ERROR_TYPE_##TYPE, NVML_ABI_##COUNTER##_ECC), NULL }
#define FIELD_METRIC(METRIC, FIELD, SCOPE, KIND) DEV(METRIC),
/* clang-format on */

enum { ANY = 0 }; /* no largest sane answer */

static const struct nvml_row rows[] = {
    TEXT(NAME, name, NVML_ABI_DEVICE_NAME_V2_BUFFER_SIZE),
    OWN(UUID, nvml_read_uuid, DEV(UUID)),
    OWN(PCI, nvml_read_pci, DEV(BUS_ID)),
    TEXT(SERIAL, serial, NVML_ABI_DEVICE_SERIAL_BUFFER_SIZE),
    NUMBER(MINOR_NUMBER, MINOR_NUMBER, minor_number, ANY),
    WORD(ARCHITECTURE, architecture, architectures),
    WORD(BRAND, brand, brands),
    WORD(VIRTUALIZATION_MODE, virtualization_mode, virtualization_modes),
    OWN(COMPUTE_CAPABILITY, nvml_read_capability, DEV(COMPUTE_CAPABILITY)),
    OWN(MEMORY, nvml_read_memory, DEV(MEMORY_TOTAL), DEV(MEMORY_USED), DEV(MEMORY_FREE),
        DEV(MEMORY_RESERVED)),
    OWN(BAR1, nvml_read_bar1, DEV(BAR1_TOTAL), DEV(BAR1_USED), DEV(BAR1_FREE)),
    OWN(UTILIZATION, nvml_read_utilization, DEV(UTIL_GPU), DEV(UTIL_MEMORY)),
    TWO(ENCODER, encoder, DEV(UTIL_ENCODER)),
    TWO(DECODER, decoder, DEV(UTIL_DECODER)),
    TWO(JPEG, jpeg, DEV(UTIL_JPEG)),
    TWO(OFA, ofa, DEV(UTIL_OFA)),
    SELECTED(CLOCK_GRAPHICS, CLOCK_GRAPHICS, clock, NVML_ABI_CLOCK_GRAPHICS),
    SELECTED(CLOCK_SM, CLOCK_SM, clock, NVML_ABI_CLOCK_SM),
    SELECTED(CLOCK_MEMORY, CLOCK_MEMORY, clock, NVML_ABI_CLOCK_MEM),
    SELECTED(CLOCK_VIDEO, CLOCK_VIDEO, clock, NVML_ABI_CLOCK_VIDEO),
    SELECTED(MAX_CLOCK_GRAPHICS, MAX_CLOCK_GRAPHICS, clock_max, NVML_ABI_CLOCK_GRAPHICS),
    SELECTED(MAX_CLOCK_SM, MAX_CLOCK_SM, clock_max, NVML_ABI_CLOCK_SM),
    SELECTED(MAX_CLOCK_MEMORY, MAX_CLOCK_MEMORY, clock_max, NVML_ABI_CLOCK_MEM),
    SELECTED(MAX_CLOCK_VIDEO, MAX_CLOCK_VIDEO, clock_max, NVML_ABI_CLOCK_VIDEO),
    NUMBER(FAN_SPEED, FAN_SPEED, fan_speed, ANY),
    NUMBER(FAN_COUNT, FAN_COUNT, fan_count, ANY),
    OWN(FAN_RPM, nvml_read_fan_rpm, DEV(FAN_RPM)),
    OWN(TEMPERATURE, nvml_read_temperature, DEV(TEMPERATURE)),
    OWN(TEMPERATURE_MARGIN, nvml_read_margin, DEV(TEMPERATURE_MARGIN)),
    SELECTED(TEMPERATURE_THRESHOLDS, TEMPERATURE_SHUTDOWN, temperature_threshold,
             NVML_ABI_TEMPERATURE_THRESHOLD_SHUTDOWN),
    SELECTED(TEMPERATURE_THRESHOLDS, TEMPERATURE_SLOWDOWN, temperature_threshold,
             NVML_ABI_TEMPERATURE_THRESHOLD_SLOWDOWN),
    SELECTED(TEMPERATURE_THRESHOLDS, TEMPERATURE_MEMORY_MAX, temperature_threshold,
             NVML_ABI_TEMPERATURE_THRESHOLD_MEM_MAX),
    SELECTED(TEMPERATURE_THRESHOLDS, TEMPERATURE_GPU_MAX, temperature_threshold,
             NVML_ABI_TEMPERATURE_THRESHOLD_GPU_MAX),
    NUMBER(POWER_USAGE, POWER_USAGE, power_usage, ANY),
    NUMBER(POWER_LIMIT, POWER_LIMIT, power_limit, ANY),
    NUMBER(POWER_LIMIT_ENFORCED, POWER_LIMIT_ENFORCED, power_limit_enforced, ANY),
    TWO(POWER_LIMIT_RANGE, power_limit_range, DEV(POWER_LIMIT_MIN), DEV(POWER_LIMIT_MAX)),
    { NVML_QUERY_ENERGY, FILLS(DEV(ENERGY)), nvml_read_u64, PLACE(energy), 0, NULL },
    OWN(FIELDS, nvml_read_fields, NVML_FIELDS(FIELD_METRIC)),
    OWN(PCIE_THROUGHPUT, nvml_read_pcie_throughput, DEV(PCIE_TX), DEV(PCIE_RX)),
    NUMBER(PCIE_LINK, PCIE_GENERATION, pcie_generation, ANY),
    NUMBER(PCIE_LINK, PCIE_WIDTH, pcie_width, ANY),
    NUMBER(PCIE_LINK_MAX, PCIE_GENERATION_MAX, pcie_generation_max, ANY),
    NUMBER(PCIE_LINK_MAX, PCIE_WIDTH_MAX, pcie_width_max, ANY),
    FLAG(DISPLAY_ACTIVE, display_active),
    FLAG(DISPLAY_MODE, display_mode),
    OWN(DRIVER_MODEL, nvml_read_driver_model, DEV(DRIVER_MODEL)),
    FLAG(PERSISTENCE_MODE, persistence_mode),
    NUMBER(PSTATE, PSTATE, pstate, NVML_ABI_PSTATE_15),
    ECC(ECC_ERRORS, ECC_ERRORS, UNCORRECTED, VOLATILE),
    NUMBER(COMPUTE_MODE, COMPUTE_MODE, compute_mode, ANY),
    OWN(MIG_MODE, nvml_read_mig_mode, DEV(MIG_MODE)),
    OWN(EVENT_REASONS, nvml_read_event_reasons, DEV(EVENT_REASONS)),
    NUMBER(MIG_IDS, GPU_INSTANCE_ID, gpu_instance_id, ANY),
    NUMBER(MIG_IDS, COMPUTE_INSTANCE_ID, compute_instance_id, ANY),
    OWN(MIG_ATTRIBUTES, nvml_read_attributes, DEV(MULTIPROCESSOR_COUNT)),
    TEXT(VBIOS_VERSION, vbios_version, NVML_ABI_DEVICE_VBIOS_VERSION_BUFFER_SIZE),
    TEXT(BOARD_PART_NUMBER, board_part_number, NVML_ABI_DEVICE_PART_NUMBER_BUFFER_SIZE),
    ECC(ECC_OTHERS, ECC_CORRECTED, CORRECTED, VOLATILE),
    ECC(ECC_OTHERS, ECC_ERRORS_AGGREGATE, UNCORRECTED, AGGREGATE),
    ECC(ECC_OTHERS, ECC_CORRECTED_AGGREGATE, CORRECTED, AGGREGATE),
    OWN(HEALTH, nvml_read_health, NVML_HEALTH_FIELDS(FIELD_METRIC)),
    OWN(GPM, nvml_read_gpm, DEV(SM_ACTIVE), DEV(TENSOR_ACTIVE), DEV(DRAM_ACTIVE)),
};

static_assert(ARRAY_LEN(rows) <= NVML_SLOT_ROWS, "a slot for each row");

static void store(const struct nvml_row *row, const struct value *out, int code,
                  struct value *values)
{
    for (size_t i = 0; i < NVML_FILLS_MAX && row->fills[i]; i++)
        values[row->fills[i] - NVITOP_DEV_NAME] = code ? nvml_code_value(code) : out[i];
}

static void ask_row(struct nvml_device *device, size_t at, struct arena *arena,
                    struct value *values)
{
    const struct nvml_row *row = &rows[at];
    struct value out[NVML_FILLS_MAX];
    int code = nvml_device_refused(device, at);
    if (!code) {
        code = row->read(device, row, arena, out);
        nvml_device_note(device, at, code);
    }
    store(row, out, code, values);
}

void nvml_device_ask(struct nvml_device *device, enum nvml_query query, struct arena *arena,
                     struct value values[NVITOP_DEV_COUNT])
{
    for (size_t i = 0; i < ARRAY_LEN(rows) && rows[i].query <= query; i++)
        if (rows[i].query == query)
            ask_row(device, i, arena, values);
}
