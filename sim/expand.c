/*
 * A recursive-descent evaluator over a NUL-terminated text. Whole numbers only; results and
 * operands are kept within ±10^12, so no operation can overflow.
 */
#include "expand.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

enum { DEPTH_MAX = 20, WIDTH_MAX = 40 };
#define LIMIT 1000000000000LL

struct expression {
    const char *at;
    long long i, j;
    int depth;
    bool failed;
};

static long long parse_sum(struct expression *expression);

static void skip_blanks(struct expression *expression)
{
    while (*expression->at == ' ')
        expression->at++;
}

static bool take(struct expression *expression, char c)
{
    skip_blanks(expression);
    if (*expression->at != c)
        return false;
    expression->at++;
    return true;
}

static long long fail(struct expression *expression)
{
    expression->failed = true;
    return 1; /* a divisor that does no harm */
}

static long long parse_digits(struct expression *expression)
{
    long long value = 0;
    if (!isdigit((unsigned char)*expression->at))
        return fail(expression);
    while (isdigit((unsigned char)*expression->at) && value < LIMIT)
        value = value * 10 + (*expression->at++ - '0');
    return value < LIMIT ? value : fail(expression);
}

static long long parse_atom(struct expression *expression)
{
    if (expression->depth > DEPTH_MAX)
        return fail(expression);
    if (take(expression, '(')) {
        expression->depth++;
        long long value = parse_sum(expression);
        expression->depth--;
        return take(expression, ')') ? value : fail(expression);
    }
    if (take(expression, 'i'))
        return expression->i;
    if (take(expression, 'j'))
        return expression->j;
    if (take(expression, '-')) {
        expression->depth++;
        long long value = -parse_atom(expression);
        expression->depth--;
        return value;
    }
    return parse_digits(expression);
}

static long long checked(struct expression *expression, long long value)
{
    return value > -LIMIT && value < LIMIT ? value : fail(expression);
}

static long long multiply(struct expression *expression, long long a, long long b)
{
    if (a && (b > LIMIT / llabs(a) || b < -(LIMIT / llabs(a))))
        return fail(expression);
    return a * b;
}

static long long parse_product(struct expression *expression)
{
    long long value = parse_atom(expression);
    while (!expression->failed) {
        char op = take(expression, '*')   ? '*'
                  : take(expression, '/') ? '/'
                  : take(expression, '%') ? '%'
                                          : 0;
        if (!op)
            break;
        long long right = parse_atom(expression);
        if (op == '*')
            value = multiply(expression, value, right);
        else if (!right)
            return fail(expression);
        else
            value = op == '/' ? value / right : value % right;
    }
    return value;
}

static long long parse_sum(struct expression *expression)
{
    long long value = parse_product(expression);
    while (!expression->failed) {
        char op = take(expression, '+') ? '+' : take(expression, '-') ? '-' : 0;
        if (!op)
            break;
        long long right = parse_product(expression);
        value = checked(expression, op == '+' ? value + right : value - right);
    }
    return value;
}

/* `:05d`, `:02X` … up to the closing brace. */
static bool print_formatted(struct expression *expression, long long value, struct str *out)
{
    bool is_zero_padded = *expression->at == '0';
    int width = 0;
    while (isdigit((unsigned char)*expression->at) && width <= WIDTH_MAX)
        width = width * 10 + (*expression->at++ - '0');
    char kind = *expression->at ? *expression->at++ : 0;
    if (width > WIDTH_MAX || !kind || !strchr("dxX", kind))
        return false;
    char format[8] = "%*ll?";
    if (is_zero_padded)
        strcpy(format, "%0*ll?");
    *strchr(format, '?') = kind;
    char number[WIDTH_MAX + 24];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(number, sizeof(number), format, width, value);
#pragma GCC diagnostic pop
    str_append(out, number);
    return true;
}

/* From behind the opening brace to behind the closing one. */
static bool expand_one(struct expression *expression, struct str *out)
{
    long long value = parse_sum(expression);
    if (expression->failed)
        return false;
    skip_blanks(expression);
    if (*expression->at == ':') {
        expression->at++;
        if (!print_formatted(expression, value, out))
            return false;
    } else {
        str_printf(out, "%lld", value);
    }
    return take(expression, '}');
}

char *expand_braces(struct arena *arena, const char *text, long i, long j, const char **ret_why)
{
    struct str out = { 0 };
    bool is_good = true;
    const char *at = text;
    while (*at && is_good) {
        if (at[0] == '$' && at[1] == '{') {
            str_append(&out, "${"); /* a name; expressions inside it are replaced */
            at += 2;
        } else if (at[0] == '{' && at[1] == '{') {
            str_append_char(&out, '{');
            at += 2;
        } else if (*at == '{') {
            struct expression expression = { .at = at + 1, .i = i, .j = j };
            is_good = expand_one(&expression, &out);
            at = expression.at;
        } else {
            str_append_char(&out, *at++);
        }
    }
    char *result = is_good ? arena_strdup(arena, str_text(&out)) : NULL;
    str_done(&out);
    if (!result)
        *ret_why = "can't read the expression in braces ({{ is a brace)";
    return result;
}

static int hex_pair(const char *text)
{
    if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]))
        return -1;
    char pair[3] = { text[0], text[1], 0 };
    return (int)strtol(pair, NULL, 16);
}

/* One escape, from behind the backslash. Returns how many characters it took, 0 if none is known.
 */
static int escape(const char *at, char *ret_byte)
{
    int byte = *at == 'x' ? hex_pair(at + 1) : -1;
    if (byte > 0) {
        *ret_byte = (char)byte;
        return 3;
    }
    const char *known = "n\nt\t\\\\";
    for (; *known; known += 2) {
        if (*at == known[0]) {
            *ret_byte = known[1];
            return 1;
        }
    }
    return 0;
}

char *expand_escapes(struct arena *arena, const char *text, const char **ret_why)
{
    char *out = arena_alloc(arena, strlen(text) + 1);
    char *to = out;
    while (*text) {
        if (*text != '\\') {
            *to++ = *text++;
            continue;
        }
        int taken = escape(text + 1, to);
        if (!taken) {
            *ret_why = "unknown escape (known: \\xHH but \\x00, \\n, \\t, \\\\)";
            return NULL;
        }
        to++;
        text += 1 + taken;
    }
    return out;
}
