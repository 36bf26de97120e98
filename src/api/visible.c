/* CUDA_VISIBLE_DEVICES, read as the CUDA runtime would. */
#include <stdlib.h>

#include "api/api.h"
#include "base/environment.h"
#include "base/mem.h"
#include "core/pick.h"
#include "core/visible.h"

enum { CUDA_MS = 3000 };

struct candidates {
    struct visible_device *devices; /* their texts are the survey's */
    size_t count;
};

static struct candidates describe(const struct snapshot *survey)
{
    struct candidates candidates = { .devices =
                                         xcalloc(survey->device_count, sizeof(*candidates.devices)),
                                     .count = survey->device_count };
    for (size_t i = 0; i < candidates.count; i++)
        candidates.devices[i] = pick_describe(&survey->devices[i]);
    return candidates;
}

static size_t resolve(const struct candidates *candidates, const char *value, const char *helper,
                      struct visible_index *ret_visible)
{
    int32_t *order = xcalloc(candidates->count, sizeof(*order));
    size_t ordered =
        visible_ask_cuda(helper, candidates->devices, candidates->count, CUDA_MS, order);
    size_t count = visible_resolve(value, candidates->devices, candidates->count,
                                   ordered ? order : NULL, ordered, ret_visible);
    free(order);
    return count;
}

static int find(struct nvitop_session *session, const char *value, const char *helper,
                struct visible_index **ret_visible, size_t *ret_count)
{
    struct snapshot *survey;
    int status = api_survey(session, &survey);
    if (status < 0)
        return status;
    struct candidates candidates = describe(survey);
    *ret_visible = xcalloc(candidates.count, sizeof(**ret_visible));
    *ret_count = resolve(&candidates, value, helper, *ret_visible);
    free(candidates.devices);
    snapshot_unref(survey);
    return NVITOP_OK;
}

int nvitop_visible_devices(struct nvitop_session *session, const char *value, uint32_t flags,
                           struct nvitop_index *ret_indices, size_t cap, size_t *ret_count)
{
    struct visible_index *visible = NULL;
    size_t count = 0;
    bool is_good = !(flags & ~(uint32_t)(NVITOP_VISIBLE_ENVIRONMENT | NVITOP_VISIBLE_PCI_ORDER)) &&
                   api_is_array(ret_indices, cap, ret_count);
    int status = is_good ? api_begin(session) : NVITOP_EINVAL;
    if (status < 0)
        return status;
    if (flags & NVITOP_VISIBLE_ENVIRONMENT)
        value = environment_get("CUDA_VISIBLE_DEVICES");
    const char *helper = flags & NVITOP_VISIBLE_PCI_ORDER ? NULL : session->cuda_helper;
    status = find(session, value, helper, &visible, &count);
    if (status == NVITOP_OK) {
        for (size_t i = 0; i < MIN_OF(cap, count); i++)
            ret_indices[i] = (struct nvitop_index){ visible[i].physical, visible[i].mig };
        *ret_count = count;
    }
    free(visible);
    api_end(session);
    return status;
}
