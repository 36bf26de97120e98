/*
 * What wakes one thread that works with many: they ring, it waits. Beside single rings there are
 * rounds: who sends several others off at once is woken when the last of them has answered, not by
 * each. Counted, for those who ring may outlive the one who waits.
 */
#ifndef NVITOP_CORE_BELL_H
#define NVITOP_CORE_BELL_H

#include <stdbool.h>
#include <stdint.h>

struct bell;

enum bell_event {
    BELL_SILENT, /* the deadline came first */
    BELL_RUNG,   /* somebody rang since the last time */
    BELL_ROUND,  /* the round is complete */
};

struct bell *bell_new(void); /* one reference */
struct bell *bell_ref(struct bell *bell);
void bell_unref(struct bell *bell); /* NULL is fine */

void bell_ring(struct bell *bell);

/* Begins a round, which replaces one that is not complete, and returns its number. It is open for
 * those who are to answer until bell_round_close. */
unsigned bell_round_open(struct bell *bell);
void bell_round_expect(struct bell *bell); /* one more who will answer */
void bell_round_close(struct bell *bell);
/* From whoever was expected in that round; false, and nothing else, if that round is over. */
bool bell_answer(struct bell *bell, unsigned round);

/* Waits until the deadline (clock_mono_ns). For one thread only. */
enum bell_event bell_wait(struct bell *bell, uint64_t deadline_ns);

#endif
