/*
 * Formatters. A value that is not available is always `N/A`; numbers round half to even. No text
 * here is cut to a field: the field does that (view/column.h).
 *
 * Values come in the units of the metric tables (core/metric.h): power in mW, clocks in MHz, memory
 * in bytes, times in seconds, shares in percent.
 */
#include "view/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "base/utf8.h"

static void copy(char ret_text[TEXT_SIZE], const char *text)
{
    size_t len = strlen(text);
    if (len >= TEXT_SIZE) {
        len = TEXT_SIZE - 1;
        while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
            len--; /* never half a character */
    }
    memcpy(ret_text, text, len);
    ret_text[len] = 0;
}

/* Rounded; what no screen could show is limited before it could overflow. */
static long long rounded(struct value value, double divisor)
{
    const double limit = 1e15;
    double number = value_number(value, 0) / divisor;
    return units_round(number > limit ? limit : number < -limit ? -limit : number);
}

/* An integer with a unit, or N/A; the divisor brings it to that unit. */
static void whole(struct value value, double divisor, const char *unit, char ret_text[TEXT_SIZE])
{
    if (value.kind != NVITOP_INT && value.kind != NVITOP_REAL)
        copy(ret_text, TEXT_NA);
    else
        snprintf(ret_text, TEXT_SIZE, "%lld%s", rounded(value, divisor), unit);
}

static void bytes(struct value value, double min_unit, char ret_text[TEXT_SIZE])
{
    if (value.kind != NVITOP_INT && value.kind != NVITOP_REAL)
        copy(ret_text, TEXT_NA);
    else
        units_bytes(value_number(value, 0), min_unit, ret_text);
}

void text_plain(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    copy(ret_text, value_text_or(values->first, TEXT_NA));
}

void text_name(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    static const char prefix[] = "NVIDIA ";
    const char *name = value_text_or(values->first, TEXT_NA);
    if (strncmp(name, prefix, sizeof(prefix) - 1) == 0)
        name += sizeof(prefix) - 1;
    copy(ret_text, name);
}

void text_profile(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    const char *name = value_text_or(values->first, TEXT_NA);
    const char *last = strrchr(name, ' ');
    copy(ret_text, last ? last + 1 : name);
}

/* One of two words for a flag. */
static void flag(struct value value, const char *yes, const char *no, const char *na,
                 char ret_text[TEXT_SIZE])
{
    if (value.kind != NVITOP_INT && value.kind != NVITOP_BOOL)
        copy(ret_text, na);
    else
        copy(ret_text, value.i ? yes : no);
}

void text_on_off(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    flag(values->first, "On", "Off", TEXT_NA, ret_text);
}

/* The blank after N/A is that of the screen that people know. */
void text_mig_mode(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    flag(values->first, "Enabled", "Disabled", TEXT_NA " ", ret_text);
}

/* By the driver's numbers 0 to 3. */
void text_compute_mode(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    static const char *const words[] = { "Default", "E. Thread", "Prohibited", "E. Process" };
    struct value mode = values->first;
    bool is_known = mode.kind == NVITOP_INT && mode.i >= 0 && (size_t)mode.i < ARRAY_LEN(words);
    copy(ret_text, is_known ? words[mode.i] : TEXT_NA);
}

void text_pstate(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    if (values->first.kind == NVITOP_INT)
        snprintf(ret_text, TEXT_SIZE, "P%lld", (long long)values->first.i);
    else
        copy(ret_text, TEXT_NA);
}

void text_percent(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    whole(values->first, 1, "%", ret_text);
}

/* Three columns hold it: 100 % and more, as fans have it, is MAX. */
void text_percent_max(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    struct value value = values->first;
    if (rounded(value, 1) >= 100)
        copy(ret_text, "MAX");
    else
        whole(value, 1, "%", ret_text);
}

void text_celsius(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    whole(values->first, 1, "C", ret_text);
}

void text_watts(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    whole(values->first, 1000, "W", ret_text);
}

/* "a / b" from two texts. */
static void pair(const char *first, const char *second, char ret_text[TEXT_SIZE])
{
    snprintf(ret_text, TEXT_SIZE, "%.100s / %.100s", first, second);
}

/* Draw and limit; either may be missing. */
void text_power(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    char draw[TEXT_SIZE], limit[TEXT_SIZE];
    whole(values->first, 1000, "W", draw);
    whole(values->second, 1000, "W", limit);
    pair(draw, limit, ret_text);
}

void text_bytes(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    bytes(values->first, 0, ret_text);
}

void text_memory(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    char used[TEXT_SIZE], total[TEXT_SIZE];
    bytes(values->first, 0, used);
    bytes(values->second, 0, total);
    pair(used, total, ret_text);
}

void text_memory_padded(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    char used[TEXT_SIZE], total[TEXT_SIZE];
    bytes(values->first, 0, used);
    bytes(values->second, 0, total);
    snprintf(ret_text, TEXT_SIZE, "%.100s / %8.100s", used, total);
}

void text_mhz(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    char clock[TEXT_SIZE];
    whole(values->first, 1, "MHz", clock);
    if (value_is_na(values->first))
        copy(ret_text, TEXT_NA);
    else
        snprintf(ret_text, TEXT_SIZE, "@ %.100s", clock);
}

/* Three digits at most, and a tenth where one alone would be coarse. */
void text_throughput(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    static const char *const units[] = { "KiB/s", "MiB/s", "GiB/s" };
    double number = value_number(values->first, 0);
    size_t unit = 0;
    if (value_is_na(values->first)) {
        copy(ret_text, TEXT_NA);
        return;
    }
    for (; number >= 999.5 && unit + 1 < ARRAY_LEN(units); unit++)
        number /= 1024;
    snprintf(ret_text, TEXT_SIZE, number < 9.95 && unit > 0 ? "%.1f%s" : "%.0f%s", number,
             units[unit]);
}

void text_number(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    whole(values->first, 1, "", ret_text);
}

void text_cpu(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    double percent = value_number(values->first, 0);
    if (value_is_na(values->first))
        copy(ret_text, TEXT_NA);
    else if (percent < 999.95) /* what prints as 1000.0 would not fit */
        snprintf(ret_text, TEXT_SIZE, "%.1f", percent);
    else if (percent < 10000)
        snprintf(ret_text, TEXT_SIZE, "%d", (int)percent);
    else
        copy(ret_text, "9999+");
}

void text_tenths(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    if (value_is_na(values->first))
        copy(ret_text, TEXT_NA);
    else
        snprintf(ret_text, TEXT_SIZE, "%.1f", value_number(values->first, 0));
}

/* Clocks differ a little: what has just begun has not begun in the future. */
static void seconds(struct value value, int days_from, char ret_text[TEXT_SIZE])
{
    if (value_is_na(value))
        copy(ret_text, TEXT_NA);
    else
        units_seconds(fmax(0, value_number(value, 0)), days_from, ret_text);
}

void text_seconds(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    seconds(values->first, UNITS_DAYS_FROM, ret_text);
}

void text_uptime(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    seconds(values->first, 1, ret_text);
}

void text_gib(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    bytes(values->first, UNITS_GIB, ret_text);
}

/* Five columns whatever the load is: it stands within brackets that must not move. */
void text_load(const struct text_values *values, char ret_text[TEXT_SIZE])
{
    double load = value_number(values->first, 0);
    if (value_is_na(values->first))
        copy(ret_text, "  " TEXT_NA);
    else if (load >= 10000)
        copy(ret_text, "9999+");
    else
        snprintf(ret_text, TEXT_SIZE, "%5.2f", load);
    ret_text[5] = 0;
}

/* By its digits rather than by arithmetic, so that it always is the number that is printed. */
double text_round_tenth(double value)
{
    char digits[TEXT_SIZE];
    if (!(value > -1e15 && value < 1e15))
        return value;
    snprintf(digits, sizeof(digits), "%.1f", value);
    return strtod(digits, NULL);
}

/* Half of the buffer is for the text, the rest for blanks and the mark: a column is narrower than
 * that. Where a wide character does not fit by half, a blank keeps the width. */
const char *text_cut_end(const char *text, int columns, const char *mark, char ret_text[TEXT_SIZE])
{
    if (utf8_width(text) <= columns)
        return text;
    int room = columns - utf8_width(mark), width;
    size_t kept = utf8_fit(text, room, &width);
    snprintf(ret_text, TEXT_SIZE, "%.*s%*s%s", (int)MIN_OF(kept, TEXT_SIZE / 2), text, room - width,
             "", mark);
    return ret_text;
}

const char *text_cut_start(const char *text, int columns, const char *mark,
                           char ret_text[TEXT_SIZE])
{
    int width = utf8_width(text), skipped;
    if (width <= columns)
        return text;
    int room = columns - utf8_width(mark);
    const char *rest = text + utf8_fit(text, width - room, &skipped);
    int missing = width - room - skipped; /* 1: a wide character is cut in two, a blank stays */
    if (missing > 0) {
        uint32_t code;
        rest += utf8_decode(rest, strlen(rest), &code);
    }
    snprintf(ret_text, TEXT_SIZE, "%s%*s%.*s", mark, missing, "", TEXT_SIZE / 2, rest);
    return ret_text;
}
