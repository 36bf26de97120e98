/*
 * What stands in a process's own memory. A command line is one text on Windows, and each program
 * cuts it for itself, so it is shown as it is; only who asks for arguments gets it cut, by the rule
 * of the system.
 */
#include <windows.h>

#include <shellapi.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/wide_windows.h"
#include "host/argv.h"
#include "host/windows/internal.h"

static struct host_command command_without(enum nvitop_why why)
{
    struct host_command command = { .command = value_na(why) };
    for (size_t i = 0; i < HOST_WORKLOAD_COUNT; i++)
        command.workload[i] = value_na(NVITOP_WHY_NOT_SUPPORTED);
    return command;
}

/* The arguments one behind the other, each ended by NUL. */
static void cut(struct arena *arena, const wchar_t *line, const char **ret_argv, size_t *ret_len)
{
    int argc = 0;
    wchar_t **argv = CommandLineToArgvW(line, &argc);
    size_t len = 0, put = 0;
    char **words = xcalloc((size_t)MAX_OF(argc, 1), sizeof(*words));
    for (int i = 0; argv && i < argc; i++) {
        words[i] = wide_to(argv[i], wcslen(argv[i]));
        len += strlen(words[i]) + 1;
    }
    char *all = arena_alloc(arena, len + 1);
    for (int i = 0; argv && i < argc; i++) {
        size_t size = strlen(words[i]) + 1;
        memcpy(all + put, words[i], size);
        put += size;
        free(words[i]);
    }
    free(words);
    LocalFree(argv);
    *ret_argv = len ? all : NULL;
    *ret_len = len;
}

void host_argv_read_blocking(const char *root, pid_t pid, struct arena *arena,
                             struct host_command *ret_command, const char **ret_argv,
                             size_t *ret_len)
{
    (void)root;
    enum nvitop_why why = NVITOP_WHY_ERROR;
    size_t len = 0;
    wchar_t *line = peek_command_line(pid, &len, &why);
    *ret_argv = NULL;
    *ret_len = 0;
    *ret_command = command_without(line ? NVITOP_WHY_NOT_APPLICABLE : why);
    ret_command->is_empty = line && !len;
    if (line && len) {
        ret_command->command = value_text(printable_of(arena, line, len));
        cut(arena, line, ret_argv, ret_len);
    }
    free(line);
}

void host_command_read_blocking(const char *root, pid_t pid, struct arena *arena,
                                struct host_command *ret_command)
{
    const char *argv;
    size_t len;
    host_argv_read_blocking(root, pid, arena, ret_command, &argv, &len);
}

static int compare_pairs(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The folders of drives are kept among the variables, under names that begin with `=`. */
void host_environ_read_blocking(const char *root, pid_t pid, struct arena *arena, char ***ret_pairs,
                                size_t *ret_count, struct value *ret_why)
{
    (void)root;
    enum nvitop_why why = NVITOP_WHY_ERROR;
    size_t len = 0, count = 0, cap = 0;
    wchar_t *block = peek_environment(pid, &len, &why);
    char **pairs = NULL;
    for (size_t at = 0; block && at < len && block[at]; at += wcslen(block + at) + 1) {
        if (block[at] == L'=')
            continue;
        if (count == cap) {
            cap = MAX_OF(cap * 2, (size_t)64);
            pairs = xreallocarray(pairs, cap, sizeof(*pairs));
        }
        pairs[count++] = printable_of(arena, block + at, wcslen(block + at));
    }
    if (count)
        qsort(pairs, count, sizeof(*pairs), compare_pairs);
    *ret_pairs = arena_array(arena, count + 1, sizeof(*pairs));
    for (size_t i = 0; i < count; i++)
        (*ret_pairs)[i] = pairs[i];
    *ret_count = count;
    *ret_why = block ? value_int((int64_t)count) : value_na(why);
    free(pairs);
    free(block);
}

static bool is_absolute_file(const char *path)
{
    wchar_t *wide = wide_from(path);
    DWORD attributes =
        wide[0] && wide[1] == L':' ? GetFileAttributesW(wide) : FILE_ATTRIBUTE_DIRECTORY;
    free(wide);
    return attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

char *host_command_line(struct arena *arena, const char *const *argv, size_t argc)
{
    return argv_join(arena, argv, argc, argc == 1 && is_absolute_file(argv[0]),
                     &argv_quoting_windows);
}
