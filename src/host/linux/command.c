/*
 * The files that wait for the process's memory lock. Nothing here touches a struct host: a thread
 * that is stuck in such a read is left behind with all it holds.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "host/argv.h"
#include "host/linux/internal.h"
#include "host/linux/procfile.h"

/* The kernel allows a third of the stack limit, megabytes; nobody reads more than this. */
enum { BLOCK_LIMIT = 1024 * 1024 };

static int read_block(const char *root, pid_t pid, const char *file, struct str *ret_bytes)
{
    struct str path = { 0 };
    str_printf(&path, "%s/%ld/%s", root ? root : HOST_DEFAULT_ROOT, (long)pid, file);
    int error = procfile_read(AT_FDCWD, str_text(&path), BLOCK_LIMIT, ret_bytes);
    str_done(&path);
    return error;
}

void host_argv_read_blocking(const char *root, pid_t pid, struct arena *arena,
                             struct host_command *ret_command, const char **ret_argv,
                             size_t *ret_len)
{
    struct str bytes = { 0 };
    struct arena scratch = { 0 };
    const char *const *argv = NULL;
    int error = read_block(root, pid, "cmdline", &bytes);
    bool is_cut = !error && bytes.len == BLOCK_LIMIT;
    if (is_cut)
        str_append_char(&bytes, 0); /* still separated by NULs */
    size_t argc = error ? 0 : argv_split(&scratch, bytes.data, bytes.len, &argv);
    *ret_command = (struct host_command){
        .command = value_na(error ? host_why_of_errno(error) : NVITOP_WHY_NOT_APPLICABLE),
        .is_empty = !error && argc == 0,
    };
    if (argc > 0)
        ret_command->command = value_text(host_command_line(arena, argv, argc));
    const char *last = argc > 0 ? argv[argc - 1] : "";
    *ret_len = argc > 0 ? (size_t)(last - argv[0]) + strlen(last) + 1 : 0;
    *ret_argv = error || is_cut ? NULL : arena_strndup(arena, argc > 0 ? argv[0] : "", *ret_len);
    arena_done(&scratch);
    str_done(&bytes);
}

void host_command_read_blocking(const char *root, pid_t pid, struct arena *arena,
                                struct host_command *ret_command)
{
    struct arena scratch = { 0 };
    const char *argv;
    size_t len;
    host_argv_read_blocking(root, pid, &scratch, ret_command, &argv, &len);
    ret_command->command = value_copy(arena, ret_command->command);
    arena_done(&scratch);
}

struct pair {
    const char *text;
    size_t key_len, order;
};

static int compare_keys(const struct pair *a, const struct pair *b)
{
    int order = memcmp(a->text, b->text, MIN_OF(a->key_len, b->key_len));
    return order ? order : (a->key_len > b->key_len) - (a->key_len < b->key_len);
}

static int compare_pairs(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    int order = compare_keys(a, b);
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

/* The block ends at an empty text; what has no key is skipped. */
static size_t split_pairs(const struct str *bytes, struct pair *pairs)
{
    size_t count = 0, at = 0;
    while (at < bytes->len && bytes->data[at]) {
        const char *text = bytes->data + at;
        const char *equal = strchr(text, '=');
        if (equal && equal > text) {
            pairs[count] = (struct pair){ text, (size_t)(equal - text), count };
            count++;
        }
        at += strlen(text) + 1;
    }
    return count;
}

/* Printable, line by line. */
static char *printable_lines(struct arena *arena, const char *text)
{
    struct str lines = { 0 };
    struct arena scratch = { 0 };
    for (;;) {
        size_t len = strcspn(text, "\n");
        str_append(&lines, utf8_printable(&scratch, text, len));
        text += len;
        if (!*text++)
            break;
        str_append_char(&lines, '\n');
    }
    char *copy = arena_strdup(arena, str_text(&lines));
    arena_done(&scratch);
    str_done(&lines);
    return copy;
}

static size_t take_pairs(struct arena *arena, struct pair *pairs, size_t count, char ***ret_pairs)
{
    size_t kept = 0;
    qsort(pairs, count, sizeof(*pairs), compare_pairs);
    *ret_pairs = arena_array(arena, count, sizeof(**ret_pairs));
    for (size_t i = 0; i < count; i++) {
        bool is_last = i + 1 == count || compare_keys(&pairs[i], &pairs[i + 1]) != 0;
        if (is_last) /* a key that comes twice has its last value */
            (*ret_pairs)[kept++] = printable_lines(arena, pairs[i].text);
    }
    return kept;
}

void host_environ_read_blocking(const char *root, pid_t pid, struct arena *arena, char ***ret_pairs,
                                size_t *ret_count, struct value *ret_why)
{
    struct str bytes = { 0 };
    int error = read_block(root, pid, "environ", &bytes);
    *ret_pairs = NULL;
    *ret_count = 0;
    if (error) {
        *ret_why = value_na(host_why_of_errno(error));
    } else {
        struct pair *pairs = xcalloc(bytes.len / 2 + 1, sizeof(*pairs));
        *ret_count = take_pairs(arena, pairs, split_pairs(&bytes, pairs), ret_pairs);
        *ret_why = value_int((int64_t)*ret_count);
        free(pairs);
    }
    str_done(&bytes);
}
