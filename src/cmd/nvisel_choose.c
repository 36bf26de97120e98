/*
 * From snapshot to choice. Who is a candidate under --inherit is found out anew only if there are
 * other devices than before, since CUDA may have to be asked, in a process of its own.
 */
#include "cmd/nvisel_choose.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "cmd/options_nvisel.h"
#include "core/pick.h"
#include "core/snapshot.h"
#include "select/steady.h"

enum { CUDA_MS = 3000 };

void chooser_done(struct chooser *chooser)
{
    steady_free(chooser->steady);
    free(chooser->seen);
    free(chooser->candidates);
    *chooser = (struct chooser){ 0 };
}

void choice_done(struct choice *choice)
{
    snapshot_unref(choice->snapshot);
    arena_done(&choice->arena);
    *choice = (struct choice){ 0 };
}

/* ---- candidates ---- */

static struct visible_device *describe(const struct snapshot *snapshot, struct str *ret_seen)
{
    struct visible_device *devices = xcalloc(snapshot->device_count, sizeof(*devices));
    for (size_t i = 0; i < snapshot->device_count; i++) {
        devices[i] = pick_describe(&snapshot->devices[i]);
        str_printf(ret_seen, "%d:%d:%s\n", devices[i].physical, devices[i].mig,
                   devices[i].uuid ? devices[i].uuid : "");
    }
    return devices;
}

static void find_candidates(struct chooser *chooser, const struct visible_device *devices,
                            size_t count)
{
    struct pick_question question = { .visible = chooser->settings->visible,
                                      .cuda_helper = chooser->cuda_helper,
                                      .devices = devices,
                                      .count = count };
    struct visible_index *visible = xcalloc(count, sizeof(*visible));
    free(chooser->candidates);
    chooser->candidate_count = pick_resolve(&question, CUDA_MS, visible);
    chooser->candidates = xcalloc(count, sizeof(*chooser->candidates));
    for (size_t i = 0; i < chooser->candidate_count; i++)
        chooser->candidates[i] = (struct nvitop_index){ visible[i].physical, visible[i].mig };
    free(visible);
}

static void see_to_candidates(struct chooser *chooser, const struct snapshot *snapshot)
{
    struct str seen = { 0 };
    struct visible_device *devices = describe(snapshot, &seen);
    if (!chooser->seen || strcmp(chooser->seen, str_text(&seen)) != 0) {
        find_candidates(chooser, devices, snapshot->device_count);
        free(chooser->seen);
        chooser->seen = str_take(&seen);
    }
    str_done(&seen);
    free(devices);
}

/* ---- the choice ---- */

void choose(struct chooser *chooser, struct snapshot *snapshot, struct choice *ret_choice)
{
    const struct nvisel_settings *settings = chooser->settings;
    struct choice choice = { .snapshot = snapshot_ref(snapshot) };
    if (settings->is_inherited)
        see_to_candidates(chooser, snapshot);
    select_judge(snapshot, chooser->wish, settings->is_inherited ? chooser->candidates : NULL,
                 chooser->candidate_count, &choice.arena, &choice.selection);
    if (chooser->steady)
        steady_look(chooser->steady, &choice.selection, snapshot->mono_ns,
                    clock_span_ns(settings->sustain_s));
    select_rank(chooser->wish, &choice.selection);
    *ret_choice = choice;
}

size_t choice_needs(const struct chooser *chooser)
{
    const struct select_wish *wish = chooser->wish;
    int64_t needs = chooser->settings->is_waiting ? MAX_OF(wish->min_count, 1) : wish->min_count;
    return (size_t)(wish->has_max ? MIN_OF(needs, wish->max_count) : needs);
}

bool choice_is_good(const struct chooser *chooser, const struct choice *choice)
{
    return choice->selection.taken_count >= choice_needs(chooser);
}
