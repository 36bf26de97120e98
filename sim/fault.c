/* Faults: parsing, and whether one hits a given call. Counting the calls is the caller's. */
#include "fault.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "nvitop/nvitop.h"
#include "sim/curve.h"

static bool parse_count(const char *text, unsigned *ret_count)
{
    long long number;
    if (!str_parse_int(text, 10, &number) || number < 0 || number > 1000000000)
        return false;
    *ret_count = (unsigned)number;
    return true;
}

static bool parse_condition(const char *word, const char *argument, struct fault *fault)
{
    if (!strcmp(word, "after"))
        return parse_count(argument, &fault->after);
    if (!strcmp(word, "times"))
        return parse_count(argument, &fault->times);
    if (!strcmp(word, "at"))
        return curve_parse_number(argument, CURVE_SECONDS, &fault->at) == NVITOP_OK;
    if (!strcmp(word, "until"))
        return curve_parse_number(argument, CURVE_SECONDS, &fault->until) == NVITOP_OK;
    return false;
}

static bool parse_what(const char *word, struct fault *fault)
{
    if (fault->kind == FAULT_ERROR)
        return (fault->code = curve_parse_code(word)) > 0;
    if (fault->kind == FAULT_DELAY)
        return curve_parse_number(word, CURVE_SECONDS, &fault->seconds) == NVITOP_OK &&
               fault->seconds >= 0 && fault->seconds < 1e6;
    return !strcmp(word, "yes");
}

static const char *const what_is_wrong[FAULT_KIND_COUNT] = {
    [FAULT_ERROR] = "not an error: CODE [after N] [times N] [at T] [until T]",
    [FAULT_DELAY] = "not a delay: DURATION [after N] [times N] [at T] [until T]",
    [FAULT_HANG] = "not a hang: yes [after N] [times N] [at T] [until T]",
    [FAULT_FREEZE] = "not a freeze: yes [after N] [times N] [at T] [until T]",
};

int fault_parse(const char *text, struct fault *fault, const char **ret_why)
{
    char copy[200];
    *ret_why = what_is_wrong[fault->kind];
    if ((size_t)snprintf(copy, sizeof(copy), "%s", text) >= sizeof(copy))
        return NVITOP_EINVAL;
    char *rest = NULL;
    const char *word = strtok_r(copy, " \t", &rest);
    if (!word || !parse_what(word, fault))
        return NVITOP_EINVAL;
    while ((word = strtok_r(NULL, " \t", &rest))) {
        const char *argument = strtok_r(NULL, " \t", &rest);
        if (!argument || !parse_condition(word, argument, fault))
            return NVITOP_EINVAL;
    }
    return NVITOP_OK;
}

bool fault_pattern_matches(const char *pattern, const char *symbol)
{
    size_t len = strlen(pattern);
    if (len && pattern[len - 1] == '*')
        return !strncmp(pattern, symbol, len - 1);
    return !strcmp(pattern, symbol);
}

bool fault_hits(const struct fault *fault, unsigned call, double t)
{
    if (t < fault->at || (fault->until > 0 && t >= fault->until) || call < fault->after)
        return false;
    return !fault->times || call - fault->after < fault->times;
}
