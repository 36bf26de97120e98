/*
 * Answers are kept by pid and start time, so another process under the same pid is asked about.
 * One whose start is not known (it ended before anybody looked) is asked about each time.
 * Invariant: rows ascend by pid, and each pid is there once.
 */
#include "collect/roots.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/snapshot.h"

static int compare(const void *a, const void *b)
{
    uint32_t left = ((const struct root_answer *)a)->pid;
    uint32_t right = ((const struct root_answer *)b)->pid;
    return (left > right) - (left < right);
}

static struct root_answer *find(const struct root_answers *answers, uint32_t pid)
{
    struct root_answer key = { .pid = pid };
    return answers->count
               ? bsearch(&key, answers->rows, answers->count, sizeof(*answers->rows), compare)
               : NULL;
}

static bool has_all(const struct root_question *question)
{
    for (size_t i = 0; i < question->count; i++)
        if (question->roots[i] == ROOTS_ALL)
            return true;
    return false;
}

static bool answer(const struct root_answers *known, const struct root_question *question,
                   const struct root_answer *process)
{
    const struct root_answer *before = find(known, process->pid);
    if (has_all(question))
        return true;
    if (process->is_foreign) /* who has its pid here is another */
        return false;
    if (before && process->start_ticks && before->start_ticks == process->start_ticks)
        return before->is_in;
    return question->descends(question->arg, process->pid, question->roots, question->count);
}

static struct root_answer row_of(const struct snapshot_process *process)
{
    return (struct root_answer){ .pid = process->pid,
                                 .start_ticks = process->start_ticks,
                                 .is_foreign = process->presence == PROCESS_HOST_PID };
}

/* The processes of the snapshot, each once, ascending. */
static struct root_answers list(const struct snapshot *snapshot)
{
    struct root_answers all = { xcalloc(snapshot->process_count + 1, sizeof(*all.rows)), 0 };
    for (size_t i = 0; i < snapshot->process_count; i++)
        all.rows[i] = row_of(&snapshot->processes[i]);
    qsort(all.rows, snapshot->process_count, sizeof(*all.rows), compare);
    for (size_t i = 0; i < snapshot->process_count; i++)
        if (all.count == 0 || all.rows[all.count - 1].pid != all.rows[i].pid)
            all.rows[all.count++] = all.rows[i];
    return all;
}

void root_answers_renew(struct root_answers *answers, const struct root_question *question,
                        const struct snapshot *snapshot)
{
    struct root_answers now = list(snapshot);
    for (size_t i = 0; i < now.count; i++)
        now.rows[i].is_in = answer(answers, question, &now.rows[i]);
    root_answers_done(answers);
    *answers = now;
}

bool root_answers_has(const struct root_answers *answers, uint32_t pid)
{
    const struct root_answer *row = find(answers, pid);
    return row && row->is_in;
}

void root_answers_done(struct root_answers *answers)
{
    free(answers->rows);
    *answers = (struct root_answers){ 0 };
}
