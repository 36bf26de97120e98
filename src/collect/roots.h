/*
 * Which processes are collected: those that are, or descend from, one of some roots. Asked once
 * about each process and remembered for as long as it is listed.
 */
#ifndef NVITOP_COLLECT_ROOTS_H
#define NVITOP_COLLECT_ROOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct snapshot;

enum { ROOTS_ALL = 1 }; /* the first process of all: who descends from it need not be asked */

/* Whether the process is, or descends from, one of `roots`. */
typedef bool descends_fn(void *arg, uint32_t pid, const int32_t *roots, size_t count);

struct root_answer {
    uint32_t pid;
    uint64_t start_ticks;
    bool is_foreign; /* of another pid namespace */
    bool is_in;
};

/* What was answered, ascending. {0} is empty. */
struct root_answers {
    struct root_answer *rows;
    size_t count;
};

/* Answers for all processes of a snapshot; those that `answers` has not are asked, those that are
 * no longer listed are forgotten. */
struct root_question {
    descends_fn *descends;
    void *arg;
    const int32_t *roots;
    size_t count;
};
void root_answers_renew(struct root_answers *answers, const struct root_question *question,
                        const struct snapshot *snapshot);

/* False for a process that is not among them. */
bool root_answers_has(const struct root_answers *answers, uint32_t pid);

void root_answers_done(struct root_answers *answers);

#endif
