/* A snapshot as text: the same text as the program's, with all that the snapshot holds. */
#include <stdlib.h>

#include "api/api.h"
#include "base/str.h"
#include "report/query.h"
#include "report/snapshot_json.h"

/* What was not read for the snapshot is absent, so everything may be asked for. */
static void ask_everything(struct query *query)
{
    *query = (struct query){ .count = 0 };
    query_add_scope(query, NVITOP_SCOPE_DEVICE, true);
    query_add_scope(query, NVITOP_SCOPE_PROCESS, true);
    query_add_scope(query, NVITOP_SCOPE_HOST, true);
}

int nvitop_snapshot_json(const struct nvitop_snapshot *snapshot, uint32_t flags, char **ret_text)
{
    if (!snapshot || !ret_text || flags & ~(uint32_t)NVITOP_JSON_PRETTY)
        return NVITOP_EINVAL;
    struct query query;
    ask_everything(&query);
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
