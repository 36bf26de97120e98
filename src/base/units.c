/*
 * Number formats. Thresholds are data: the first row whose `below` exceeds the value is used.
 *
 * Neither writing nor reading depends on the locale: in the library it is the caller's.
 */
#include "units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mem.h"

#define KIB 1024.0
#define MIB (1024.0 * KIB)
#define GIB UNITS_GIB
#define TIB (1024.0 * GIB)
#define PIB (1024.0 * TIB)

static const struct {
    double below, unit;
    int decimals;
    const char *suffix;
} byte_forms[] = {
    { KIB, 1.0, 0, "B" },
    { MIB, KIB, 0, "KiB" },
    { 20 * GIB + 1, MIB, 0, "MiB" }, /* 20 GiB itself is still 20480MiB */
    { 100 * GIB, GIB, 2, "GiB" },
    { 1000 * GIB, GIB, 1, "GiB" },
    { 100 * TIB, TIB, 2, "TiB" },
    { 1000 * TIB, TIB, 1, "TiB" },
    { 100 * PIB, PIB, 2, "PiB" },
    { INFINITY, PIB, 1, "PiB" },
};

/* By the letter of a unit: K at 1. */
static const struct {
    double decimal, binary;
} byte_units[] = {
    { 1, 1 }, { 1e3, KIB }, { 1e6, MIB }, { 1e9, GIB }, { 1e12, TIB }, { 1e15, PIB },
};
static const char unit_letters[] = "kKmMgGtTpP";

void units_point(char *text)
{
    static const char of_numbers[] = "+-0123456789e";
    char *point = text + strspn(text, of_numbers);
    size_t len = strcspn(point, of_numbers);
    if (*point && point[len]) {
        *point = '.';
        memmove(point + 1, point + len, strlen(point + len) + 1);
    }
}

static void write_number(double number, int decimals, const char *suffix,
                         char ret_text[UNITS_TEXT_SIZE])
{
    double shown = decimals > 0 ? number : nearbyint(number) + 0.0; /* never -0 */
    snprintf(ret_text, UNITS_TEXT_SIZE, "%.*f", decimals, shown);
    units_point(ret_text);
    size_t len = strlen(ret_text);
    snprintf(ret_text + len, UNITS_TEXT_SIZE - len, "%s", suffix);
}

void units_bytes(double bytes, double min_unit, char ret_text[UNITS_TEXT_SIZE])
{
    double whole = nearbyint(bytes) + 0.0; /* never -0 */
    size_t row = 0;
    if (min_unit >= KIB)
        while (byte_forms[row].unit < fmin(min_unit, PIB))
            row++;
    while (row + 1 < ARRAY_LEN(byte_forms) && whole >= byte_forms[row].below)
        row++;
    write_number(whole / byte_forms[row].unit, byte_forms[row].decimals, byte_forms[row].suffix,
                 ret_text);
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t\n\v\f\r");
}

/* Digits with optional decimals; NULL if there are none. What a double cannot keep apart any more
 * is counted, not added. */
static const char *read_number(const char *at, double *ret_number)
{
    const double exact = 9007199254740992.0;
    size_t whole = strspn(at, "0123456789");
    size_t decimals = at[whole] == '.' ? strspn(at + whole + 1, "0123456789") : 0;
    if (whole == 0 || (at[whole] == '.' && decimals == 0))
        return NULL;
    double digits = 0, scale = 1;
    for (size_t i = 0; i < whole; i++)
        digits = digits * 10 + (at[i] - '0');
    for (size_t i = 0; i < decimals && digits < exact / 10 && scale < 1e22; i++) {
        digits = digits * 10 + (at[whole + 1 + i] - '0');
        scale *= 10;
    }
    *ret_number = digits / scale;
    return at + whole + (decimals ? decimals + 1 : 0);
}

/* A letter, an i only after one, a B; none of them must be there. */
static const char *read_unit(const char *at, double *ret_unit)
{
    const char *letter = *at ? strchr(unit_letters, *at) : NULL;
    size_t row = letter ? (size_t)(letter - unit_letters) / 2 + 1 : 0;
    bool is_binary = letter && (at[1] == 'i' || at[1] == 'I');
    at += (letter != NULL) + is_binary;
    *ret_unit = is_binary ? byte_units[row].binary : byte_units[row].decimal;
    return at + (*at == 'b' || *at == 'B');
}

bool units_parse_bytes(const char *text, double *ret_bytes)
{
    double number, unit;
    const char *at = skip_blanks(text);
    if (*at == '+')
        at = skip_blanks(at + 1);
    at = read_number(at, &number);
    if (!at)
        return false;
    at = skip_blanks(read_unit(skip_blanks(at), &unit));
    if (*at || !isfinite(number * unit))
        return false;
    *ret_bytes = floor(number * unit);
    return true;
}

void units_seconds(double seconds, int days_from, char ret_text[UNITS_TEXT_SIZE])
{
    double whole = floor(seconds);
    if (whole >= days_from * 86400.0) {
        write_number(whole / 86400, 1, " days", ret_text);
        return;
    }
    int number = (int)(whole >= 0 ? whole : whole - 3600 * floor(whole / 3600));
    if (number >= 3600)
        snprintf(ret_text, UNITS_TEXT_SIZE, "%d:%02d:%02d", number / 3600, number / 60 % 60,
                 number % 60);
    else
        snprintf(ret_text, UNITS_TEXT_SIZE, "%d:%02d", number / 60, number % 60);
}

int64_t units_round(double value)
{
    return (int64_t)nearbyint(value);
}
