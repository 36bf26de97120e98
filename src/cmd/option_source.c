/* Setters of the options that all programs have; each is given the settings of the program. */
#include "cmd/option_source.h"

#include "base/arena.h"

bool option_source_demo(struct option_call *call)
{
    struct source_settings *source = call->settings;
    source->demo = call->count ? arena_strdup(call->arena, call->values[0]) : NULL;
    source->has_demo = true;
    return true;
}

/* A variable that is empty is as one that is not set. */
static void set_path(const char **path, struct arena *arena, const char *value)
{
    if (*value)
        *path = arena_strdup(arena, value);
}

void option_source_nvml(void *settings, struct arena *arena, const char *value)
{
    set_path(&((struct source_settings *)settings)->nvml_path, arena, value);
}

void option_source_procfs(void *settings, struct arena *arena, const char *value)
{
    set_path(&((struct source_settings *)settings)->procfs, arena, value);
}
