/* Which GPUs are visible to CUDA, found out on a thread of its own: a helper program may be asked,
 * and that takes its time. */
#ifndef NVITOP_CORE_SERVICE_PICK_H
#define NVITOP_CORE_SERVICE_PICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bell;
struct pick_question;
struct picking;

/* Copies the question. `bell` is rung when there is an answer. NULL if the system gives no
 * thread. */
struct picking *picking_start(const struct pick_question *question, struct bell *bell);
bool picking_is_over(struct picking *picking);
/* Of one that is over: whether the GPU with this index, or a MIG device of it, is visible. */
bool picking_has(const struct picking *picking, unsigned index);
/* Frees it; one that is not over goes on by itself. Returns false if so. NULL is fine. */
bool picking_release(struct picking *picking);

#endif
