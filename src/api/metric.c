/* The metric table, told row by row. */
#include "api/api.h"
#include "base/mem.h"

static const int applies[] = {
    [METRIC_GPU_ONLY] = NVITOP_APPLIES_GPU,
    [METRIC_GPU_AND_MIG] = NVITOP_APPLIES_GPU | NVITOP_APPLIES_MIG,
    [METRIC_MIG_ONLY] = NVITOP_APPLIES_MIG,
};

/* How long what a tier asks for is good; what changes with every question is always asked. */
static const int refresh_ms[] = {
    [TIER_STATIC] = -1, [TIER_FAST] = 0, [TIER_SLOW] = 5000, [TIER_RARE] = 60000, [TIER_LANE] = 0,
};

int nvitop_metric_info(int id, struct nvitop_metric_row *ret_row)
{
    const struct metric *metric = metric_by_id(id);
    if (!metric || !ret_row)
        return NVITOP_EINVAL;
    int scope = metric_scope(id);
    bool is_device = scope == NVITOP_SCOPE_DEVICE;
    struct nvitop_metric_row row = {
        .id = id,
        .scope = scope,
        .unit = (int32_t)metric->unit,
        .kind = (int32_t)metric->kind,
        .applies = is_device ? applies[metric->has] : 0,
        .refresh_ms = is_device ? refresh_ms[metric->tier] : 0,
        .is_blocking = is_device && metric->tier == TIER_LANE,
        .collector_divisor = metric->collector ? metric->collector_divisor : 0,
        .name = metric->name,
        .collector_name = metric->collector,
        .help = metric->help,
    };
    return api_copy_out(ret_row, &row, sizeof(row)) ? NVITOP_OK : NVITOP_EINVAL;
}

int nvitop_metric_id(int scope, const char *name)
{
    if (!name || scope < NVITOP_SCOPE_SYSTEM || scope > NVITOP_SCOPE_HOST)
        return NVITOP_EINVAL;
    const struct metric *metric = metric_by_name((enum nvitop_scope)scope, name);
    return metric ? metric->id : NVITOP_ENOTFOUND;
}

int nvitop_metric_list(int scope, int *ret_ids, size_t cap, size_t *ret_count)
{
    size_t count;
    bool is_scope = scope >= NVITOP_SCOPE_SYSTEM && scope <= NVITOP_SCOPE_HOST;
    if (!is_scope || !api_is_array(ret_ids, cap, ret_count))
        return NVITOP_EINVAL;
    const struct metric *rows = metric_of_scope((enum nvitop_scope)scope, &count);
    for (size_t i = 0; i < MIN_OF(cap, count); i++)
        ret_ids[i] = rows[i].id;
    *ret_count = count;
    return NVITOP_OK;
}
