/*
 * /proc/PID/cmdline to a command: never more arguments than separators allow, never anything but
 * printable UTF-8, and nothing that a second pass would still change.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "host/argv.h"
#include "host/host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int is_true)
{
    if (!is_true)
        abort();
}

static void check_text(struct arena *arena, const char *text)
{
    for (const char *c = text; *c; c++)
        demand((unsigned char)*c >= 0x20 && *c != 0x7f);
    demand(strcmp(text, utf8_printable(arena, text, strlen(text))) == 0);
    demand(utf8_width(text) >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    const char *const *argv = NULL;
    char *bytes = arena_strndup(&arena, (const char *)data, size);
    size_t argc = argv_split(&arena, bytes, size, &argv);
    demand((argc == 0) == (size == 0) && argc <= size + 1);
    size_t total = argc;
    for (size_t i = 0; i < argc; i++)
        total += strlen(argv[i]);
    demand(total <= size + 1);
    demand(argc < 2 || *argv[argc - 1]);
    for (int is_file = 0; is_file < 2; is_file++) {
        check_text(&arena, argv_join(&arena, argv, argc, is_file, &argv_quoting_posix));
        check_text(&arena, argv_join(&arena, argv, argc, is_file, &argv_quoting_windows));
    }
    arena_done(&arena);
    return 0;
}
