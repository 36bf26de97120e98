/*
 * The quoting of command lines in scenarios. A small one: spaces separate, quotes group, and
 * nothing else is special, so that hostile bytes can be written as they shall arrive.
 */
#include "sim/launcher_argv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "nvitop/nvitop.h"

/* The kernel takes no argument of 128 KiB or more; ours stay far below. */
enum { PAD_ARGUMENT_MAX = 60000 };

struct words {
    struct arena *arena;
    char *items[ARGV_COUNT_MAX + 1];
    size_t count, bytes; /* bytes: with the NUL after each */
};

static bool words_add(struct words *words, const char *text, size_t len)
{
    if (words->count == ARGV_COUNT_MAX)
        return false;
    words->items[words->count++] = arena_strndup(words->arena, text, len);
    words->bytes += len + 1;
    return true;
}

/* Appends one word, its quotes taken off; *ret_text is what follows it. False: a quote is open. */
static bool take_word(const char *text, struct str *word, const char **ret_text)
{
    while (*text && *text != ' ') {
        const char *end;
        if (*text != '"' && *text != '\'') {
            str_append_char(word, *text++);
            continue;
        }
        if (!(end = strchr(text + 1, *text)))
            return false;
        str_append_bytes(word, text + 1, (size_t)(end - text - 1));
        text = end + 1;
    }
    *ret_text = text;
    return true;
}

static const char *split(struct words *words, const char *text)
{
    struct str word = { 0 };
    const char *why = NULL;
    while (!why && *(text += strspn(text, " "))) {
        str_clear(&word);
        if (!take_word(text, &word, &text))
            why = "a quote is not closed";
        else if (!words_add(words, str_text(&word), word.len))
            why = "too many arguments";
    }
    str_done(&word);
    return why;
}

/* Adds `--pad=xxx…` arguments until there are `size` bytes. */
static const char *pad_to(struct words *words, size_t size)
{
    struct str word = { 0 };
    if (size < words->bytes)
        return "the command is longer than its command_pad";
    while (words->bytes < size) {
        size_t left = size - words->bytes, take = MIN_OF(left, (size_t)PAD_ARGUMENT_MAX);
        str_clear(&word);
        str_append(&word, "--pad=");
        while (word.len < take - 1)
            str_append_char(&word, (char)('a' + (int)(word.len % 26)));
        if (!words_add(words, str_text(&word), take - 1))
            break;
    }
    str_done(&word);
    return NULL;
}

int argv_parse(const char *text, size_t pad, struct arena *arena, char ***ret_argv,
               const char **ret_why)
{
    struct words *words = xcalloc(1, sizeof(*words));
    const char *why;
    words->arena = arena;
    why = split(words, text);
    if (!why && !words->count)
        words_add(words, "", 0);
    if (!why && pad)
        why = pad_to(words, pad);
    if (!why) {
        *ret_argv = arena_alloc(arena, (words->count + 1) * sizeof(char *));
        memcpy(*ret_argv, words->items, (words->count + 1) * sizeof(char *));
    }
    free(words);
    *ret_why = why;
    return why ? NVITOP_EINVAL : NVITOP_OK;
}

int argv_parse_pairs(const char *text, struct arena *arena, char ***ret_pairs, const char **ret_why)
{
    char **pairs;
    int status = argv_parse(text, 0, arena, &pairs, ret_why);
    for (size_t i = 0; status == NVITOP_OK && pairs[i]; i++)
        if (pairs[i][0] == '=' || !strchr(pairs[i], '=')) {
            *ret_why = "must be NAME=VALUE";
            status = NVITOP_EINVAL;
        }
    if (status == NVITOP_OK)
        *ret_pairs = pairs;
    return status;
}
