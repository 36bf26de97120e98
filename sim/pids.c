/*
 * The pid map: which process stands for a name. Lines `NAME PID` in $NVITOP_SIM_PIDS, else in
 * `pids` beside the scenario. The launcher may rewrite the file at any time (by rename), so its
 * identity is looked at before each list; a new map is put in place whole. Invariant: whoever
 * reads a map has counted himself among the readers before he picked it up, so old ones are freed
 * when the newest is in its place and nobody but its maker is counted.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/environment.h"
#include "base/mem.h"
#include "base/str.h"
#include "sim/sim.h"
#include "sim/system.h"

struct entry {
    char *name;
    uint32_t pid;
};

struct sim_pid_map {
    struct sim_pid_map *older;
    struct arena arena;
    struct system_mark mark;
    struct entry *entries; /* ascending by name */
    size_t count;
};

struct sim_pids {
    char *path;
    _Atomic(struct sim_pid_map *) newest;
    atomic_uint readers;
    atomic_flag is_loading;
};

/* ---- reading ---- */

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static void read_lines(FILE *file, struct sim_pid_map *map)
{
    char name[128];
    unsigned long pid;
    size_t cap = 0;
    while (fscanf(file, "%127s %lu", name, &pid) == 2) {
        if (map->count == cap) {
            cap = MAX_OF(cap * 2, (size_t)64);
            map->entries = xreallocarray(map->entries, cap, sizeof(*map->entries));
        }
        map->entries[map->count++] =
            (struct entry){ arena_strdup(&map->arena, name), (uint32_t)pid };
    }
    if (map->count)
        qsort(map->entries, map->count, sizeof(*map->entries), compare_entries);
}

static bool is_current(const struct sim_pid_map *map, const struct system_mark *now)
{
    return map && map->mark.file == now->file && map->mark.size == now->size &&
           map->mark.changed == now->changed;
}

static struct sim_pid_map *load_map(const char *path, const struct system_mark *now)
{
    int fd = system_open(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
    struct sim_pid_map *map = xcalloc(1, sizeof(*map));
    map->mark = *now;
    if (file) {
        read_lines(file, map);
        fclose(file);
    }
    return map;
}

static void free_maps(struct sim_pid_map *map)
{
    while (map) {
        struct sim_pid_map *older = map->older;
        arena_done(&map->arena);
        free(map->entries);
        free(map);
        map = older;
    }
}

const struct sim_pid_map *sim_pids_hold(struct sim_pids *pids)
{
    struct system_mark now;
    atomic_fetch_add(&pids->readers, 1);
    struct sim_pid_map *map = atomic_load(&pids->newest);
    if (!system_mark(pids->path, &now) || is_current(map, &now))
        return map;
    if (atomic_flag_test_and_set(&pids->is_loading))
        return map;
    struct sim_pid_map *fresh = load_map(pids->path, &now);
    fresh->older = atomic_load(&pids->newest);
    atomic_store(&pids->newest, fresh);
    if (atomic_load(&pids->readers) == 1) {
        free_maps(fresh->older);
        fresh->older = NULL;
    }
    atomic_flag_clear(&pids->is_loading);
    return fresh;
}

void sim_pids_release(struct sim_pids *pids)
{
    atomic_fetch_sub(&pids->readers, 1);
}

/* ---- looking up ---- */

/* pid = ${NAME} → NAME in `buffer`; a literal number → *ret_pid and NULL. */
static const char *wanted_name(const struct scenario_entity *process, char *buffer, size_t size,
                               uint32_t *ret_pid)
{
    const char *text = scenario_text(process, PROCESS_PID);
    if (!*text)
        return process->name;
    if (!str_has_prefix(text, "${")) {
        *ret_pid = (uint32_t)strtoul(text, NULL, 0);
        return NULL;
    }
    snprintf(buffer, size, "%s", text + 2);
    buffer[strcspn(buffer, "}")] = 0;
    return buffer;
}

static bool is_alive(const struct scenario_entity *process, uint32_t pid)
{
    if (!strcmp(scenario_text(process, PROCESS_LISTED), "always") ||
        !strcmp(scenario_text(&sim.scenario->launcher, LAUNCHER_PID_NAMESPACE), "host"))
        return true;
    return system_is_alive(pid);
}

bool sim_pids_find(const struct sim_pid_map *map, const struct scenario_entity *process,
                   uint32_t *ret_pid)
{
    char buffer[128];
    const char *name = wanted_name(process, buffer, sizeof(buffer), ret_pid);
    if (!name)
        return true;
    if (!map || !map->count)
        return false;
    const struct entry key = { .name = (char *)(uintptr_t)name };
    const struct entry *found =
        bsearch(&key, map->entries, map->count, sizeof(key), compare_entries);
    if (!found || !is_alive(process, found->pid))
        return false;
    *ret_pid = found->pid;
    return true;
}

/* ---- life ---- */

struct sim_pids *sim_pids_new(void)
{
    struct sim_pids *pids = xcalloc(1, sizeof(*pids));
    const char *named = environment_get("NVITOP_SIM_PIDS");
    struct str path = { 0 };
    if (named && *named)
        str_append(&path, named);
    else
        str_printf(&path, "%.*spids", (int)system_folder_len(sim.path), sim.path);
    pids->path = str_take(&path);
    atomic_flag_clear(&pids->is_loading);
    sim_pids_hold(pids); /* later loads are one thread's; others may then use the map before */
    sim_pids_release(pids);
    return pids;
}

void sim_pids_free(struct sim_pids *pids)
{
    if (!pids)
        return;
    free_maps(atomic_load(&pids->newest));
    free(pids->path);
    free(pids);
}
