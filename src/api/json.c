/* A snapshot as text: the same text as the program's, with all that the snapshot holds. */
#include <stdlib.h>

#include "api/api.h"
#include "base/str.h"
#include "report/query.h"
#include "report/snapshot_json.h"

/* Whether nobody asked for it: no row has it, and one says so. The others may say that they could
 * not have it. */
static bool is_unasked(const struct snapshot *snapshot, const struct metric *metric)
{
    bool is_any_unasked = false;
    for (size_t i = 0; i < snapshot->device_count; i++) {
        struct value value = snapshot_device_value(&snapshot->devices[i], metric->id);
        if (!value_is_na(value) ||
            (value.why != NVITOP_WHY_NOT_ASKED && value.why != NVITOP_WHY_NOT_APPLICABLE))
            return false;
        is_any_unasked |= value.why == NVITOP_WHY_NOT_ASKED;
    }
    return is_any_unasked;
}

/* All that was read for the snapshot. */
static void ask_everything(const struct snapshot *snapshot, struct query *query)
{
    *query = (struct query){ .is_asked = { [NVITOP_SCOPE_DEVICE] = true } };
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        if (!is_unasked(snapshot, &metric_device[i]))
            query_add(query, &metric_device[i]);
    query_add_scope(query, NVITOP_SCOPE_PROCESS, true);
    query_add_scope(query, NVITOP_SCOPE_HOST, true);
}

int nvitop_snapshot_json(const struct nvitop_snapshot *snapshot, uint32_t flags, char **ret_text)
{
    if (!snapshot || !ret_text || flags & ~(uint32_t)NVITOP_JSON_PRETTY)
        return NVITOP_EINVAL;
    struct query query;
    ask_everything(api_snapshot_const(snapshot), &query);
    struct snapshot_json how = { .query = &query,
                                 .version = nvitop_version(),
                                 .is_pretty = (flags & NVITOP_JSON_PRETTY) != 0 };
    struct str text = { 0 };
    snapshot_json_write(api_snapshot_const(snapshot), &how, &text);
    *ret_text = str_take(&text);
    return NVITOP_OK;
}

void nvitop_text_free(char *text)
{
    free(text);
}
