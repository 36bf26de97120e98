/*
 * Command line and environment: NUL-separated words, the variables before the first word that is
 * not NAME=value. Whatever comes, exactly one of settings, page or error is the result, and the
 * error line holds no control byte.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "cmd/option_table.h"
#include "cmd/options.h"

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

static void check_error(struct arena *arena, struct options_run *run)
{
    demand(run->err.len > 0 && run->err.data[run->err.len - 1] == '\n');
    run->err.data[run->err.len - 1] = 0;
    const char *line = strstr(run->err.data, "nvitop: error: ");
    demand(line != NULL);
    demand(strcmp(line, utf8_printable(arena, line, strlen(line))) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct words words = { 0 };
    struct nvitop_settings settings;
    if (size < 1)
        return 0;
    split(&arena, (const char *)data + 1, size - 1, &words);
    struct options_run run = { .environment = words.environment, .columns = data[0] };
    enum options_result result = options_nvitop_read(&run, &settings, words.argc, words.argv);
    demand((run.err.len > 0) == (result == OPTIONS_EXIT_USAGE));
    demand((run.out.len > 0) == (result == OPTIONS_EXIT_OK));
    if (result == OPTIONS_RUN)
        check_settings(&settings);
    else if (result == OPTIONS_EXIT_USAGE)
        check_error(&arena, &run);
    options_done(&run);
    arena_done(&arena);
    return 0;
}
