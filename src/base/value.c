/* The words for the reasons, in one place. */
#include "value.h"

#include <stdio.h>
#include <stdlib.h>

#include "arena.h"
#include "mem.h"

static const char *const why_texts[NVITOP_WHY_COUNT] = {
    [NVITOP_WHY_NONE] = "available",
    [NVITOP_WHY_NOT_SUPPORTED] = "not supported",
    [NVITOP_WHY_NO_PERMISSION] = "no permission",
    [NVITOP_WHY_NO_SYMBOL] = "the driver lacks the function",
    [NVITOP_WHY_LOST] = "GPU is lost",
    [NVITOP_WHY_NOT_APPLICABLE] = "not applicable",
    [NVITOP_WHY_NO_SAMPLE] = "no sample yet",
    [NVITOP_WHY_GONE] = "the process has ended",
    [NVITOP_WHY_ERROR] = "error",
    [NVITOP_WHY_STALE] = "stale",
    [NVITOP_WHY_NOT_RESPONDING] = "driver not responding",
    [NVITOP_WHY_NOT_ASKED] = "not asked for",
    [NVITOP_WHY_SUSPENDED] = "GPU is suspended",
    [NVITOP_WHY_HOST_PID] = "pid of another namespace",
};

struct value value_copy(struct arena *arena, struct value value)
{
    if (value.kind == NVITOP_TEXT)
        value.text = arena_strdup(arena, value.text);
    return value;
}

struct value value_percent(struct value part, struct value whole)
{
    if (value_is_na(part))
        return part;
    if (value_is_na(whole))
        return whole;
    double of = value_number(whole, 0);
    return of > 0 ? value_real(100.0 * value_number(part, 0) / of)
                  : value_na(NVITOP_WHY_NOT_SUPPORTED);
}

/* By way of decimal text, for x * 10 would round 54.45 the other way than the digits read. */
struct value value_percent_rounded(struct value part, struct value whole)
{
    char digits[64];
    struct value value = value_percent(part, whole);
    if (value_is_na(value))
        return value;
    snprintf(digits, sizeof(digits), "%.1f", value.r);
    return value_real(strtod(digits, NULL));
}

const char *value_why_text(enum nvitop_why why)
{
    return (unsigned)why < ARRAY_LEN(why_texts) ? why_texts[why] : why_texts[NVITOP_WHY_ERROR];
}
