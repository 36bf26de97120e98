/*
 * Texts of the public header: those of nvitop's screens, whole or cut, with the length that they
 * would have had. None of them depends on the locale.
 */
#include <limits.h>
#include <math.h>
#include <stdio.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/mem.h"
#include "base/units.h"
#include "base/value_text.h"
#include "core/command.h"

/* As snprintf: NULL only asks for the length. */
static bool is_buffer(const char *buf, size_t size)
{
    return buf || size == 0;
}

static int give(const char *text, char *buf, size_t size)
{
    size_t len = value_text_of(value_text(text), NVITOP_UNIT_NONE, buf, size);
    return (int)MIN_OF(len, (size_t)INT_MAX);
}

int nvitop_bytes_human(double bytes, double min_unit, char *buf, size_t size)
{
    char text[UNITS_TEXT_SIZE];
    bool is_size = fabs(bytes) < UNITS_BYTES_MAX && !isnan(min_unit); /* NaN is not less */
    if (!is_size || !is_buffer(buf, size))
        return NVITOP_EINVAL;
    units_bytes(bytes, min_unit, text);
    return give(text, buf, size);
}

int nvitop_human_bytes(const char *text, double *ret_bytes)
{
    return text && ret_bytes && units_parse_bytes(text, ret_bytes) ? NVITOP_OK : NVITOP_EINVAL;
}

int nvitop_seconds_human(double seconds, uint32_t flags, char *buf, size_t size)
{
    char text[UNITS_TEXT_SIZE];
    bool is_time = fabs(seconds) < UNITS_SECONDS_MAX;
    if (!is_time || flags & ~(uint32_t)NVITOP_SECONDS_ROUND || !is_buffer(buf, size))
        return NVITOP_EINVAL;
    units_seconds(seconds, flags & NVITOP_SECONDS_ROUND ? 1 : UNITS_DAYS_FROM, text);
    return give(text, buf, size);
}

int nvitop_command_join(const char *const *argv, size_t argc, char *buf, size_t size)
{
    struct arena arena = { 0 };
    if ((argc && !argv) || !is_buffer(buf, size))
        return NVITOP_EINVAL;
    for (size_t i = 0; i < argc; i++)
        if (!argv[i])
            return NVITOP_EINVAL;
    int len = give(command_line(&arena, argv, argc), buf, size);
    arena_done(&arena);
    return len;
}

/* ---- values ---- */

/* False: it is none that this library could have made. */
static bool read_value(const struct nvitop_value *public, struct value *ret_value)
{
    *ret_value = (struct value){ .kind = public->kind, .why = public->why };
    ret_value->code = public->nvml_code;
    if (public->kind == NVITOP_TEXT)
        ret_value->text = public->u.text;
    else if (public->kind == NVITOP_REAL)
        ret_value->r = public->u.r;
    else
        ret_value->i = public->u.i;
    return public->kind <= NVITOP_BOOL && (public->kind != NVITOP_TEXT || public->u.text);
}

int nvitop_value_format(const struct nvitop_value *value, int unit, char *buf, size_t size)
{
    struct value read;
    bool is_unit = unit >= NVITOP_UNIT_NONE && unit <= NVITOP_UNIT_BITS;
    if (!value || !is_unit || !is_buffer(buf, size) || !read_value(value, &read))
        return NVITOP_EINVAL;
    return (int)MIN_OF(value_text_of(read, (enum nvitop_unit)unit, buf, size), (size_t)INT_MAX);
}
