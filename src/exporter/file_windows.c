/* A file is there at once; only what is no file on a disk could be waited for, and is refused. */
#include "exporter/file.h"

#include <stdlib.h>
#include <windows.h>

#include "base/mem.h"
#include "base/wide_windows.h"

enum { BYTES_MAX = 1024 * 1024, PIECE_BYTES = 4096 };

static bool fail(const char *path, const char *why, struct str *err)
{
    str_printf(err, "%s: %s", path, why);
    return false;
}

/* *ret_error: why it is INVALID_HANDLE_VALUE. */
static HANDLE open_file(const char *path, DWORD *ret_error)
{
    wchar_t *wide = wide_from(path);
    HANDLE file =
        CreateFileW(wide, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    *ret_error = GetLastError();
    free(wide);
    return file;
}

/* NULL: there is nothing more. */
static const char *read_all(HANDLE file, struct str *out)
{
    char piece[PIECE_BYTES];
    size_t begin = out->len;
    DWORD count = 1;
    if (GetFileType(file) != FILE_TYPE_DISK)
        return "expected a file on a disk";
    while (count) {
        if (!ReadFile(file, piece, sizeof(piece), &count, NULL))
            return "it cannot be read";
        str_append_bytes(out, piece, count);
        mem_wipe(piece, sizeof(piece));
        if (out->len - begin > BYTES_MAX)
            return "longer than 1 MiB";
    }
    return NULL;
}

bool file_read(const char *path, struct str *out, struct str *err)
{
    DWORD error;
    HANDLE file = open_file(path, &error);
    if (file == INVALID_HANDLE_VALUE) {
        bool is_there = error != ERROR_FILE_NOT_FOUND && error != ERROR_PATH_NOT_FOUND;
        return fail(path, is_there ? "it cannot be opened" : "there is no such file", err);
    }
    const char *why = read_all(file, out);
    CloseHandle(file);
    return !why || fail(path, why, err);
}

void file_forget(struct str *text)
{
    mem_wipe(text->data, text->len);
    str_done(text);
}
