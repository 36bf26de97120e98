/* Words to metrics. A word that is none gets the nearest words for an answer. */
#include "report/query.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "report/lead.h"
#include "report/words.h"

enum { WORD_SIZE = 64, NEAREST_MAX = 3, NEAR_ENOUGH = 3 };

/* ---- the set ---- */

static size_t place_of(const struct metric *metric)
{
    size_t places[] = {
        [NVITOP_SCOPE_DEVICE] = (size_t)(metric->id - NVITOP_DEV_NAME),
        [NVITOP_SCOPE_PROCESS] = (size_t)(NVITOP_DEV_COUNT + metric->id - NVITOP_PROC_TYPE),
        [NVITOP_SCOPE_HOST] =
            (size_t)(NVITOP_DEV_COUNT + NVITOP_PROC_COUNT + metric->id - NVITOP_HOST_CPU_PERCENT),
    };
    return places[metric_scope(metric->id)];
}

bool query_has(const struct query *query, const struct metric *metric)
{
    return query->is_named[place_of(metric)];
}

void query_add(struct query *query, const struct metric *metric)
{
    if (query_has(query, metric))
        return;
    query->is_named[place_of(metric)] = true;
    query->metrics[query->count++] = metric;
    query->is_asked[metric_scope(metric->id)] = true;
}

void query_add_scope(struct query *query, enum nvitop_scope scope, bool has_blocking)
{
    size_t count;
    const struct metric *rows = metric_of_scope(scope, &count);
    for (size_t i = 0; i < count; i++)
        if (has_blocking || !query_is_blocking(&rows[i]))
            query_add(query, &rows[i]);
}

void query_wanted(const struct query *query, struct metric_wanted *ret_wanted)
{
    *ret_wanted = (struct metric_wanted){ 0 };
    for (size_t i = 0; i < query->count; i++)
        if (metric_scope(query->metrics[i]->id) == NVITOP_SCOPE_DEVICE)
            metric_set_add(&ret_wanted->gpu, query->metrics[i]->id);
    metric_set_add(&ret_wanted->gpu, NVITOP_DEV_UUID); /* processes say on which device they are */
    ret_wanted->mig = ret_wanted->gpu;
}

bool query_needs_processes(const struct query *query)
{
    static const int sums[] = { NVITOP_DEV_MEMORY_USED, NVITOP_DEV_MEMORY_PERCENT };
    bool is_sum = false;
    for (size_t i = 0; i < ARRAY_LEN(sums); i++)
        is_sum |= query_has(query, metric_by_id(sums[i]));
    return is_sum || query->is_asked[NVITOP_SCOPE_PROCESS];
}

bool query_needs_workloads(const struct query *query)
{
    bool is_any = false;
    for (int id = NVITOP_PROC_CONTAINER_ID; id <= NVITOP_PROC_BATCH_JOB_ID; id++)
        is_any |= query_has(query, metric_by_id(id));
    return is_any;
}

void query_word(const struct metric *metric, struct str *out)
{
    int scope = metric_scope(metric->id);
    if (scope != NVITOP_SCOPE_DEVICE)
        str_printf(out, "%s.", words_of(&words_scope, scope));
    str_append(out, metric->name);
}

/* ---- what a word means ---- */

static bool scope_by_word(const char *word, size_t len, enum nvitop_scope *ret_scope)
{
    for (size_t i = 0; i < (size_t)METRIC_SCOPE_COUNT; i++) {
        const char *name = words_of(&words_scope, (int)metric_scopes[i]);
        if (strlen(name) != len || memcmp(name, word, len) != 0)
            continue;
        *ret_scope = metric_scopes[i];
        return true;
    }
    return false;
}

/* All scopes that have this name; the device's alone if it is one of them. */
static size_t find_bare(const char *name, const struct metric *ret_found[])
{
    size_t count = 0;
    for (size_t i = 0; i < (size_t)METRIC_SCOPE_COUNT; i++) {
        const struct metric *metric = metric_by_name(metric_scopes[i], name);
        if (metric)
            ret_found[count++] = metric;
        if (metric && metric_scopes[i] == NVITOP_SCOPE_DEVICE)
            break;
    }
    return count;
}

/* ---- what may have been meant ---- */

/* How many letters must be put in, left out or changed to make one word of the other. */
static size_t distance(const char *a, const char *b)
{
    size_t row[WORD_SIZE + 1], b_len = MIN_OF(strlen(b), (size_t)WORD_SIZE);
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 0; a[i] && i < WORD_SIZE; i++) {
        size_t corner = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < b_len; j++) {
            size_t changed = corner + (a[i] != b[j]);
            corner = row[j + 1];
            row[j + 1] = MIN_OF(changed, MIN_OF(row[j], row[j + 1]) + 1);
        }
    }
    return row[b_len];
}

/* A part of a name is near as well, and so is the name behind a wrong scope. */
static size_t distance_to(const char *word, const struct metric *metric)
{
    const char *dot = strchr(word, '.'), *bare = dot ? dot + 1 : word;
    struct str full = { 0 };
    query_word(metric, &full);
    size_t best = MIN_OF(distance(bare, metric->name), distance(word, str_text(&full)));
    if (strlen(bare) >= NEAR_ENOUGH && strstr(metric->name, bare))
        best = MIN_OF(best, (size_t)2);
    str_done(&full);
    return best;
}

struct nearest {
    const struct metric *metrics[NEAREST_MAX];
    size_t distances[NEAREST_MAX], count;
};

static void offer(struct nearest *nearest, const struct metric *metric, size_t far)
{
    size_t at = nearest->count;
    while (at && nearest->distances[at - 1] > far)
        at--;
    if (at == NEAREST_MAX)
        return;
    nearest->count = MIN_OF(nearest->count + 1, (size_t)NEAREST_MAX);
    for (size_t i = nearest->count - 1; i > at; i--) {
        nearest->metrics[i] = nearest->metrics[i - 1];
        nearest->distances[i] = nearest->distances[i - 1];
    }
    nearest->metrics[at] = metric;
    nearest->distances[at] = far;
}

static void say_nearest(const char *word, struct str *err)
{
    struct nearest nearest = { .count = 0 };
    for (size_t i = 0; i < (size_t)METRIC_SCOPE_COUNT; i++) {
        size_t count;
        const struct metric *rows = metric_of_scope(metric_scopes[i], &count);
        for (size_t k = 0; k < count; k++) {
            size_t far = distance_to(word, &rows[k]);
            if (far <= NEAR_ENOUGH)
                offer(&nearest, &rows[k], far);
        }
    }
    for (size_t i = 0; i < nearest.count; i++) {
        str_append(err, i ? ", " : "; near it: ");
        query_word(nearest.metrics[i], err);
    }
    str_append(err, "; --list-metrics names them all");
}

static bool say_unknown(const char *word, struct str *err)
{
    struct arena arena = { 0 };
    str_printf(err, "there is no metric `%s`", utf8_printable(&arena, word, strlen(word)));
    arena_done(&arena);
    say_nearest(word, err);
    return false;
}

static bool say_ambiguous(const char *word, const struct metric *const found[], size_t count,
                          struct str *err)
{
    str_printf(err, "`%s` could be ", word);
    for (size_t i = 0; i < count; i++) {
        str_append(err, i ? " or " : "");
        query_word(found[i], err);
    }
    return false;
}

/* ---- words in ---- */

/* A word of the columns that are there anyhow: what it is told of is asked for. */
static bool add_lead(struct query *query, const char *scope, size_t scope_len, const char *name)
{
    for (size_t i = 0; i < lead_count; i++) {
        const char *own = words_of(&words_scope, (int)leads[i].scope);
        bool is_own = !scope_len || (strlen(own) == scope_len && !memcmp(own, scope, scope_len));
        if (!is_own || strcmp(leads[i].name, name) != 0)
            continue;
        query->is_asked[leads[i].scope] = true;
        return true;
    }
    return false;
}

static bool add_word(struct query *query, const char *word, struct str *err)
{
    const struct metric *found[METRIC_SCOPE_COUNT];
    enum nvitop_scope scope;
    const char *dot = strchr(word, '.');
    if (!dot && scope_by_word(word, strlen(word), &scope)) {
        query_add_scope(query, scope, false);
        return true;
    }
    size_t scope_len = dot ? (size_t)(dot - word) : 0, count = 0;
    if (add_lead(query, word, scope_len, dot ? dot + 1 : word))
        return true;
    if (dot && scope_by_word(word, scope_len, &scope))
        count = (found[0] = metric_by_name(scope, dot + 1)) != NULL;
    else if (!dot)
        count = find_bare(word, found);
    if (!count)
        return say_unknown(word, err);
    if (count > 1)
        return say_ambiguous(word, found, count, err);
    query_add(query, found[0]);
    return true;
}

bool query_add_words(struct query *query, const char *const *words, size_t count, struct str *err)
{
    struct arena arena = { 0 };
    bool is_good = true, is_any = false;
    for (size_t i = 0; is_good && i < count; i++)
        for (const char *at = words[i]; is_good && *(at += strspn(at, ", "));) {
            size_t len = strcspn(at, ", ");
            is_good = add_word(query, arena_strndup(&arena, at, len), err);
            at += len;
            is_any = true;
        }
    arena_done(&arena);
    if (is_good && !is_any) {
        str_append(err, "no metric is named; --list-metrics names them all");
        is_good = false;
    }
    return is_good;
}
