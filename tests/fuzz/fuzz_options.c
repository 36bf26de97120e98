/*
 * Command line and environment, of each program: NUL-separated words, the variables before the
 * first word that is not NAME=value. Whatever comes, exactly one of settings, page or error is the
 * result, and the error line holds no control byte.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "cmd/option_table.h"
#include "cmd/options.h"
#include "cmd/options_nvisel.h"

enum { WORDS_MAX = 256 };

struct words {
    char *argv[WORDS_MAX + 2];
    const char *environment[WORDS_MAX + 1];
    int argc;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int is_true)
{
    if (!is_true)
        abort();
}

static void split(struct arena *arena, const char *text, size_t size, struct words *words)
{
    size_t variables = 0;
    words->argv[words->argc++] = arena_strdup(arena, "nvitop");
    for (size_t at = 0; at < size && words->argc <= WORDS_MAX && variables < WORDS_MAX;) {
        size_t len = strnlen(text + at, size - at);
        char *word = arena_strndup(arena, text + at, len);
        at += len + 1;
        if (words->argc == 1 && str_has_prefix(word, "NVITOP_") && strchr(word, '='))
            words->environment[variables++] = word;
        else
            words->argv[words->argc++] = word;
    }
}

static void check_settings(const struct nvitop_settings *settings)
{
    demand(settings->interval >= 0.25 && settings->interval < 1e308);
    demand(settings->mode >= VIEW_AUTO && settings->mode < VIEW_MODE_COUNT);
    demand(!settings->is_once || !settings->is_monitor);
    demand(settings->gpu_thresholds[0] >= 1 && settings->gpu_thresholds[1] <= 99);
    demand(settings->gpu_thresholds[0] <= settings->gpu_thresholds[1]);
    demand(settings->memory_thresholds[0] >= 1 && settings->memory_thresholds[1] <= 99);
    demand(!settings->has_only || settings->only_count > 0);
    for (size_t i = 1; i < settings->only_count; i++)
        demand(settings->only[i - 1] < settings->only[i]);
}

static void check_choice(const struct nvisel_settings *settings)
{
    const struct select_wish *wish = &settings->wish;
    demand(wish->min_count >= 0);
    demand(!wish->has_max || wish->max_count >= wish->min_count);
    demand(wish->tolerance >= 0 && wish->tolerance < 1e308);
    for (size_t i = 0; i < SELECT_BOUND_COUNT; i++)
        demand(!wish->bounds[i].is_set || wish->bounds[i].value >= 0);
    demand(!wish->free_user_count || wish->free_users);
    demand(settings->format == NVISEL_INDEX || settings->format == NVISEL_UUID);
    demand(settings->separator != NULL);
    demand(settings->sustain_s >= 0 && isfinite(settings->sustain_s));
    demand(!settings->has_timeout || settings->timeout_s >= 0);
}

static void check_error(struct arena *arena, struct options_run *run)
{
    demand(run->err.len > 0 && run->err.data[run->err.len - 1] == '\n');
    run->err.data[run->err.len - 1] = 0;
    const char *line = strstr(run->err.data, ": error: ");
    demand(line != NULL);
    demand(strcmp(line, utf8_printable(arena, line, strlen(line))) == 0);
}

static enum options_result end(struct arena *arena, struct options_run *run,
                               enum options_result result)
{
    demand((run->err.len > 0) == (result == OPTIONS_EXIT_USAGE));
    demand((run->out.len > 0) == (result == OPTIONS_EXIT_OK));
    if (result == OPTIONS_EXIT_USAGE)
        check_error(arena, run);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct words words = { 0 };
    struct nvitop_settings nvitop;
    struct nvisel_settings nvisel;
    if (size < 1)
        return 0;
    split(&arena, (const char *)data + 1, size - 1, &words);
    struct options_run run = { .environment = words.environment, .columns = data[0] };
    struct options_run other = run;
    if (end(&arena, &run, options_nvitop_read(&run, &nvitop, words.argc, words.argv)) ==
        OPTIONS_RUN)
        check_settings(&nvitop);
    if (end(&arena, &other, options_nvisel_read(&other, &nvisel, words.argc, words.argv)) ==
        OPTIONS_RUN)
        check_choice(&nvisel);
    options_done(&run);
    options_done(&other);
    arena_done(&arena);
    return 0;
}
