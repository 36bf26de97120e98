/* Writes heads and samples. Numbers have 15 digits: every byte count and decimal fraction that a
 * driver tells survives them as it was. */
#include "report/exposition.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

#define TOTAL "_total"
#define INFO "_info"

static const char *const units[] = { "bytes",  "seconds", "celsius", "watts",
                                     "joules", "hertz",   "ratio" };

static bool has_suffix(const char *text, size_t len, const char *suffix)
{
    size_t suffix_len = strlen(suffix);
    return len > suffix_len && memcmp(text + len - suffix_len, suffix, suffix_len) == 0;
}

/* ---- labels ---- */

/* A value as it is, but for what would end it. What is no UTF-8 is replaced. */
static void put_value(struct str *out, const char *value)
{
    size_t len = strlen(value);
    for (size_t at = 0, step; at < len; at += step) {
        uint32_t code;
        step = utf8_decode(value + at, len - at, &code);
        if (code == '\\' || code == '"')
            str_printf(out, "\\%c", (int)code);
        else if (code == '\n')
            str_append(out, "\\n");
        else if (step == 1 && code >= 0x80)
            str_append(out, UTF8_REPLACEMENT);
        else
            str_append_bytes(out, value + at, step);
    }
}

void exposition_label(struct str *labels, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    str_printf(labels, "%s%s=\"", labels->len ? "," : "", name);
    put_value(labels, value);
    str_append_char(labels, '"');
}

/* ---- families ---- */

void exposition_family(struct exposition *exposition, const char *prefix, const char *name,
                       const char *help)
{
    str_clear(&exposition->name);
    str_printf(&exposition->name, "%s%s", prefix, name);
    str_clear(&exposition->help);
    put_value(&exposition->help, help);
    exposition->has_head = false;
}

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

static void put_head(const struct exposition *exposition)
{
    const char *name = str_text(&exposition->name), *type = "gauge";
    size_t whole = exposition->name.len, len = whole;
    if (has_suffix(name, whole, TOTAL)) {
        type = "counter";
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

static void put_labels(const struct exposition *exposition, const char *labels)
{
    const char *common = exposition->common ? exposition->common : "";
    if (!*labels && !*common)
        return;
    str_printf(exposition->out, "{%s%s%s}", labels, *labels && *common ? "," : "", common);
}

void exposition_sample(struct exposition *exposition, const char *labels, double value)
{
    if (!isfinite(value))
        return;
    if (!exposition->has_head)
        put_head(exposition);
    exposition->has_head = true;
    str_append(exposition->out, str_text(&exposition->name));
    put_labels(exposition, labels);
    str_printf(exposition->out, " %.15g\n", value);
}

void exposition_end(struct exposition *exposition)
{
    if (exposition->is_openmetrics)
        str_append(exposition->out, "# EOF\n");
    str_done(&exposition->name);
    str_done(&exposition->help);
}
