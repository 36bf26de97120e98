/*
 * A verdict for each device: those taken first, in the order of the answer. Numbers are typed; what
 * is not available is null and has its reason in `unavailable`, as in nvitop's own JSON.
 */
#include "cmd/nvisel_json.h"

#include "base/str.h"
#include "cmd/nvisel_choose.h"
#include "cmd/nvisel_list.h"
#include "cmd/option_table.h"
#include "cmd/options_nvisel.h"
#include "core/snapshot.h"
#include "report/node.h"
#include "report/words.h"
#include "select/why.h"

#define US_PER_S 1e6

/* Integers stay integers though free accounts are counted in doubles. */
static void put_value(json_t *node, json_t *unavailable, int metric, struct value value)
{
    bool is_counted = value.kind == NVITOP_REAL;
    node_put_value(node, unavailable, metric_by_id(metric)->name,
                   is_counted ? value_int((int64_t)value.r) : value);
}

static json_t *text_node(struct str *text)
{
    json_t *node = node_text(str_text(text));
    str_done(text);
    return node;
}

static void put_names(json_t *node, const struct snapshot_device *device)
{
    struct value uuid = snapshot_device_value(device, NVITOP_DEV_UUID);
    node_put(node, "index", node_int(device->physical));
    node_put(node, "mig_index", node_index(device->mig));
    node_put(node, "uuid", node_text(value_text_or(uuid, NULL)));
}

static json_t *why_node(const struct chooser *chooser, const struct select_verdict *verdict)
{
    struct str why = { 0 };
    select_why(chooser->wish, verdict, chooser->settings->sustain_s, &why);
    return text_node(&why);
}

static json_t *candidate_node(const struct chooser *chooser, const struct select_verdict *verdict)
{
    const struct snapshot_device *device = verdict->device;
    bool has_missed = verdict->fate == SELECT_MISSED || verdict->penalty > 0;
    json_t *node = node_object(), *unavailable = node_object();
    put_names(node, device);
    node_put(node, "condition", node_text(words_of(&words_condition, (int)device->condition)));
    node_put(node, "place", verdict->place ? node_int((int64_t)verdict->place) : node_text(NULL));
    node_put(node, "verdict", node_text(select_fate_word(verdict->fate)));
    node_put(
        node, "missed",
        node_text(has_missed ? metric_by_id(select_kinds[verdict->missed].metric)->name : NULL));
    node_put(node, "why", why_node(chooser, verdict));
    for (size_t i = 0; i < SELECT_BOUND_COUNT; i++)
        put_value(node, unavailable, select_kinds[i].metric, verdict->values[i]);
    put_value(node, unavailable, NVITOP_DEV_MEMORY_USED, verdict->used);
    node_put(node, "unavailable", unavailable);
    return node;
}

static json_t *bounds_node(const struct select_wish *wish)
{
    json_t *node = node_object();
    for (size_t i = 0; i < SELECT_BOUND_COUNT; i++)
        if (wish->bounds[i].is_set)
            node_put(node, metric_by_id(select_kinds[i].metric)->name,
                     node_real(wish->bounds[i].value));
    node_put(node, "tolerance", node_real(wish->tolerance));
    return node;
}

static json_t *list_node(const struct chooser *chooser, const struct choice *choice)
{
    struct str list = { 0 };
    nvisel_list(chooser, choice, ",", &list);
    return text_node(&list);
}

/* The devices with this place in the answer or, without, all that have none. */
static void add_candidates(json_t *devices, json_t *candidates, const struct chooser *chooser,
                           const struct choice *choice, bool is_taken)
{
    const struct selection *selection = &choice->selection;
    for (size_t i = 0; i < selection->count; i++) {
        const struct select_verdict *verdict = &selection->verdicts[i];
        if ((verdict->fate == SELECT_TAKEN) != is_taken)
            continue;
        node_add(candidates, candidate_node(chooser, verdict));
        if (is_taken)
            put_names(node_add(devices, node_object()), verdict->device);
    }
}

void nvisel_json(const struct chooser *chooser, const struct choice *choice, struct str *out)
{
    json_t *root = node_object();
    node_put(root, "schema_version", node_int(NVISEL_JSON_SCHEMA));
    node_put(root, "nvisel_version", node_text(options_nvisel.version));
    node_put(root, "timestamp", node_real((double)choice->snapshot->epoch_us / US_PER_S));
    node_put(root, "is_enough", node_bool(choice_is_good(chooser, choice)));
    node_put(root, "cuda_visible_devices", list_node(chooser, choice));
    node_put(root, "bounds", bounds_node(chooser->wish));
    json_t *devices = node_put(root, "devices", node_array());
    json_t *candidates = node_put(root, "candidates", node_array());
    add_candidates(devices, candidates, chooser, choice, true);
    add_candidates(devices, candidates, chooser, choice, false);
    node_write(root, true, out);
    str_append_char(out, '\n');
}
