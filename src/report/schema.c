/*
 * Objects stay open, so that a reader who checks by an older schema is not stopped by members that
 * came later. `unit` is an annotation of ours: it says what a number counts.
 */
#include "report/schema.h"

#include <stdio.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/metric.h"
#include "report/node.h"
#include "report/query.h"
#include "report/snapshot_json.h"
#include "report/words.h"

/* ---- small parts ---- */

static json_t *typed(const char *type, bool may_be_null, const char *description)
{
    json_t *node = node_object();
    if (may_be_null) {
        json_t *types = node_put(node, "type", node_array());
        node_add(types, node_text(type));
        node_add(types, node_text("null"));
    } else {
        node_put(node, "type", node_text(type));
    }
    if (description)
        node_put(node, "description", node_text(description));
    return node;
}

static json_t *reference(const char *definition)
{
    char path[64];
    snprintf(path, sizeof(path), "#/$defs/%s", definition);
    json_t *node = node_object();
    node_put(node, "$ref", node_text(path));
    return node;
}

static json_t *one_of_words(const struct words *words, const char *description)
{
    json_t *node = typed("string", false, description),
           *list = node_put(node, "enum", node_array());
    for (size_t i = 0; i < words->count; i++)
        node_add(list, node_text(words->list[i]));
    return node;
}

static json_t *list_of(const char *definition, const char *description)
{
    json_t *node = typed("array", false, description);
    node_put(node, "items", reference(definition));
    return node;
}

/* ---- objects: a row per member that is no metric ---- */

struct member {
    const char *name, *type; /* the type "string" may have `words` */
    const char *definition;  /* instead of a type: an object, or a list of them */
    const struct words *words;
    bool may_be_null, may_be_absent;
    const char *description;
};

static json_t *member_node(const struct member *member)
{
    bool is_list = member->type && member->definition;
    if (is_list)
        return list_of(member->definition, member->description);
    if (member->definition)
        return reference(member->definition);
    if (member->words)
        return one_of_words(member->words, member->description);
    return typed(member->type, member->may_be_null, member->description);
}

static json_t *object_of(const struct member *members, size_t count, const char *description)
{
    json_t *object = typed("object", false, description);
    json_t *properties = node_put(object, "properties", node_object());
    json_t *required = node_put(object, "required", node_array());
    for (size_t i = 0; i < count; i++) {
        node_put(properties, members[i].name, member_node(&members[i]));
        if (!members[i].may_be_absent)
            node_add(required, node_text(members[i].name));
    }
    return object;
}

/* ---- metrics ---- */

static json_t *metric_node(const struct metric *metric)
{
    static const char *const types[] = { [NVITOP_NA] = "null",
                                         [NVITOP_INT] = "integer",
                                         [NVITOP_REAL] = "number",
                                         [NVITOP_TEXT] = "string",
                                         [NVITOP_BOOL] = "boolean" };
    json_t *node = typed(types[metric->kind], true, metric->help);
    if (metric->unit != NVITOP_UNIT_NONE)
        node_put(node, "unit", node_text(words_of(&words_unit, (int)metric->unit)));
    return node;
}

static void add_metrics(json_t *object, enum nvitop_scope scope)
{
    size_t count;
    const struct metric *rows = metric_of_scope(scope, &count);
    json_t *properties = json_object_get(object, "properties");
    for (size_t i = 0; i < count; i++)
        node_put(properties, rows[i].name, metric_node(&rows[i]));
}

/* ---- the whole ---- */

#define UNAVAILABLE                                                                                \
    {                                                                                              \
        .name = "unavailable", .definition = "unavailable"                                         \
    }

static const struct member root[] = {
    { .name = "schema_version",
      .type = "integer",
      .description = "Grows when a member goes away or changes its meaning, not for new ones." },
    { .name = "nvitop_version", .type = "string" },
    { .name = "timestamp",
      .type = "number",
      .description = "When the snapshot was taken: seconds since 1970." },
    { .name = "hostname", .type = "string", .may_be_null = true },
    { .name = "driver", .definition = "driver" },
    { .name = "host", .definition = "host", .may_be_absent = true },
    { .name = "devices",
      .type = "array",
      .definition = "device",
      .description = "Each GPU, followed by its MIG devices." },
    { .name = "processes",
      .type = "array",
      .definition = "process",
      .may_be_absent = true,
      .description = "A row per process and device. Absent if nobody asked for processes." },
};

static const struct member driver[] = {
    { .name = "state", .type = "string", .words = &words_driver },
    { .name = "since",
      .type = "number",
      .may_be_absent = true,
      .description = "Since when the state is not ok: seconds since 1970." },
    { .name = "error",
      .type = "string",
      .may_be_absent = true,
      .description = "The driver's reason while the state is failed." },
    { .name = "version", .type = "string", .may_be_null = true },
    { .name = "cuda_version",
      .type = "string",
      .may_be_null = true,
      .description = "The newest CUDA that the driver supports." },
    { .name = "device_count",
      .type = "integer",
      .description = "GPUs that the driver has, shown or not." },
    { .name = "has_process_lists",
      .type = "boolean",
      .description = "False: this driver cannot list processes at all." },
    UNAVAILABLE,
};

static const struct member host[] = { UNAVAILABLE };

static const struct member device[] = {
    { .name = "index", .type = "integer", .description = "NVML's index of the GPU." },
    { .name = "mig_index",
      .type = "integer",
      .may_be_null = true,
      .description = "NVML's index of the MIG device under it; null: the GPU itself." },
    { .name = "condition", .type = "string", .words = &words_condition },
    { .name = "nvml_code",
      .type = "integer",
      .may_be_absent = true,
      .description = "The driver's return code behind lost and error." },
    { .name = "silent_since",
      .type = "number",
      .may_be_absent = true,
      .description = "Since when a call to the driver has been out: seconds since 1970." },
    { .name = "is_leaf",
      .type = "boolean",
      .description = "A MIG device, or a GPU without any: what can run something." },
    { .name = "is_stale",
      .type = "boolean",
      .description = "The GPU answers late; the values are of its last answer." },
    UNAVAILABLE,
};

static const struct member process[] = {
    { .name = "pid", .type = "integer", .description = "As the driver tells." },
    { .name = "start_ticks",
      .type = "integer",
      .may_be_null = true,
      .description = "Field 22 of /proc/PID/stat: with pid, which process it is; null: unknown, "
                     "for the reason that `presence` gives." },
    { .name = "device", .type = "integer", .description = "Its place in `devices`, from 0." },
    { .name = "device_index", .type = "integer" },
    { .name = "device_mig_index", .type = "integer", .may_be_null = true },
    { .name = "device_uuid", .type = "string", .may_be_null = true },
    { .name = "presence", .type = "string", .words = &words_presence },
    { .name = "is_own",
      .type = "boolean",
      .description = "It runs under the user who took the snapshot." },
    UNAVAILABLE,
};

static const struct member reason[] = {
    { .name = "why", .type = "string", .words = &words_why },
    { .name = "nvml_code",
      .type = "integer",
      .may_be_absent = true,
      .description = "The driver's return code, if there was one." },
};

static const struct member metric_list[] = {
    { .name = "schema_version", .type = "integer" },
    { .name = "metrics", .type = "array", .definition = "metric" },
};

static const struct member metric[] = {
    { .name = "metric", .type = "string", .description = "The word of --query." },
    { .name = "name", .type = "string", .description = "The member of the object of its scope." },
    { .name = "scope", .type = "string", .words = &words_scope },
    { .name = "unit", .type = "string", .words = &words_unit },
    { .name = "kind", .type = "string", .words = &words_kind },
    { .name = "is_gpu", .type = "boolean", .may_be_absent = true },
    { .name = "is_mig", .type = "boolean", .may_be_absent = true },
    { .name = "is_blocking",
      .type = "boolean",
      .description = "Its driver call takes 20 ms and more; read only if --query names it." },
    { .name = "help", .type = "string" },
};

static const struct {
    const char *name, *description;
    const struct member *members;
    size_t count;
    enum nvitop_scope scope; /* SYSTEM: no metrics */
} definitions[] = {
    { "driver", NULL, driver, ARRAY_LEN(driver), NVITOP_SCOPE_SYSTEM },
    { "host", NULL, host, ARRAY_LEN(host), NVITOP_SCOPE_HOST },
    { "device", NULL, device, ARRAY_LEN(device), NVITOP_SCOPE_DEVICE },
    { "process", NULL, process, ARRAY_LEN(process), NVITOP_SCOPE_PROCESS },
    { "reason", "Why a value is null.", reason, ARRAY_LEN(reason), NVITOP_SCOPE_SYSTEM },
    { "metric", NULL, metric, ARRAY_LEN(metric), NVITOP_SCOPE_SYSTEM },
    { "metric_list", "What `nvitop --list-metrics --json` prints.", metric_list,
      ARRAY_LEN(metric_list), NVITOP_SCOPE_SYSTEM },
};

static json_t *unavailable_node(void)
{
    json_t *node = typed("object", false,
                         "For each metric that is null, under the same name, why. A metric that "
                         "nobody asked for is in neither place.");
    node_put(node, "additionalProperties", reference("reason"));
    return node;
}

void schema_write(struct str *out)
{
    json_t *schema = object_of(root, ARRAY_LEN(root),
                               "A snapshot of GPUs, their processes and the host, as `nvitop "
                               "--json` and nvitop_snapshot_json write it.");
    json_t *head = node_object();
    node_put(head, "$schema", node_text("https://json-schema.org/draft/2020-12/schema"));
    node_put(head, "title", node_text("nvitop snapshot"));
    node_merge(head, schema);
    json_t *defs = node_put(head, "$defs", node_object());
    for (size_t i = 0; i < ARRAY_LEN(definitions); i++) {
        json_t *object =
            object_of(definitions[i].members, definitions[i].count, definitions[i].description);
        add_metrics(object, definitions[i].scope);
        node_put(defs, definitions[i].name, object);
    }
    node_put(defs, "unavailable", unavailable_node());
    node_write(head, true, out);
    str_append_char(out, '\n');
}
