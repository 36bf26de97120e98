/*
 * One row per unit: how a number of it is written. Numbers are not rounded to what a column holds:
 * who reads them here wants to know.
 */
#include "value_text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "mem.h"
#include "units.h"

enum { NUMBER_SIZE = 64, WHY_SIZE = 96 };

static const struct {
    double divisor;
    int decimals;
    const char *suffix;
} units[] = {
    [NVITOP_UNIT_NONE] = { 1, 0, "" },
    [NVITOP_UNIT_BYTES] = { 1, 0, "" }, /* see below */
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

static size_t copy(const char *text, char *ret_text, size_t size)
{
    size_t whole = strlen(text), len = whole;
    if (size == 0)
        return whole;
    if (len >= size) {
        len = size - 1;
        while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
            len--;
    }
    memcpy(ret_text, text, len);
    ret_text[len] = 0;
    return whole;
}

static void write_why(struct value value, char ret_text[WHY_SIZE])
{
    const char *why = value_why_text((enum nvitop_why)value.why);
    if (value.why == NVITOP_WHY_NONE)
        snprintf(ret_text, WHY_SIZE, "N/A");
    else if (value.code)
        snprintf(ret_text, WHY_SIZE, "N/A (%s; NVML code %d)", why, (int)value.code);
    else
        snprintf(ret_text, WHY_SIZE, "N/A (%s)", why);
}

/* Without a unit, as it is: no number that a double can have is longer than this with decimals. */
static void write_plain(double number, int decimals, char ret_text[NUMBER_SIZE])
{
    const double longest = 1e30;
    if (number > -longest && number < longest)
        snprintf(ret_text, NUMBER_SIZE, "%.*f", decimals, number);
    else
        snprintf(ret_text, NUMBER_SIZE, "%g", number);
    units_point(ret_text);
}

static void write_number(struct value value, enum nvitop_unit unit, char ret_text[NUMBER_SIZE])
{
    double number = value_number(value, 0) / units[unit].divisor;
    int decimals = units[unit].decimals;
    if (value.kind == NVITOP_REAL && decimals == 0)
        decimals = 1;
    if (unit == NVITOP_UNIT_BYTES && number < UNITS_BYTES_MAX && number > -UNITS_BYTES_MAX)
        units_bytes(number, 1, ret_text);
    else if (unit == NVITOP_UNIT_BITS)
        snprintf(ret_text, NUMBER_SIZE, "0x%" PRIx64, (uint64_t)value.i);
    else
        write_plain(number, decimals, ret_text);
}

static size_t copy_number(struct value value, enum nvitop_unit unit, char *ret_text, size_t size)
{
    char number[NUMBER_SIZE], whole[NUMBER_SIZE + 16];
    write_number(value, unit, number);
    snprintf(whole, sizeof(whole), "%s%s", number, units[unit].suffix);
    return copy(whole, ret_text, size);
}

size_t value_text_of(struct value value, enum nvitop_unit unit, char *ret_text, size_t size)
{
    char why[WHY_SIZE];
    if (value.kind == NVITOP_TEXT)
        return copy(value.text, ret_text, size);
    if (value.kind == NVITOP_BOOL)
        return copy(value.i ? "yes" : "no", ret_text, size);
    if (value.kind != NVITOP_NA)
        return copy_number(value, unit, ret_text, size);
    write_why(value, why);
    return copy(why, ret_text, size);
}
