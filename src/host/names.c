/*
 * One row per account, for as long as the host is open; there are few.
 *
 * One that nobody knew may be known later: a directory server that was down comes back. It may also
 * take its time to say no, so asking takes a sixtieth of the time at most.
 */
#include "host/names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

enum { PAUSE_S = 60 };

struct name {
    void *key; /* in the arena, as the texts are */
    size_t size;
    const char *text;  /* NULL: not asked for yet */
    bool is_known;     /* else it is called otherwise, for a while */
    uint64_t until_ns; /* clock_mono_ns: then it is asked for again */
};

void names_done(struct names *names)
{
    free(names->rows);
    arena_done(&names->arena);
    *names = (struct names){ 0 };
}

static struct name *add(struct names *names, const void *key, size_t size)
{
    if (names->count == names->cap) {
        names->cap = MAX_OF(names->cap * 2, (size_t)16);
        names->rows = xreallocarray(names->rows, names->cap, sizeof(*names->rows));
    }
    struct name *row = &names->rows[names->count++];
    *row = (struct name){ .key = arena_alloc(&names->arena, size), .size = size };
    memcpy(row->key, key, size);
    return row;
}

static struct name *find(struct names *names, const void *key, size_t size)
{
    for (size_t i = 0; i < names->count; i++)
        if (names->rows[i].size == size && memcmp(names->rows[i].key, key, size) == 0)
            return &names->rows[i];
    return add(names, key, size);
}

static void ask(struct names *names, const struct names_source *source, struct name *row)
{
    uint64_t began_ns = clock_mono_ns();
    const char *text = source->ask(&names->arena, row->key);
    uint64_t end_ns = clock_mono_ns();
    row->until_ns = end_ns + PAUSE_S * MAX_OF(end_ns - began_ns, (uint64_t)CLOCK_NS_PER_S);
    row->is_known = text;
    if (text)
        row->text = text;
    else if (!row->text)
        row->text = source->otherwise(&names->arena, row->key);
}

const char *names_get(struct names *names, const struct names_source *source, const void *key,
                      size_t size, bool *ret_is_known)
{
    struct name *row = find(names, key, size);
    if (!row->text || (!row->is_known && clock_mono_ns() >= row->until_ns))
        ask(names, source, row);
    *ret_is_known = row->is_known;
    return row->text;
}
