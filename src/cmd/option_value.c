/*
 * Values of options: text in, checked value out. What is accepted is what the original's parser
 * accepts, but for numbers past 63 bits, which are errors where they would be shown.
 * Runs before setlocale, so a decimal point is a point.
 */
#include "cmd/option_table.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"

enum { PERCENT_MIN = 1, PERCENT_MAX = 99 };

static void quote_code(uint32_t code, char mark, struct str *out)
{
    static const char escapes[] = "\n\r\t";
    static const char letters[] = "nrt";
    const char *escape = code && code < 0x80 ? strchr(escapes, (int)code) : NULL;
    if (escape)
        str_printf(out, "\\%c", letters[escape - escapes]);
    else if (code == '\\' || code == (unsigned char)mark)
        str_printf(out, "\\%c", (char)code);
    else
        str_printf(out, code < 0x100 ? "\\x%02x" : code < 0x10000 ? "\\u%04x" : "\\U%08x", code);
}

static bool is_printable(struct arena *arena, const char *text, size_t len)
{
    const char *shown = utf8_printable(arena, text, len);
    return strlen(shown) == len && memcmp(shown, text, len) == 0;
}

void option_quote(const char *text, struct str *out)
{
    struct arena arena = { 0 };
    size_t len = strlen(text), step;
    char mark = strchr(text, '\'') && !strchr(text, '"') ? '"' : '\'';
    str_append_char(out, mark);
    for (const char *at = text; len; at += step, len -= step) {
        uint32_t code;
        step = utf8_decode(at, len, &code);
        bool is_invalid = step == 1 && (unsigned char)*at >= 0x80;
        if (is_invalid) /* as the original shows a byte that is no UTF-8 */
            str_printf(out, "\\udc%02x", (unsigned char)*at);
        else if (code == '\\' || code == (unsigned char)mark || !is_printable(&arena, at, step))
            quote_code(code, mark, out);
        else
            str_append_bytes(out, at, step);
    }
    str_append_char(out, mark);
    arena_done(&arena);
}

static bool invalid(struct option_call *call, const char *kind, const char *value)
{
    str_printf(call->err, "invalid %s value: ", kind);
    option_quote(value, call->err);
    return false;
}

bool option_set_flag(struct option_call *call)
{
    static const char *const words[] = { "no", "yes", "false", "true", "off", "on", "0", "1" };
    bool *flag = (bool *)((char *)call->settings + call->row->offset);
    if (call->count == 0) {
        *flag = true;
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcasecmp(call->values[0], words[i]) == 0) {
            *flag = i % 2;
            return true;
        }
    return invalid(call, "yes or no", call->values[0]);
}

bool option_set_text(struct option_call *call)
{
    if (!*call->values[0])
        return invalid(call, "path", call->values[0]);
    const char **text = (const char **)(void *)((char *)call->settings + call->row->offset);
    *text = arena_strdup(call->arena, call->values[0]);
    return true;
}

bool option_choice(struct option_call *call, const char *value, int *ret_index)
{
    const char *const *choices = call->row->choices;
    for (int i = 0; choices[i]; i++)
        if (strcmp(choices[i], value) == 0) {
            *ret_index = i;
            return true;
        }
    str_append(call->err, "invalid choice: ");
    option_quote(value, call->err);
    for (size_t i = 0; choices[i]; i++)
        str_printf(call->err, "%s'%s'", i ? ", " : " (choose from ", choices[i]);
    str_append_char(call->err, ')');
    return false;
}

/* Is there an underscore at text[at] that groups digits? */
static bool is_grouping(const char *text, size_t len, size_t at)
{
    return at > 0 && at + 1 < len && text[at] == '_' && isdigit((unsigned char)text[at - 1]) &&
           isdigit((unsigned char)text[at + 1]);
}

/* How many digits stand at *at, which is moved behind them. */
static size_t skip_digits(const char *text, size_t len, size_t *at)
{
    size_t digits = 0;
    for (; *at < len; ++*at)
        if (isdigit((unsigned char)text[*at]))
            digits++;
        else if (!is_grouping(text, len, *at))
            break;
    return digits;
}

/* Decimal notation, nothing else that strtod would take (hexadecimal, nan(…)). */
static bool is_decimal(const char *text, size_t len)
{
    size_t at = 0;
    at += at < len && strchr("+-", text[at]) != NULL;
    size_t digits = skip_digits(text, len, &at);
    if (at < len && text[at] == '.') {
        at++;
        digits += skip_digits(text, len, &at);
    }
    if (!digits)
        return false;
    if (at < len && (text[at] | 0x20) == 'e') {
        at++;
        at += at < len && strchr("+-", text[at]) != NULL;
        if (!skip_digits(text, len, &at))
            return false;
    }
    return at == len;
}

/* strtod without the underscores. */
static double to_number(const char *text, size_t len)
{
    struct str plain = { 0 };
    for (size_t i = 0; i < len; i++)
        if (text[i] != '_')
            str_append_char(&plain, text[i]);
    double number = strtod(str_text(&plain), NULL);
    str_done(&plain);
    return number;
}

static const char *trim(const char *text, size_t *ret_len)
{
    static const char blanks[] = " \t\n\v\f\r";
    text += strspn(text, blanks);
    size_t len = strlen(text);
    while (len && strchr(blanks, text[len - 1]))
        len--;
    *ret_len = len;
    return text;
}

/* NaN if it is no number. */
static double read_number(const char *value)
{
    size_t len;
    const char *text = trim(value, &len);
    return is_decimal(text, len) ? to_number(text, len) : NAN;
}

bool option_positive(struct option_call *call, const char *value, double *ret_number)
{
    double number = read_number(value);
    if (!isfinite(number) || number <= 0)
        return invalid(call, "positive float", value);
    *ret_number = number;
    return true;
}

bool option_seconds(struct option_call *call, const char *value, double *ret_seconds)
{
    double number = read_number(value);
    if (!isfinite(number) || number < 0)
        return invalid(call, "seconds", value);
    *ret_seconds = number;
    return true;
}

/* A number past 63 bits is the greatest or least there is, and *ret_is_huge. */
static bool read_integer(const char *text, int64_t *ret_value, bool *ret_is_huge)
{
    size_t len;
    text = trim(text, &len);
    bool is_negative = len && *text == '-';
    size_t at = len && strchr("+-", *text) ? 1 : 0;
    int64_t value = 0;
    *ret_is_huge = false;
    if (at == len)
        return false;
    for (; at < len; at++) {
        int digit = text[at] - '0';
        if (is_grouping(text, len, at))
            continue;
        if (digit < 0 || digit > 9)
            return false;
        *ret_is_huge |= value > (INT64_MAX - digit) / 10;
        value = *ret_is_huge ? INT64_MAX : value * 10 + digit;
    }
    *ret_value = is_negative ? -value : value;
    return true;
}

bool option_parse_integer(const char *text, int64_t *ret_value)
{
    int64_t value;
    bool is_huge;
    if (!read_integer(text, &value, &is_huge) || is_huge)
        return false;
    *ret_value = value;
    return true;
}

static int compare_integers(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

bool option_integers(struct option_call *call, bool may_be_huge, int64_t **ret_list,
                     size_t *ret_count)
{
    int64_t *list = arena_array(call->arena, call->count + 1, sizeof(*list));
    bool is_huge;
    for (size_t i = 0; i < call->count; i++)
        if (!read_integer(call->values[i], &list[i], &is_huge) || (is_huge && !may_be_huge))
            return invalid(call, "int", call->values[i]);
    qsort(list, call->count, sizeof(*list), compare_integers);
    size_t kept = 0;
    for (size_t i = 0; i < call->count; i++)
        if (!kept || list[kept - 1] != list[i])
            list[kept++] = list[i];
    *ret_list = list;
    *ret_count = kept;
    return true;
}

static bool percent_in_range(struct option_call *call, int64_t value)
{
    if (value >= PERCENT_MIN && value <= PERCENT_MAX)
        return true;
    str_printf(call->err, "invalid choice: %lld (choose from ", (long long)value);
    for (int i = PERCENT_MIN; i <= PERCENT_MAX; i++)
        str_printf(call->err, "%s%d", i > PERCENT_MIN ? ", " : "", i);
    str_append_char(call->err, ')');
    return false;
}

bool option_percents(struct option_call *call, int ret_pair[2])
{
    int64_t pair[2] = { 0, 0 };
    if (call->count != 2) {
        str_append(call->err, "expected 2 arguments");
        return false;
    }
    for (size_t i = 0; i < 2; i++)
        if (!option_parse_integer(call->values[i], &pair[i]))
            return invalid(call, "int", call->values[i]);
    for (size_t i = 0; i < 2; i++)
        if (!percent_in_range(call, pair[i]))
            return false;
    ret_pair[0] = (int)MIN_OF(pair[0], pair[1]);
    ret_pair[1] = (int)MAX_OF(pair[0], pair[1]);
    return true;
}
