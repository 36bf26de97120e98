/* Number formats. Thresholds are data: the first row whose `below` exceeds the value is used. */
#include "units.h"

#include <math.h>
#include <stdio.h>

#include "mem.h"

#define KIB 1024.0
#define MIB (1024.0 * KIB)
#define GIB (1024.0 * MIB)
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

void units_bytes(double bytes, int min_gib, char ret_text[UNITS_TEXT_SIZE])
{
    size_t row = min_gib ? 3 : 0;
    while (row + 1 < ARRAY_LEN(byte_forms) && bytes >= byte_forms[row].below)
        row++;
    snprintf(ret_text, UNITS_TEXT_SIZE, "%.*f%s", byte_forms[row].decimals,
             bytes / byte_forms[row].unit, byte_forms[row].suffix);
}

void units_seconds(double seconds, char ret_text[UNITS_TEXT_SIZE])
{
    long long whole = (long long)(seconds > 0 ? seconds : 0);
    if (whole >= 4 * 86400LL)
        snprintf(ret_text, UNITS_TEXT_SIZE, "%.1f days", (double)whole / 86400.0);
    else if (whole >= 3600)
        snprintf(ret_text, UNITS_TEXT_SIZE, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60,
                 whole % 60);
    else
        snprintf(ret_text, UNITS_TEXT_SIZE, "%lld:%02lld", whole / 60, whole % 60);
}

int64_t units_round(double value)
{
    return (int64_t)nearbyint(value);
}
