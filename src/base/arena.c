/*
 * A list of chunks, each filled from the front. Nothing is freed singly. Invariant: only the
 * head chunk has room that will still be used, so an allocation looks at one chunk.
 */
#include "arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* Each chunk is twice the one before: a small arena touches a page, a large one few chunks. */
enum { CHUNK_MIN = 4 * 1024, CHUNK_MAX = 64 * 1024, ALIGN = alignof(max_align_t) };

struct arena_chunk {
    struct arena_chunk *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

static struct arena_chunk *chunk_new(size_t size)
{
    struct arena_chunk *chunk = xcalloc(1, sizeof(*chunk) + size);
    chunk->size = size;
    return chunk;
}

static size_t next_size(const struct arena *arena)
{
    size_t size = arena->head ? arena->head->size * 2 : CHUNK_MIN;
    return MIN_OF(MAX_OF(size, (size_t)CHUNK_MIN), (size_t)CHUNK_MAX);
}

/* A block too large for a shared chunk gets one of its own, behind the head. */
static void *alloc_large(struct arena *arena, size_t size)
{
    struct arena_chunk *chunk = chunk_new(size);
    chunk->used = size;
    if (arena->head) {
        chunk->next = arena->head->next;
        arena->head->next = chunk;
    } else {
        arena->head = chunk;
    }
    return chunk->bytes;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        abort();
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (size > CHUNK_MIN / 4)
        return alloc_large(arena, size);
    if (!arena->head || arena->head->size - arena->head->used < size) {
        struct arena_chunk *chunk = chunk_new(next_size(arena));
        chunk->next = arena->head;
        arena->head = chunk;
    }
    void *block = arena->head->bytes + arena->head->used;
    arena->head->used += size;
    return block;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / 2 / size)
        abort();
    return arena_alloc(arena, count * size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);
    memcpy(copy, text, len);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        abort();
    char *text = arena_alloc(arena, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return text;
}

void arena_merge(struct arena *arena, struct arena *from)
{
    if (!from->head)
        return;
    if (!arena->head) {
        *arena = *from;
    } else {
        struct arena_chunk *last = from->head;
        while (last->next)
            last = last->next;
        last->next = arena->head->next;
        arena->head->next = from->head;
    }
    from->head = NULL;
}

void arena_done(struct arena *arena)
{
    for (struct arena_chunk *chunk = arena->head; chunk;) {
        struct arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    arena->head = NULL;
}
