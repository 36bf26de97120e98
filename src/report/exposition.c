/* Writes heads and samples. Numbers have 15 digits: every byte count and decimal fraction that a
 * driver tells survives them as it was. */
#include "report/exposition.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

#define TOTAL "_total"
#define INFO "_info"
#define COUNTER "counter"
#define WHOLE_MAX 1e15 /* has 16 digits */
#define ELLIPSIS "\xe2\x80\xa6"

enum { VALUE_BYTES_MAX = 1024, CHARACTER_BYTES_MAX = 4 };

static const char *const units[] = { "bytes",  "seconds", "celsius", "watts",
                                     "joules", "hertz",   "ratio" };

static bool has_suffix(const char *text, size_t len, const char *suffix)
{
    size_t suffix_len = strlen(suffix);
    return len > suffix_len && memcmp(text + len - suffix_len, suffix, suffix_len) == 0;
}

/* ---- texts ---- */

/* Which characters are written with a backslash before them; a newline is always `\\n`. */
#define OF_LABELS "\\\""
#define OF_HELP "\\" /* OpenMetrics has that of labels there too */

/* How much of the text stands for itself, whatever comes after it. */
static size_t plain_len(const char *text)
{
    size_t len = 0;
    for (char c = *text; c && !(c & 0x80) && c != '\\' && c != '"' && c != '\n'; c = text[len])
        len++;
    return len;
}

/* One character that may not; what is no UTF-8 is replaced. Returns its length. */
static size_t put_special(struct str *out, const char *text, size_t len, const char *escaped)
{
    uint32_t code;
    size_t step = utf8_decode(text, len, &code);
    bool is_ascii = !(*text & 0x80);
    if (is_ascii && strchr(escaped, *text))
        str_printf(out, "\\%c", *text);
    else if (code == '\n')
        str_append(out, "\\n");
    else if (step == 1 && !is_ascii)
        str_append(out, UTF8_REPLACEMENT);
    else
        str_append_bytes(out, text, step);
    return step;
}

/* As much of a text as is wanted, as it is but for what would end it. */
static void put_text(struct str *out, const char *value, size_t len, const char *escaped)
{
    for (size_t at = 0, step; at < len; at += step) {
        step = MIN_OF(plain_len(value + at), len - at);
        if (step)
            str_append_bytes(out, value + at, step);
        else
            step = put_special(out, value + at, len - at, escaped);
    }
}

/* ---- labels ---- */

/* The whole value, or as many of its characters as begin within the bound. */
static size_t value_len(const char *value)
{
    size_t len = strlen(value), cut = VALUE_BYTES_MAX;
    if (len <= cut)
        return len;
    while ((value[cut] & 0xc0) == 0x80 && cut > VALUE_BYTES_MAX - CHARACTER_BYTES_MAX)
        cut--;
    return cut;
}

void exposition_label(struct str *labels, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    size_t len = value_len(value);
    str_append(labels, labels->len ? "," : "");
    str_append(labels, name);
    str_append(labels, "=\"");
    put_text(labels, value, len, OF_LABELS);
    str_append(labels, value[len] ? ELLIPSIS "\"" : "\"");
}

/* Behind the label that begins here. A quote inside of a value is escaped. */
static const char *label_end(const char *label)
{
    const char *at = label + strcspn(label, "=") + strlen("=\"");
    while (*at != '"')
        at += *at == '\\' ? 2 : 1;
    return at + 1;
}

static bool is_named(const char *label, const char *name)
{
    size_t len = strlen(name);
    return strncmp(label, name, len) == 0 && label[len] == '=';
}

bool exposition_has_label(const char *labels, const char *name)
{
    for (const char *at = labels ? labels : ""; *at; at += *at == ',') {
        if (is_named(at, name))
            return true;
        at = label_end(at);
    }
    return false;
}

void exposition_labels_but(struct str *out, const char *labels, const char *name)
{
    for (const char *at = labels ? labels : "", *end; *at; at = end + (*end == ',')) {
        end = label_end(at);
        if (is_named(at, name))
            continue;
        str_append(out, out->len ? "," : "");
        str_append_bytes(out, at, (size_t)(end - at));
    }
}

/* ---- families ---- */

/* OpenMetrics names the family without the suffix that its samples have. */
static size_t family_len(const struct exposition *exposition, const char *suffix)
{
    return exposition->name.len - (exposition->is_openmetrics ? strlen(suffix) : 0);
}

static void put_unit(const struct exposition *exposition, int len)
{
    const char *name = str_text(&exposition->name);
    for (size_t i = 0; i < ARRAY_LEN(units); i++)
        if (has_suffix(name, (size_t)len, units[i]))
            str_printf(exposition->out, "# UNIT %.*s %s\n", len, name, units[i]);
}

static void put_foreign_head(const struct exposition *exposition)
{
    const char *name = str_text(&exposition->name);
    str_printf(exposition->out, "# HELP %s %s\n", name, str_text(&exposition->help));
    str_printf(exposition->out, "# TYPE %s %s\n", name, exposition->type);
    if (exposition->is_openmetrics && exposition->unit)
        str_printf(exposition->out, "# UNIT %s %s\n", name, exposition->unit);
}

static void put_own_head(const struct exposition *exposition)
{
    const char *name = str_text(&exposition->name), *type = "gauge";
    size_t whole = exposition->name.len, len = whole;
    if (has_suffix(name, whole, TOTAL)) {
        type = COUNTER;
        len = family_len(exposition, TOTAL);
    } else if (exposition->is_openmetrics && has_suffix(name, whole, INFO)) {
        type = "info";
        len = family_len(exposition, INFO);
    }
    str_printf(exposition->out, "# HELP %.*s %s\n", (int)len, name, str_text(&exposition->help));
    str_printf(exposition->out, "# TYPE %.*s %s\n", (int)len, name, type);
    if (exposition->is_openmetrics)
        put_unit(exposition, (int)len);
}

static void put_head(struct exposition *exposition)
{
    (exposition->type ? put_foreign_head : put_own_head)(exposition);
    exposition->has_head = true;
}

void exposition_family(struct exposition *exposition, const char *prefix, const char *name,
                       const char *help)
{
    str_clear(&exposition->name);
    str_printf(&exposition->name, "%s%s", prefix, name);
    str_clear(&exposition->help);
    put_text(&exposition->help, help, strlen(help),
             exposition->is_openmetrics ? OF_LABELS : OF_HELP);
    exposition->type = exposition->unit = NULL;
    exposition->has_head = false;
    if (exposition->is_catalogue)
        put_head(exposition);
}

void exposition_foreign(struct exposition *exposition, const char *name, const char *unit,
                        const char *type, const char *help)
{
    exposition_family(exposition, name, "", help);
    if (unit)
        str_printf(&exposition->name, "_%s", unit);
    exposition->unit = unit;
    exposition->type = exposition->is_openmetrics && strcmp(type, COUNTER) == 0 ? "unknown" : type;
}

/* ---- samples ---- */

static void put_labels(const struct exposition *exposition, const char *labels)
{
    const char *common = exposition->common ? exposition->common : "";
    if (!*labels && !*common)
        return;
    str_append_char(exposition->out, '{');
    str_append(exposition->out, labels);
    str_append(exposition->out, *labels && *common ? "," : "");
    str_append(exposition->out, common);
    str_append_char(exposition->out, '}');
}

/* Most numbers are whole, and are written without the long arithmetic of others. */
static void put_number(struct str *out, double value)
{
    char digits[24];
    size_t at = sizeof(digits);
    if (!(fabs(value) < WHOLE_MAX) || value != (double)(int64_t)value || signbit(value)) {
        str_printf(out, "%.15g", value);
        return;
    }
    int64_t rest = (int64_t)value;
    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    str_append_bytes(out, digits + at, sizeof(digits) - at);
}

void exposition_sample(struct exposition *exposition, const char *labels, double value)
{
    if (!isfinite(value))
        return;
    if (!exposition->has_head)
        put_head(exposition);
    str_append(exposition->out, str_text(&exposition->name));
    put_labels(exposition, labels);
    str_append_char(exposition->out, ' ');
    put_number(exposition->out, value);
    str_append_char(exposition->out, '\n');
}

void exposition_end(struct exposition *exposition)
{
    if (exposition->is_openmetrics)
        str_append(exposition->out, "# EOF\n");
    str_done(&exposition->name);
    str_done(&exposition->help);
}
