/* The key tables, made from the rows of scenario_keys.h. */
#include "scenario_keys.h"

#define KEY_ROW(enumerator, key, type, unset, help) { key, SCENARIO_##type, unset, help },

static const struct scenario_key system_keys[] = { SCENARIO_SYSTEM_KEYS(KEY_ROW) };
static const struct scenario_key launcher_keys[] = { SCENARIO_LAUNCHER_KEYS(KEY_ROW) };
static const struct scenario_key device_keys[] = { SCENARIO_DEVICE_KEYS(KEY_ROW) };
static const struct scenario_key mig_keys[] = { SCENARIO_MIG_KEYS(KEY_ROW) };
static const struct scenario_key process_keys[] = { SCENARIO_PROCESS_KEYS(KEY_ROW) };

const struct scenario_section_keys scenario_sections[SCENARIO_SECTION_COUNT] = {
    [SCENARIO_SYSTEM] = { "system", "system", system_keys, SYSTEM_KEY_COUNT, 1 },
    [SCENARIO_LAUNCHER] = { "launcher", "launcher", launcher_keys, LAUNCHER_KEY_COUNT, 0 },
    [SCENARIO_DEVICE] = { "device", "device N] or [device N-M", device_keys, DEVICE_KEY_COUNT, 1 },
    [SCENARIO_MIG] = { "mig", "mig N:M", mig_keys, MIG_KEY_COUNT, 1 },
    [SCENARIO_PROCESS] = { "process", "process NAME", process_keys, PROCESS_KEY_COUNT, 0 },
};

const char *const scenario_type_names[] = {
    [SCENARIO_TEXT] = "text",       [SCENARIO_NUMBER] = "number",   [SCENARIO_BYTES] = "bytes",
    [SCENARIO_WATTS] = "watts",     [SCENARIO_SECONDS] = "seconds", [SCENARIO_JOULES] = "joules",
    [SCENARIO_PERCENT] = "percent", [SCENARIO_FLAG] = "flag",       [SCENARIO_FAULT] = "fault",
};
