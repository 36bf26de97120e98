/*
 * One row per unit: how a number of it is written. Numbers are not rounded to what a column holds,
 * as those of text.c are: who reads this page wants to know.
 */
#include "view/text_unit.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/units.h"
#include "core/metric.h"

static const struct {
    double divisor;
    int decimals;
    const char *suffix;
} units[] = {
    [NVITOP_UNIT_NONE] = { 1, 0, "" },
    [NVITOP_UNIT_BYTES] = { 1, 0, "B" }, /* see below */
    [NVITOP_UNIT_KIB_PER_S] = { 1, 0, " KiB/s" },
    [NVITOP_UNIT_PERCENT] = { 1, 0, "%" },
    [NVITOP_UNIT_CELSIUS] = { 1, 0, "C" },
    [NVITOP_UNIT_MILLIWATT] = { 1000, 2, " W" },
    [NVITOP_UNIT_MHZ] = { 1, 0, " MHz" },
    [NVITOP_UNIT_SECONDS] = { 1, 1, " s" },
    [NVITOP_UNIT_COUNT] = { 1, 0, "" },
    [NVITOP_UNIT_MILLIJOULE] = { 1000, 0, " J" },
    [NVITOP_UNIT_RPM] = { 1, 0, " rpm" },
    [NVITOP_UNIT_KIB] = { 1, 0, " KiB" },
    [NVITOP_UNIT_MB_PER_S] = { 1, 0, " MB/s" },
    [NVITOP_UNIT_BITS] = { 1, 0, "" }, /* see below */
};
static_assert(ARRAY_LEN(units) == NVITOP_UNIT_BITS + 1, "one row per unit");

static void text_why(struct value value, char ret_text[TEXT_SIZE])
{
    const char *why = value_why_text((enum nvitop_why)value.why);
    if (value.why == NVITOP_WHY_NONE)
        snprintf(ret_text, TEXT_SIZE, TEXT_NA);
    else if (value.code)
        snprintf(ret_text, TEXT_SIZE, TEXT_NA " (%s; NVML code %d)", why, (int)value.code);
    else
        snprintf(ret_text, TEXT_SIZE, TEXT_NA " (%s)", why);
}

static void text_number_of(const struct metric *metric, struct value value,
                           char ret_text[TEXT_SIZE])
{
    double number = value_number(value, 0) / units[metric->unit].divisor;
    int decimals = units[metric->unit].decimals;
    if (value.kind == NVITOP_REAL && decimals == 0)
        decimals = 1;
    if (metric->unit == NVITOP_UNIT_BYTES)
        units_bytes(number, 0, ret_text);
    else if (metric->unit == NVITOP_UNIT_BITS)
        snprintf(ret_text, TEXT_SIZE, "0x%" PRIx64, (uint64_t)value.i);
    else
        snprintf(ret_text, TEXT_SIZE, "%.*f%s", decimals, number, units[metric->unit].suffix);
}

void text_unit(const struct metric *metric, struct value value, char ret_text[TEXT_SIZE])
{
    struct text_values values = { value, value_na(NVITOP_WHY_NONE) };
    if (value.kind == NVITOP_NA)
        text_why(value, ret_text);
    else if (value.kind == NVITOP_TEXT)
        text_plain(&values, ret_text);
    else if (value.kind == NVITOP_BOOL)
        snprintf(ret_text, TEXT_SIZE, "%s", value.i ? "yes" : "no");
    else
        text_number_of(metric, value, ret_text);
}
