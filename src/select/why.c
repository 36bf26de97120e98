/*
 * Sentences for verdicts: one row per fate. A value that is not available is told with its reason,
 * because "not free" and "not known" are different troubles.
 */
#include "select/why.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "core/snapshot.h"

struct telling {
    const struct select_wish *wish;
    const struct select_verdict *verdict;
    double sustain_s;
};

static void put_number(enum select_id id, double number, struct str *out)
{
    char text[UNITS_TEXT_SIZE];
    enum nvitop_unit unit = metric_by_id(select_kinds[id].metric)->unit;
    if (unit != NVITOP_UNIT_BYTES) {
        str_printf(out, unit == NVITOP_UNIT_PERCENT ? "%.0f%%" : "%.0f", number);
        return;
    }
    units_bytes(MAX_OF(MIN_OF(number, UNITS_BYTES_MAX), 0), 1, text);
    str_append(out, text);
}

void select_value_text(enum select_id id, struct value value, struct str *out)
{
    if (value_is_na(value))
        str_append(out, "N/A");
    else
        put_number(id, value_number(value, 0), out);
}

/* ---- bounds ---- */

/* Whether two sizes that differ would read the same. */
static bool look_alike(enum select_id id, double a, double b)
{
    struct str one = { 0 }, other = { 0 };
    put_number(id, a, &one);
    put_number(id, b, &other);
    bool is_same = strcmp(str_text(&one), str_text(&other)) == 0;
    str_done(&one);
    str_done(&other);
    return is_same;
}

static void tell_bound(const struct telling *telling, struct str *out)
{
    enum select_id id = telling->verdict->missed;
    struct value value = telling->verdict->values[id];
    double number = value_number(value, 0), bound = telling->wish->bounds[id].value;
    const char *than = select_kinds[id].is_least ? "at least" : "at most";
    str_printf(out, "%s ", select_kinds[id].name);
    if (value_is_na(value))
        str_printf(out, "N/A (%s)", value_why_text(value.why));
    else if (look_alike(id, number, bound))
        str_printf(out, "%.0fB", number);
    else
        put_number(id, number, out);
    str_printf(out, ", %s ", than);
    put_number(id, bound, out);
    str_append(out, " wanted");
}

static void tell_missed(const struct telling *telling, struct str *out)
{
    tell_bound(telling, out);
    if (telling->wish->tolerance <= 0)
        return;
    str_append(out, ", ");
    put_number(telling->verdict->missed, select_loosened(telling->wish, telling->verdict->missed),
               out);
    str_append(out, " tolerated");
}

static bool has_bounds(const struct select_wish *wish)
{
    bool has = false;
    for (size_t i = 0; i < SELECT_BOUND_COUNT; i++)
        has |= wish->bounds[i].is_set;
    return has;
}

static void tell_taken(const struct telling *telling, struct str *out)
{
    if (telling->verdict->penalty) {
        str_append(out, "tolerated: ");
        tell_bound(telling, out);
    } else {
        str_append(out, has_bounds(telling->wish) ? "keeps all bounds" : "no bounds were set");
    }
}

/* ---- other fates ---- */

static void tell_left_out(const struct telling *telling, struct str *out)
{
    str_append(out, telling->verdict->device->mig >= 0
                        ? "a MIG device: CUDA takes one, and no GPU beside it"
                        : "a GPU: CUDA takes none beside a MIG device");
}

static void tell_unsteady(const struct telling *telling, struct str *out)
{
    str_printf(out, "has kept the bounds for %.1f of %g s", telling->verdict->steady_s,
               telling->sustain_s);
}

static void tell_troubled(const struct telling *telling, struct str *out)
{
    static const char *const words[] = {
        [DEVICE_OK] = "its values are old: it does not answer in time",
        [DEVICE_LOST] = "lost: it needs a reset",
        [DEVICE_ERROR] = "the driver refuses it",
        [DEVICE_NOT_RESPONDING] = "does not respond",
        [DEVICE_SUSPENDED] = "suspended",
        [DEVICE_WAITING] = "has not answered yet",
    };
    const struct snapshot_device *device = telling->verdict->device;
    str_append(out, words[device->condition]);
    if (device->condition == DEVICE_ERROR && device->code)
        str_printf(out, " (NVML code %d)", (int)device->code);
}

static const struct {
    const char *word, *text;
    void (*tell)(const struct telling *telling, struct str *out); /* instead of the text */
} fates[] = {
    [SELECT_TAKEN] = { "taken", NULL, tell_taken },
    [SELECT_SPARE] = { "enough", "enough others were taken", NULL },
    [SELECT_LEFT_OUT] = { "mig", NULL, tell_left_out },
    [SELECT_UNSTEADY] = { "unsteady", NULL, tell_unsteady },
    [SELECT_MISSED] = { "bound", NULL, tell_missed },
    [SELECT_EMPTY] = { "empty", "MIG is on, and there is no MIG device", NULL },
    [SELECT_NAMELESS] = { "nameless", "its UUID is not known", NULL },
    [SELECT_TROUBLED] = { "troubled", NULL, tell_troubled },
    [SELECT_UNASKED] = { "unasked", "has not answered yet", NULL },
    [SELECT_INVISIBLE] = { "invisible", "CUDA_VISIBLE_DEVICES does not show it", NULL },
};
static_assert(ARRAY_LEN(fates) == SELECT_FATE_COUNT, "one row per fate");

void select_why(const struct select_wish *wish, const struct select_verdict *verdict,
                double sustain_s, struct str *out)
{
    struct telling telling = { wish, verdict, sustain_s };
    if (fates[verdict->fate].tell)
        fates[verdict->fate].tell(&telling, out);
    else
        str_append(out, fates[verdict->fate].text);
}

const char *select_fate_word(enum select_fate fate)
{
    return fates[fate].word;
}
