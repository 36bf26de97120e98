/*
 * Curves: parsing and evaluation. A curve is data without state: the same time gives the same
 * number, noise included, in every thread and every process.
 */
#include "curve.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "nvitop/nvitop.h"
#include "nvml/nvml_abi.h"

enum { TOKEN_MAX = 20, TEXT_MAX = 512 };

struct suffix {
    const char *text;
    double factor;
};

static const struct suffix plain_suffixes[] = { { "", 1 },  { "%", 1 },   { "MHz", 1 },
                                                { "C", 1 }, { "rpm", 1 }, { NULL, 0 } };
static const struct suffix byte_suffixes[] = { { "", 1 },
                                               { "B", 1 },
                                               { "KiB", 1024.0 },
                                               { "MiB", 1048576.0 },
                                               { "GiB", 1073741824.0 },
                                               { "TiB", 1099511627776.0 },
                                               { NULL, 0 } };
static const struct suffix watt_suffixes[] = {
    { "", 1 }, { "mW", 1 }, { "W", 1e3 }, { "kW", 1e6 }, { NULL, 0 }
};
static const struct suffix second_suffixes[] = { { "", 1 },      { "s", 1 },    { "ms", 1e-3 },
                                                 { "us", 1e-6 }, { "min", 60 }, { "h", 3600 },
                                                 { "d", 86400 }, { NULL, 0 } };
static const struct suffix joule_suffixes[] = {
    { "", 1 }, { "mJ", 1 }, { "J", 1e3 }, { "kJ", 1e6 }, { NULL, 0 }
};
static const struct suffix percent_suffixes[] = { { "", 1 }, { "%", 1 }, { NULL, 0 } };

static const struct suffix *const suffixes[] = {
    [CURVE_PLAIN] = plain_suffixes,  [CURVE_BYTES] = byte_suffixes,
    [CURVE_WATTS] = watt_suffixes,   [CURVE_SECONDS] = second_suffixes,
    [CURVE_JOULES] = joule_suffixes, [CURVE_PERCENT] = percent_suffixes,
};

static const struct {
    const char *name;
    int code;
} codes[] = {
#define CODE_ROW(name, code) { #name, code },
    NVML_ABI_RETURN_CODES(CODE_ROW)
};

int curve_parse_number(const char *text, enum curve_unit unit, double *ret_number)
{
    if (!isdigit((unsigned char)*text) && !strchr("+-.", *text))
        return NVITOP_EINVAL; /* strtod would also take inf, nan */
    char *end;
    double number = strtod(text, &end);
    if (end == text || !isfinite(number))
        return NVITOP_EINVAL;
    for (const struct suffix *suffix = suffixes[unit]; suffix->text; suffix++) {
        if (!strcmp(end, suffix->text)) {
            *ret_number = number * suffix->factor;
            return NVITOP_OK;
        }
    }
    return NVITOP_EINVAL;
}

int curve_parse_code(const char *text)
{
    long long number;
    if (str_parse_int(text, 10, &number))
        return number >= 0 && number <= 9999 ? (int)number : -1;
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        const char *name = codes[i].name;
        if (str_has_prefix(name, "ERROR_") && !strcmp(name + strlen("ERROR_"), text))
            return codes[i].code;
    }
    return strcmp(text, "SUCCESS") ? -1 : 0;
}

/* ---- parsing ---- */

struct tokens {
    char text[TEXT_MAX];
    char *at[TOKEN_MAX];
    size_t count;
};

static int split(const char *text, struct tokens *tokens)
{
    if (strlen(text) >= sizeof(tokens->text))
        return NVITOP_EINVAL;
    strcpy(tokens->text, text);
    tokens->count = 0;
    char *rest = NULL;
    for (char *token = strtok_r(tokens->text, " \t", &rest); token;
         token = strtok_r(NULL, " \t", &rest)) {
        if (tokens->count == TOKEN_MAX)
            return NVITOP_EINVAL;
        tokens->at[tokens->count++] = token;
    }
    return tokens->count ? NVITOP_OK : NVITOP_EINVAL;
}

/* `… noise A` at the end; leaves the rest in `tokens`. */
static int take_noise(struct tokens *tokens, enum curve_unit unit, struct curve *curve)
{
    if (tokens->count < 3 || strcmp(tokens->at[tokens->count - 2], "noise"))
        return NVITOP_OK;
    tokens->count -= 2;
    return curve_parse_number(tokens->at[tokens->count + 1], unit, &curve->noise);
}

static int parse_wave(const struct tokens *tokens, enum curve_unit unit, struct curve *curve)
{
    if (tokens->count < 4 || tokens->count > 5 ||
        curve_parse_number(tokens->at[1], unit, &curve->low) < 0 ||
        curve_parse_number(tokens->at[2], unit, &curve->high) < 0 ||
        curve_parse_number(tokens->at[3], CURVE_SECONDS, &curve->period) < 0 ||
        !(curve->period > 0))
        return NVITOP_EINVAL;
    if (tokens->count == 5)
        return curve_parse_number(tokens->at[4], CURVE_SECONDS, &curve->phase);
    return NVITOP_OK;
}

/* `steps VALUE@TIME VALUE@TIME …`, times ascending. */
static int parse_steps(const struct tokens *tokens, enum curve_unit unit, struct arena *arena,
                       struct curve *curve)
{
    if (tokens->count < 2)
        return NVITOP_EINVAL;
    struct curve_step *steps = arena_array(arena, tokens->count - 1, sizeof(*steps));
    for (size_t i = 1; i < tokens->count; i++) {
        char *at = strchr(tokens->at[i], '@');
        if (!at)
            return NVITOP_EINVAL;
        *at = 0;
        if (curve_parse_number(tokens->at[i], unit, &steps[i - 1].value) < 0 ||
            curve_parse_number(at + 1, CURVE_SECONDS, &steps[i - 1].at) < 0 ||
            (i > 1 && steps[i - 1].at < steps[i - 2].at))
            return NVITOP_EINVAL;
    }
    curve->steps = steps;
    curve->step_count = tokens->count - 1;
    return NVITOP_OK;
}

static int parse_const(const struct tokens *tokens, enum curve_unit unit, struct curve *curve)
{
    if (tokens->count == 1 && curve_parse_number(tokens->at[0], unit, &curve->low) == NVITOP_OK)
        return NVITOP_OK;
    int code = tokens->count == 1 ? curve_parse_code(tokens->at[0]) : -1;
    if (code <= 0)
        return NVITOP_EINVAL;
    curve->kind = CURVE_ERROR;
    curve->code = code;
    return NVITOP_OK;
}

static int parse_auto(const struct tokens *tokens, enum curve_unit unit, struct curve *curve)
{
    if (tokens->count > 2)
        return NVITOP_EINVAL;
    return tokens->count == 2 ? curve_parse_number(tokens->at[1], unit, &curve->low) : NVITOP_OK;
}

static const struct {
    const char *word;
    enum curve_kind kind;
} words[] = {
    { "sine", CURVE_SINE },
    { "square", CURVE_SQUARE },
    { "ramp", CURVE_RAMP },
    { "steps", CURVE_STEPS },
    { "auto", CURVE_AUTO },
    { "host", CURVE_HOST },
    { "unavailable", CURVE_UNAVAILABLE },
};

static enum curve_kind kind_of(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (!strcmp(words[i].word, word))
            return words[i].kind;
    }
    return CURVE_CONST;
}

int curve_parse(const char *text, enum curve_unit unit, struct arena *arena,
                struct curve *ret_curve, const char **ret_why)
{
    struct tokens tokens;
    struct curve curve = { .kind = CURVE_UNSET, .is_percent = unit == CURVE_PERCENT };
    *ret_why = "not a number, a curve or an error's name";
    if (split(text, &tokens) < 0 || take_noise(&tokens, unit, &curve) < 0)
        return NVITOP_EINVAL;
    curve.kind = kind_of(tokens.at[0]);
    int status = NVITOP_OK;
    switch (curve.kind) {
    case CURVE_SINE:
    case CURVE_SQUARE:
    case CURVE_RAMP:
        *ret_why = "a curve is written LOW HIGH PERIOD [PHASE]";
        status = parse_wave(&tokens, unit, &curve);
        break;
    case CURVE_STEPS:
        *ret_why = "steps are written VALUE@TIME, times ascending";
        status = parse_steps(&tokens, unit, arena, &curve);
        break;
    case CURVE_AUTO: status = parse_auto(&tokens, unit, &curve); break;
    case CURVE_CONST: status = parse_const(&tokens, unit, &curve); break;
    default: status = tokens.count == 1 ? NVITOP_OK : NVITOP_EINVAL; break;
    }
    if (status == NVITOP_OK)
        *ret_curve = curve;
    return status;
}

/* ---- evaluation ---- */

/* -1 … 1, by the seed and the quarter of a second. */
static double noise_at(uint64_t seed, double t)
{
    uint64_t x = seed + (uint64_t)(int64_t)floor(t * 4) * UINT64_C(0x9e3779b97f4a7c15);
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    x ^= x >> 31;
    return (double)(x >> 11) / 4503599627370496.0 - 1.0;
}

static double step_at(const struct curve *curve, double t)
{
    double value = curve->steps[0].value;
    for (size_t i = 1; i < curve->step_count && curve->steps[i].at <= t; i++)
        value = curve->steps[i].value;
    return value;
}

static double smooth_at(const struct curve *curve, double t)
{
    if (curve->kind == CURVE_STEPS)
        return step_at(curve, t);
    if (curve->kind != CURVE_SINE && curve->kind != CURVE_SQUARE && curve->kind != CURVE_RAMP)
        return curve->low;
    double turns = (t + curve->phase) / curve->period;
    double part = turns - floor(turns);
    double span = curve->high - curve->low;
    if (curve->kind == CURVE_SQUARE)
        return part < 0.5 ? curve->low : curve->high;
    if (curve->kind == CURVE_RAMP)
        return curve->low + span * part;
    return curve->low + span / 2 + span / 2 * sin(2 * 3.14159265358979323846 * part);
}

/* What is out of range without its noise is meant to be: no driver's load shakes beyond 100 %. */
double curve_at(const struct curve *curve, double t, uint64_t seed)
{
    double value = smooth_at(curve, t);
    if (!(curve->noise > 0))
        return value;
    double noisy = value + curve->noise * noise_at(seed, t);
    return curve->is_percent ? fmax(fmin(value, 0), fmin(noisy, fmax(value, 100))) : noisy;
}

double curve_mean(const struct curve *curve, double t)
{
    bool is_wave =
        curve->kind == CURVE_SINE || curve->kind == CURVE_SQUARE || curve->kind == CURVE_RAMP;
    return is_wave ? (curve->low + curve->high) / 2 : smooth_at(curve, t);
}
