/*
 * Devices are known by their UUID, so that one that was taken away and another in its place are
 * two. Invariant: there is an entry for exactly those that were SPARE at the last look.
 */
#include "select/steady.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/snapshot.h"
#include "select/select.h"

struct entry {
    char *uuid;
    uint64_t since_ns;
};

struct steady {
    struct entry *entries;
    size_t count;
};

struct steady *steady_new(void)
{
    return xcalloc(1, sizeof(struct steady));
}

static void free_entries(struct entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(entries[i].uuid);
    free(entries);
}

void steady_free(struct steady *steady)
{
    if (!steady)
        return;
    free_entries(steady->entries, steady->count);
    free(steady);
}

static uint64_t since(const struct steady *steady, const char *uuid, uint64_t now_ns)
{
    for (size_t i = 0; i < steady->count; i++)
        if (strcmp(steady->entries[i].uuid, uuid) == 0)
            return steady->entries[i].since_ns;
    return now_ns;
}

void steady_look(struct steady *steady, struct selection *selection, uint64_t now_ns,
                 uint64_t enough_ns)
{
    struct entry *entries = xcalloc(selection->count, sizeof(*entries));
    size_t count = 0;
    for (size_t i = 0; i < selection->count; i++) {
        struct select_verdict *verdict = &selection->verdicts[i];
        if (verdict->fate != SELECT_SPARE)
            continue;
        struct value uuid = snapshot_device_value(verdict->device, NVITOP_DEV_UUID);
        const char *name = value_text_or(uuid, "");
        uint64_t since_ns = since(steady, name, now_ns);
        entries[count++] = (struct entry){ .uuid = xstrdup(name), .since_ns = since_ns };
        verdict->steady_s = (double)(now_ns - since_ns) / 1e9;
        if (now_ns - since_ns < enough_ns)
            verdict->fate = SELECT_UNSTEADY;
    }
    free_entries(steady->entries, steady->count);
    steady->entries = entries;
    steady->count = count;
}
