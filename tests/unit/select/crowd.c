/* Words that begin with a letter are wishes, the others are devices. A mistake ends the test. */
#include "crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/snapshot.h"

static const char *const free_users[] = { "root" };

static void mistake(const char *word)
{
    fprintf(stderr, "select.case: what is `%s`?\n", word);
    abort();
}

/* ---- wishes ---- */

static const struct {
    const char *name;
    enum select_id id;
} bounds[] = {
    { "f=", SELECT_FREE }, { "t=", SELECT_TOTAL }, { "G=", SELECT_GPU }, { "M=", SELECT_MEMORY }
};

static void read_from(struct crowd *crowd, const char *list)
{
    crowd->has_from = 1;
    while (*list) {
        char *end;
        struct nvitop_index *index = &crowd->from[crowd->from_count++];
        index->physical = (int32_t)strtol(list, &end, 10);
        index->mig = *end == '.' ? (int32_t)strtol(end + 1, &end, 10) : -1;
        list = end + (*end == ',');
    }
}

static void read_wish(struct crowd *crowd, const char *word)
{
    struct select_wish *wish = &crowd->wish;
    for (size_t i = 0; i < ARRAY_LEN(bounds); i++)
        if (strncmp(word, bounds[i].name, 2) == 0) {
            wish->bounds[bounds[i].id] = (struct select_bound){ true, strtod(word + 2, NULL) };
            return;
        }
    if (strncmp(word, "tol=", 4) == 0) {
        wish->tolerance = strtod(word + 4, NULL);
    } else if (strncmp(word, "min=", 4) == 0) {
        wish->min_count = strtol(word + 4, NULL, 10);
    } else if (strncmp(word, "max=", 4) == 0) {
        wish->has_max = true;
        wish->max_count = strtol(word + 4, NULL, 10);
    } else if (strncmp(word, "from=", 5) == 0) {
        read_from(crowd, word + 5);
    } else if (strcmp(word, "unsorted") == 0) {
        wish->is_unsorted = true;
    } else if (strcmp(word, "accounts") == 0) {
        wish->free_users = free_users;
        wish->free_user_count = 1;
    } else {
        mistake(word);
    }
}

/* ---- devices ---- */

static void set(struct snapshot_device *device, int id, struct value value)
{
    device->values[id - NVITOP_DEV_NAME] = value;
}

/* A number, or `-` for one that is not available. */
static struct value read_number(const char **at)
{
    if (**at == '-') {
        ++*at;
        return value_na(NVITOP_WHY_ERROR);
    }
    char *end;
    struct value value = value_int(strtoll(*at, &end, 10));
    *at = end;
    return value;
}

static void read_flag(struct snapshot_device *device, const char *flag)
{
    static const struct {
        const char *name;
        enum device_condition condition;
    } conditions[] = { { "lost", DEVICE_LOST },
                       { "error", DEVICE_ERROR },
                       { "silent", DEVICE_NOT_RESPONDING },
                       { "asleep", DEVICE_SUSPENDED },
                       { "waiting", DEVICE_WAITING } };
    for (size_t i = 0; i < ARRAY_LEN(conditions); i++)
        if (strcmp(flag, conditions[i].name) == 0) {
            device->condition = conditions[i].condition;
            return;
        }
    if (strcmp(flag, "stale") == 0)
        device->is_stale = true;
    else if (strcmp(flag, "split") == 0)
        set(device, NVITOP_DEV_MIG_MODE, value_int(1));
    else if (strcmp(flag, "nameless") == 0)
        set(device, NVITOP_DEV_UUID, value_na(NVITOP_WHY_NOT_SUPPORTED));
    else if (strcmp(flag, "unread") == 0)
        set(device, NVITOP_DEV_UUID, value_na(NVITOP_WHY_NOT_ASKED));
    else
        mistake(flag);
}

/* Processes of root that hold so much; `-` holds nobody knows what. */
static void add_process(struct snapshot *snapshot, size_t device, const char **at)
{
    struct snapshot_process *process = &snapshot->processes[snapshot->process_count++];
    *process =
        (struct snapshot_process){ .pid = (uint32_t)snapshot->process_count, .device = device };
    const char *user = **at == '@' ? "ann" : "root";
    *at += **at == '@';
    process->values[NVITOP_PROC_USER - NVITOP_PROC_TYPE] = value_text(user);
    process->values[NVITOP_PROC_GPU_MEMORY - NVITOP_PROC_TYPE] = read_number(at);
}

/* INDEX[.MIG]:TOTAL/USED,GPU,MEMORY[+PROCESS …][!FLAG] */
static void read_device(struct crowd *crowd, const char *word)
{
    struct snapshot *snapshot = crowd->snapshot;
    size_t row = snapshot->device_count++;
    struct snapshot_device *device = &snapshot->devices[row];
    const char *at = word;
    *device = (struct snapshot_device){ .mig = -1, .is_leaf = true };
    device->physical = (int32_t)read_number(&at).i;
    if (*at == '.') {
        at++;
        device->mig = (int32_t)read_number(&at).i;
        for (size_t i = 0; i < row; i++)
            snapshot->devices[i].is_leaf &=
                snapshot->devices[i].physical != device->physical || snapshot->devices[i].mig >= 0;
    }
    if (*at++ != ':')
        mistake(word);
    struct value total = read_number(&at);
    at++;
    struct value used = read_number(&at);
    bool has_memory = !value_is_na(total) && !value_is_na(used);
    set(device, NVITOP_DEV_UUID,
        value_text(
            arena_printf(&snapshot->arena, "%d.%d", (int)device->physical, (int)device->mig)));
    set(device, NVITOP_DEV_MEMORY_TOTAL, total);
    set(device, NVITOP_DEV_MEMORY_USED, used);
    set(device, NVITOP_DEV_MEMORY_FREE, has_memory ? value_int(total.i - used.i) : used);
    at++;
    set(device, NVITOP_DEV_UTIL_GPU, read_number(&at));
    at++;
    set(device, NVITOP_DEV_UTIL_MEMORY, read_number(&at));
    while (*at == '+') {
        at++;
        add_process(snapshot, row, &at);
    }
    if (*at == '!')
        read_flag(device, at + 1);
    else if (*at)
        mistake(word);
}

void crowd_read(const char *line, struct crowd *ret_crowd)
{
    struct crowd crowd = { .snapshot = snapshot_new() };
    struct arena *arena = &crowd.snapshot->arena;
    crowd.snapshot->devices = arena_array(arena, CROWD_MAX, sizeof(struct snapshot_device));
    crowd.snapshot->processes = arena_array(arena, CROWD_MAX, sizeof(struct snapshot_process));
    char *words = arena_strdup(arena, line), *rest;
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        if (*word >= '0' && *word <= '9')
            read_device(&crowd, word);
        else
            read_wish(&crowd, word);
    }
    *ret_crowd = crowd;
}

void crowd_done(struct crowd *crowd)
{
    snapshot_unref(crowd->snapshot);
}
