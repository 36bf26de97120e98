/*
 * From the lines of a file to entities: ranges, counts and expressions are multiplied out, values
 * parsed by the type of their key. Later settings win, so `[device 0-7]` then `[device 2]` works.
 */
#include "sim/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "nvitop/nvitop.h"
#include "sim/expand.h"
#include "sim/scenario_read.h"
#include "sim/scenario_target.h"
#include "sim/symbols.h"

struct builder {
    struct scenario *scenario;
    struct arena *arena;
    struct raw_file raw;
    struct scenario_value *unset[SCENARIO_SECTION_COUNT]; /* the defaults that hold no `{` */
    struct scenario_error *error;
};

/* ---- one value ---- */

static const enum curve_unit unit_of[] = {
    [SCENARIO_NUMBER] = CURVE_PLAIN,    [SCENARIO_BYTES] = CURVE_BYTES,
    [SCENARIO_WATTS] = CURVE_WATTS,     [SCENARIO_SECONDS] = CURVE_SECONDS,
    [SCENARIO_JOULES] = CURVE_JOULES,   [SCENARIO_FLAG] = CURVE_PLAIN,
    [SCENARIO_PERCENT] = CURVE_PERCENT,
};

static int parse_flag(const char *text, struct curve *ret_curve, const char **ret_why)
{
    bool is_yes = !strcmp(text, "yes");
    *ret_why = "not yes or no";
    *ret_curve = (struct curve){ .kind = CURVE_CONST, .low = is_yes };
    return is_yes || !strcmp(text, "no") ? NVITOP_OK : NVITOP_EINVAL;
}

static int parse_typed(struct builder *builder, enum scenario_type type,
                       struct scenario_value *value, const char **ret_why)
{
    switch (type) {
    case SCENARIO_TEXT:
        value->text = expand_escapes(builder->arena, value->text, ret_why);
        return value->text ? NVITOP_OK : NVITOP_EINVAL;
    case SCENARIO_FLAG: return parse_flag(value->text, &value->curve, ret_why);
    case SCENARIO_SECONDS:
        *ret_why = "not a time";
        value->curve.kind = CURVE_CONST;
        return curve_parse_number(value->text, CURVE_SECONDS, &value->curve.low);
    case SCENARIO_FAULT: return NVITOP_OK;
    default: return curve_parse(value->text, unit_of[type], builder->arena, &value->curve, ret_why);
    }
}

static int parse_value(struct builder *builder, const struct scenario_key *key, const char *text,
                       const struct scenario_entity *entity, struct scenario_value *value)
{
    const char *why = "";
    value->text =
        expand_braces(builder->arena, text, (long)entity->number, (long)entity->mig, &why);
    if (!value->text || parse_typed(builder, key->type, value, &why) < 0)
        return scenario_complain(builder->error, value->line, "%s = %.60s: %s", key->name, text,
                                 why);
    return NVITOP_OK;
}

/* ---- entities and their defaults ---- */

/* Texts without `{` are the same for every entity and are parsed once. */
static void parse_defaults(struct builder *builder)
{
    struct scenario_entity nobody = { .number = 0 };
    for (int section = 0; section < SCENARIO_SECTION_COUNT; section++) {
        const struct scenario_section_keys *known = &scenario_sections[section];
        struct scenario_value *values =
            arena_array(builder->arena, known->key_count, sizeof(*values));
        for (unsigned key = 0; key < known->key_count; key++) {
            values[key].text = "";
            if (known->keys[key].unset[0] && !strchr(known->keys[key].unset, '{'))
                parse_value(builder, &known->keys[key], known->keys[key].unset, &nobody,
                            &values[key]);
        }
        builder->unset[section] = values;
    }
}

static struct scenario_value *values_of(const struct scenario_entity *entity)
{
    return (struct scenario_value *)(uintptr_t)entity->values; /* ours until the scenario is out */
}

static void entity_init(struct builder *builder, struct scenario_entity *entity,
                        enum scenario_section section, const char *name)
{
    const struct scenario_section_keys *known = &scenario_sections[section];
    struct scenario_value *values = arena_array(builder->arena, known->key_count, sizeof(*values));
    memcpy(values, builder->unset[section], known->key_count * sizeof(*values));
    entity->section = section;
    entity->name = name;
    entity->values = values;
    for (unsigned key = 0; key < known->key_count; key++) {
        if (strchr(known->keys[key].unset, '{'))
            parse_value(builder, &known->keys[key], known->keys[key].unset, entity, &values[key]);
    }
}

/* ---- faults ---- */

/* Keys that are short for an error. key. */
static const struct {
    enum scenario_section section;
    unsigned key;
    const char *pattern;
} short_faults[] = {
    { SCENARIO_SYSTEM, SYSTEM_INIT_ERROR, "nvmlInit*" },
    { SCENARIO_SYSTEM, SYSTEM_COUNT_ERROR, "nvmlDeviceGetCount*" },
    { SCENARIO_DEVICE, DEVICE_HANDLE_ERROR, "nvmlDeviceGetHandleBy*" },
};

static const char *short_pattern(enum scenario_section section, int key)
{
    for (size_t i = 0; i < ARRAY_LEN(short_faults); i++) {
        if (short_faults[i].section == section && (int)short_faults[i].key == key)
            return short_faults[i].pattern;
    }
    return NULL;
}

static int add_fault(struct builder *builder, struct scenario_entity *entity,
                     const struct raw_setting *setting, const char *pattern)
{
    const char *why = "";
    struct fault fault = { .kind = setting->key < 0 ? setting->fault : FAULT_ERROR,
                           .pattern = pattern };
    const char *text = expand_braces(builder->arena, setting->value, (long)entity->number,
                                     (long)entity->mig, &why);
    if (!text || fault_parse(text, &fault, &why) < 0)
        return scenario_complain(builder->error, setting->line, "%.60s: %s", setting->value, why);
    struct fault *faults = arena_array(builder->arena, entity->fault_count + 1, sizeof(*faults));
    if (entity->fault_count)
        memcpy(faults, entity->faults, entity->fault_count * sizeof(*faults));
    faults[entity->fault_count++] = fault;
    entity->faults = faults;
    return NVITOP_OK;
}

/* ---- applying the sections ---- */

static int apply_setting(struct builder *builder, struct scenario_entity *entity,
                         const struct raw_setting *setting)
{
    if (setting->key < 0)
        return add_fault(builder, entity, setting, setting->pattern);
    const struct scenario_key *key = &scenario_sections[entity->section].keys[setting->key];
    struct scenario_value value = { .is_set = true, .line = setting->line };
    if (parse_value(builder, key, setting->value, entity, &value) < 0)
        return NVITOP_EINVAL;
    values_of(entity)[setting->key] = value;
    const char *pattern = short_pattern(entity->section, setting->key);
    return pattern ? add_fault(builder, entity, setting, pattern) : NVITOP_OK;
}

static int apply_section(struct builder *builder, struct scenario_entity *entity,
                         const struct raw_section *raw)
{
    for (size_t i = 0; i < raw->setting_count; i++) {
        if (apply_setting(builder, entity, &raw->settings[i]) < 0)
            return NVITOP_EINVAL;
    }
    return NVITOP_OK;
}

static int build_devices(struct builder *builder)
{
    struct scenario *scenario = builder->scenario;
    for (size_t i = 0; i < builder->raw.section_count; i++) {
        const struct raw_section *raw = &builder->raw.sections[i];
        if (raw->section == SCENARIO_DEVICE)
            scenario->device_count = MAX_OF(scenario->device_count, (size_t)raw->last + 1);
    }
    scenario->devices =
        arena_array(builder->arena, scenario->device_count, sizeof(*scenario->devices));
    for (size_t i = 0; i < builder->raw.section_count; i++) {
        const struct raw_section *raw = &builder->raw.sections[i];
        for (unsigned n = raw->first; raw->section == SCENARIO_DEVICE && n <= raw->last; n++) {
            struct scenario_entity *device = &scenario->devices[n];
            device->number = n;
            if (!device->values)
                entity_init(builder, device, SCENARIO_DEVICE, "");
            if (apply_section(builder, device, raw) < 0)
                return NVITOP_EINVAL;
        }
    }
    for (size_t n = 0; n < scenario->device_count; n++) {
        if (!scenario->devices[n].values)
            return scenario_complain(builder->error, 0, "there is no [device %zu]", n);
    }
    return NVITOP_OK;
}

static struct scenario_entity *find_mig(struct builder *builder, unsigned device, unsigned mig)
{
    struct scenario *scenario = builder->scenario;
    for (size_t i = 0; i < scenario->mig_count; i++) {
        if (scenario->migs[i].number == device && scenario->migs[i].mig == mig)
            return &scenario->migs[i];
    }
    struct scenario_entity *entity = &scenario->migs[scenario->mig_count++];
    entity->number = device;
    entity->mig = mig;
    entity_init(builder, entity, SCENARIO_MIG, "");
    return entity;
}

static int apply_mig(struct builder *builder, const struct raw_section *raw)
{
    if (raw->last >= builder->scenario->device_count)
        return scenario_complain(builder->error, raw->line, "there is no [device %u]", raw->last);
    for (unsigned device = raw->first; device <= raw->last; device++) {
        for (unsigned mig = raw->mig_first; mig <= raw->mig_last; mig++) {
            if (apply_section(builder, find_mig(builder, device, mig), raw) < 0)
                return NVITOP_EINVAL;
        }
    }
    return NVITOP_OK;
}

static int build_migs(struct builder *builder)
{
    size_t cap = 0;
    for (size_t i = 0; i < builder->raw.section_count; i++) {
        const struct raw_section *raw = &builder->raw.sections[i];
        if (raw->section == SCENARIO_MIG)
            cap += (size_t)(raw->last - raw->first + 1) * (raw->mig_last - raw->mig_first + 1);
    }
    builder->scenario->migs = arena_array(builder->arena, cap, sizeof(*builder->scenario->migs));
    for (size_t i = 0; i < builder->raw.section_count; i++) {
        const struct raw_section *raw = &builder->raw.sections[i];
        if (raw->section == SCENARIO_MIG && apply_mig(builder, raw) < 0)
            return NVITOP_EINVAL;
    }
    return NVITOP_OK;
}

/* ---- processes ---- */

static bool is_process(const struct raw_section *raw, const char *name)
{
    return raw->section == SCENARIO_PROCESS && (!name || !strcmp(raw->name, name));
}

/* How many processes the sections of one name stand for; 0 and a complaint if count is no number.
 * *ret_is_plural: `count` was given, so their names end in numbers. */
static size_t process_count(struct builder *builder, const char *name, bool *ret_is_plural)
{
    long long count = 1;
    *ret_is_plural = false;
    for (size_t i = 0; i < builder->raw.section_count; i++) {
        const struct raw_section *raw = &builder->raw.sections[i];
        for (size_t k = 0; is_process(raw, name) && k < raw->setting_count; k++) {
            if (raw->settings[k].key != PROCESS_COUNT)
                continue;
            *ret_is_plural = true;
            if (str_parse_int(raw->settings[k].value, 10, &count) && count >= 1 &&
                count <= SCENARIO_PROCESS_MAX)
                continue;
            scenario_complain(builder->error, raw->settings[k].line, "count = %.20s: not 1 to %d",
                              raw->settings[k].value, SCENARIO_PROCESS_MAX);
            return 0;
        }
    }
    return (size_t)count;
}

static int build_process(struct builder *builder, const char *name, unsigned number, bool is_plural)
{
    struct scenario *scenario = builder->scenario;
    struct scenario_entity *process = &scenario->processes[scenario->process_count++];
    process->number = number;
    if (is_plural)
        entity_init(builder, process, SCENARIO_PROCESS,
                    arena_printf(builder->arena, "%s%u", name, number));
    else
        entity_init(builder, process, SCENARIO_PROCESS, name);
    for (size_t i = 0; i < builder->raw.section_count; i++) {
        const struct raw_section *raw = &builder->raw.sections[i];
        if (is_process(raw, name) && apply_section(builder, process, raw) < 0)
            return NVITOP_EINVAL;
    }
    return scenario_find_targets(scenario, process, builder->error);
}

static bool is_first_of_name(const struct builder *builder, size_t index)
{
    const struct raw_section *sections = builder->raw.sections;
    for (size_t i = 0; i < index; i++) {
        if (is_process(&sections[i], sections[index].name))
            return false;
    }
    return true;
}

/* Room for all processes, so that nothing moves while they are built. */
static int reserve_processes(struct builder *builder)
{
    size_t total = 0;
    for (size_t i = 0; i < builder->raw.section_count; i++) {
        const struct raw_section *raw = &builder->raw.sections[i];
        bool is_plural;
        if (is_process(raw, NULL) && is_first_of_name(builder, i))
            total += process_count(builder, raw->name, &is_plural);
        if (total > SCENARIO_PROCESS_MAX)
            return scenario_complain(builder->error, raw->line, "more than %d processes",
                                     SCENARIO_PROCESS_MAX);
    }
    builder->scenario->processes =
        arena_array(builder->arena, total, sizeof(*builder->scenario->processes));
    return builder->error->text[0] ? NVITOP_EINVAL : NVITOP_OK;
}

static int build_processes(struct builder *builder)
{
    if (reserve_processes(builder) < 0)
        return NVITOP_EINVAL;
    for (size_t i = 0; i < builder->raw.section_count; i++) {
        const struct raw_section *raw = &builder->raw.sections[i];
        if (!is_process(raw, NULL) || !is_first_of_name(builder, i))
            continue;
        bool is_plural;
        size_t count = process_count(builder, raw->name, &is_plural);
        for (size_t n = 0; n < count; n++) {
            if (build_process(builder, raw->name, (unsigned)n, is_plural) < 0)
                return NVITOP_EINVAL;
        }
    }
    return NVITOP_OK;
}

/* ---- the whole ---- */

static int check_patterns(struct builder *builder, unsigned key)
{
    const struct scenario_value *value = &builder->scenario->system.values[key];
    char *list = arena_strdup(builder->arena, value->text), *rest = NULL;
    for (const char *one = strtok_r(list, ", ", &rest); one; one = strtok_r(NULL, ", ", &rest)) {
        if (!symbol_pattern_is_known(one))
            return scenario_complain(builder->error, value->line, "no symbol is called '%.60s'",
                                     one);
    }
    return NVITOP_OK;
}

static int check_system(struct builder *builder)
{
    const struct scenario_value *era = &builder->scenario->system.values[SYSTEM_ERA];
    if (era->is_set && !symbol_version(era->text))
        return scenario_complain(builder->error, era->line, "era = %.60s: not a driver version",
                                 era->text);
    if (check_patterns(builder, SYSTEM_HIDE) < 0)
        return NVITOP_EINVAL;
    return check_patterns(builder, SYSTEM_STUB);
}

static int build(struct builder *builder)
{
    struct scenario *scenario = builder->scenario;
    parse_defaults(builder);
    entity_init(builder, &scenario->system, SCENARIO_SYSTEM, "");
    entity_init(builder, &scenario->launcher, SCENARIO_LAUNCHER, "");
    for (size_t i = 0; i < builder->raw.section_count; i++) {
        const struct raw_section *raw = &builder->raw.sections[i];
        if (raw->section == SCENARIO_SYSTEM && apply_section(builder, &scenario->system, raw) < 0)
            return NVITOP_EINVAL;
        if (raw->section == SCENARIO_LAUNCHER &&
            apply_section(builder, &scenario->launcher, raw) < 0)
            return NVITOP_EINVAL;
    }
    if (check_system(builder) < 0 || build_devices(builder) < 0 || build_migs(builder) < 0)
        return NVITOP_EINVAL;
    return build_processes(builder);
}

int scenario_parse(const char *path, const char *text, size_t len, struct scenario **ret_scenario,
                   struct scenario_error *ret_error)
{
    struct scenario *scenario = xcalloc(1, sizeof(*scenario));
    struct builder builder = { .scenario = scenario,
                               .arena = &scenario->arena,
                               .error = ret_error };
    scenario->path = arena_strdup(&scenario->arena, path);
    int status = raw_file_read(text, len, &scenario->arena, &builder.raw, ret_error);
    if (status == NVITOP_OK)
        status = build(&builder);
    raw_file_done(&builder.raw);
    if (status == NVITOP_OK)
        *ret_scenario = scenario;
    else
        scenario_free(scenario);
    return status;
}

void scenario_free(struct scenario *scenario)
{
    if (!scenario)
        return;
    arena_done(&scenario->arena);
    free(scenario);
}
