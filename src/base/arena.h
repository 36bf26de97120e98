/* Memory that is freed all at once. Everything in a snapshot lives in one arena. */
#ifndef NVITOP_BASE_ARENA_H
#define NVITOP_BASE_ARENA_H

#include <stddef.h>

struct arena_chunk;
struct arena {
    struct arena_chunk *head; /* newest chunk; NULL while empty: {0} is a good arena */
};

void *arena_alloc(struct arena *arena, size_t size); /* zeroed, aligned for anything */
void *arena_array(struct arena *arena, size_t count, size_t size); /* zeroed */
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_strdup(struct arena *arena, const char *text); /* NULL of NULL */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(NVITOP_PRINTF, 2, 3)));
void arena_merge(struct arena *arena, struct arena *from); /* takes over all of from's memory */
void arena_done(struct arena *arena);                      /* frees everything; empty again */

#endif
