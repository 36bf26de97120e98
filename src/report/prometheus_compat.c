/*
 * Walks the peers' tables. Labels are made once for a device or a process of a peer, however many
 * samples they stand on; what is not available is no sample, as everywhere.
 */
#include "report/prometheus_compat.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/snapshot.h"
#include "report/exposition.h"
#include "report/prometheus_options.h"
#include "report/prometheus_parts.h"
#include "report/prometheus_walk.h"

static const struct compat_peer *const peers[] = { &compat_nvitop, &compat_dcgm };

/* A peer's labels, in the order of the walk; NULL for a device that it does not know. */
struct labelled {
    const char **devices, **processes, *host;
};

/* ---- which ---- */

bool compat_add(unsigned *set, const char *word, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(peers); i++)
        if (strlen(peers[i]->word) == len && memcmp(peers[i]->word, word, len) == 0) {
            *set |= 1U << i;
            return true;
        }
    return false;
}

void compat_words(const char *between, struct str *out)
{
    for (size_t i = 0; i < ARRAY_LEN(peers); i++)
        str_printf(out, "%s%s", i ? between : "", peers[i]->word);
}

void compat_metrics(struct metric_set *set)
{
    for (size_t i = 0; i < ARRAY_LEN(peers); i++)
        for (size_t j = 0; j < peers[i]->row_count; j++)
            if (metric_scope(peers[i]->rows[j].id) == NVITOP_SCOPE_DEVICE)
                metric_set_add(set, peers[i]->rows[j].id);
}

/* ---- labels ---- */

void compat_label_hostname(struct walk *walk, const char *name)
{
    if (!exposition_has_label(walk->exposition->common, name))
        walk_label(walk, name, walk->snapshot->hostname);
}

static const char *kept(struct walk *walk)
{
    return arena_strdup(&walk->arena, str_text(&walk->labels));
}

static void label(struct walk *walk, const struct compat_peer *peer, struct labelled *ret)
{
    ret->devices = arena_array(&walk->arena, walk->device_count + 1, sizeof(*ret->devices));
    ret->processes = arena_array(&walk->arena, walk->process_count + 1, sizeof(*ret->processes));
    for (size_t i = 0; i < walk->device_count; i++) {
        if (peer->has_device && !peer->has_device(walk, &walk->devices[i]))
            continue;
        walk_begin(walk, "");
        peer->label_device(walk, &walk->devices[i]);
        ret->devices[i] = kept(walk);
    }
    for (size_t i = 0; peer->label_process && i < walk->process_count; i++) {
        walk_begin(walk, "");
        peer->label_process(walk, &walk->processes[i]);
        ret->processes[i] = kept(walk);
    }
    walk_begin(walk, "");
    if (peer->label_host)
        peer->label_host(walk);
    ret->host = kept(walk);
}

/* ---- samples ---- */

static void put(struct walk *walk, const char *labels, const struct compat_row *row,
                const struct value *values, int first_id)
{
    struct value value = values[row->id - first_id];
    struct value less = row->less ? values[row->less - first_id] : value_int(0);
    if (!value_is_na(value) && !value_is_na(less))
        exposition_sample(walk->exposition, labels,
                          (value_number(value, 0) - value_number(less, 0)) * row->factor);
}

static void put_row(struct walk *walk, const struct labelled *labels, const struct compat_row *row)
{
    int scope = metric_scope(row->id);
    exposition_foreign(walk->exposition, row->name, row->unit,
                       row->is_counter ? "counter" : "gauge", row->help);
    for (size_t i = 0; scope == NVITOP_SCOPE_DEVICE && i < walk->device_count; i++)
        if (walk->devices[i].is_fresh && labels->devices[i])
            put(walk, labels->devices[i], row, walk->devices[i].row->values, NVITOP_DEV_NAME);
    for (size_t i = 0; scope == NVITOP_SCOPE_PROCESS && i < walk->process_count; i++)
        put(walk, labels->processes[i], row, walk->processes[i].row->values, NVITOP_PROC_TYPE);
    if (scope == NVITOP_SCOPE_HOST)
        put(walk, labels->host, row, walk->snapshot->host, NVITOP_HOST_CPU_PERCENT);
}

void prometheus_put_compat(struct walk *walk)
{
    for (size_t i = 0; i < ARRAY_LEN(peers); i++) {
        struct labelled labels;
        if (!(walk->how->compat >> i & 1))
            continue;
        label(walk, peers[i], &labels);
        for (size_t j = 0; j < peers[i]->row_count; j++)
            put_row(walk, &labels, &peers[i]->rows[j]);
        if (peers[i]->put_more)
            peers[i]->put_more(walk);
    }
}
