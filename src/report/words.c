/* One row per number of each enum; a new number without a word does not compile. */
#include "report/words.h"

#include <assert.h>

#include "base/mem.h"
#include "core/snapshot.h"
#include "nvitop/nvitop.h"

static const char *const whys[] = {
    [NVITOP_WHY_NONE] = "none",
    [NVITOP_WHY_NOT_SUPPORTED] = "not_supported",
    [NVITOP_WHY_NO_PERMISSION] = "no_permission",
    [NVITOP_WHY_NO_SYMBOL] = "no_symbol",
    [NVITOP_WHY_LOST] = "lost",
    [NVITOP_WHY_NOT_APPLICABLE] = "not_applicable",
    [NVITOP_WHY_NO_SAMPLE] = "no_sample",
    [NVITOP_WHY_GONE] = "gone",
    [NVITOP_WHY_ERROR] = "error",
    [NVITOP_WHY_STALE] = "stale",
    [NVITOP_WHY_NOT_RESPONDING] = "not_responding",
    [NVITOP_WHY_NOT_ASKED] = "not_asked",
    [NVITOP_WHY_HOST_PID] = "host_pid",
    [NVITOP_WHY_SUSPENDED] = "suspended",
};
static_assert(ARRAY_LEN(whys) == NVITOP_WHY_COUNT, "one word per reason");
const struct words words_why = { whys, ARRAY_LEN(whys) };

static const char *const units[] = {
    [NVITOP_UNIT_NONE] = "none",
    [NVITOP_UNIT_BYTES] = "bytes",
    [NVITOP_UNIT_KIB_PER_S] = "kib_per_second",
    [NVITOP_UNIT_PERCENT] = "percent",
    [NVITOP_UNIT_CELSIUS] = "celsius",
    [NVITOP_UNIT_MILLIWATT] = "milliwatts",
    [NVITOP_UNIT_MHZ] = "megahertz",
    [NVITOP_UNIT_SECONDS] = "seconds",
    [NVITOP_UNIT_COUNT] = "count",
    [NVITOP_UNIT_MILLIJOULE] = "millijoules",
    [NVITOP_UNIT_RPM] = "rpm",
    [NVITOP_UNIT_KIB] = "kib",
    [NVITOP_UNIT_MB_PER_S] = "mb_per_second",
    [NVITOP_UNIT_BITS] = "bits",
};
static_assert(ARRAY_LEN(units) == NVITOP_UNIT_BITS + 1, "one word per unit");
const struct words words_unit = { units, ARRAY_LEN(units) };

static const char *const kinds[] = {
    [NVITOP_NA] = "none",   [NVITOP_INT] = "integer",  [NVITOP_REAL] = "number",
    [NVITOP_TEXT] = "text", [NVITOP_BOOL] = "boolean",
};
static_assert(ARRAY_LEN(kinds) == NVITOP_BOOL + 1, "one word per kind");
const struct words words_kind = { kinds, ARRAY_LEN(kinds) };

static const char *const scopes[] = {
    [NVITOP_SCOPE_SYSTEM] = "system",
    [NVITOP_SCOPE_DEVICE] = "device",
    [NVITOP_SCOPE_PROCESS] = "process",
    [NVITOP_SCOPE_HOST] = "host",
};
static_assert(ARRAY_LEN(scopes) == NVITOP_SCOPE_HOST + 1, "one word per scope");
const struct words words_scope = { scopes, ARRAY_LEN(scopes) };

static const char *const conditions[] = {
    [DEVICE_OK] = "ok",
    [DEVICE_LOST] = "lost",
    [DEVICE_ERROR] = "error",
    [DEVICE_NOT_RESPONDING] = "not_responding",
    [DEVICE_SUSPENDED] = "suspended",
    [DEVICE_WAITING] = "waiting",
};
static_assert(ARRAY_LEN(conditions) == DEVICE_WAITING + 1, "one word per condition");
const struct words words_condition = { conditions, ARRAY_LEN(conditions) };

static const char *const presences[] = {
    [PROCESS_PRESENT] = "here",  [PROCESS_GONE] = "gone",         [PROCESS_ZOMBIE] = "zombie",
    [PROCESS_HIDDEN] = "hidden", [PROCESS_HOST_PID] = "host_pid",
};
static_assert(ARRAY_LEN(presences) == PROCESS_HOST_PID + 1, "one word per presence");
const struct words words_presence = { presences, ARRAY_LEN(presences) };

static const char *const drivers[] = {
    [DRIVER_OK] = "ok",
    [DRIVER_WAITING] = "waiting",
    [DRIVER_FAILED] = "failed",
};
static_assert(ARRAY_LEN(drivers) == DRIVER_FAILED + 1, "one word per state");
const struct words words_driver = { drivers, ARRAY_LEN(drivers) };

const char *words_of(const struct words *words, int number)
{
    return number >= 0 && (size_t)number < words->count ? words->list[number] : "unknown";
}
