/*
 * Files as Windows has them. The folders are those of the account that a program runs as, by the
 * variables of that account. A program that UAC has raised shares them with its user's others, who
 * may have led them elsewhere: all it writes there is a `config.ini` in a folder `nvitop`, which it
 * replaces whole, and a link in its place with it.
 */
#include "cmd/place.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <windows.h>

#include "base/environment.h"
#include "base/wide_windows.h"

const struct place_home place_home = { "APPDATA", "" };

/* A drive, or a computer of the network. */
bool place_is_absolute(const char *path)
{
    bool is_drive = path[0] && path[1] == ':' && (path[2] == '/' || path[2] == '\\');
    return is_drive || (path[0] == '\\' && path[1] == '\\');
}

const char *place_why_not_ours(void)
{
    const char *home = environment_get("APPDATA");
    return home && *home ? NULL : "APPDATA is not set";
}

static FILE *open_wide(const char *path, const wchar_t *mode)
{
    wchar_t *wide = wide_from(path);
    FILE *file = _wfopen(wide, mode);
    free(wide);
    return file;
}

FILE *place_open(const char *path)
{
    FILE *file = open_wide(path, L"rbN");
    struct _stat64 facts;
    if (!file || (_fstat64(_fileno(file), &facts) == 0 && S_ISREG(facts.st_mode)))
        return file;
    fclose(file);
    errno = EINVAL;
    return NULL;
}

FILE *place_create(const char *path)
{
    return open_wide(path, L"wbN");
}

bool place_make_folder(const char *path)
{
    wchar_t *wide = wide_from(path);
    bool is_there = CreateDirectoryW(wide, NULL) || GetLastError() == ERROR_ALREADY_EXISTS;
    free(wide);
    errno = is_there ? 0 : ENOENT;
    return is_there;
}

char *place_resolve(const char *path)
{
    (void)path; /* links are rare, and are replaced */
    return NULL;
}

bool place_replace(const char *fresh, const char *old)
{
    wchar_t *from = wide_from(fresh), *to = wide_from(old);
    bool is_done = MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING);
    free(from);
    free(to);
    errno = is_done ? 0 : EACCES;
    return is_done;
}

void place_discard(const char *path)
{
    wchar_t *wide = wide_from(path);
    DeleteFileW(wide);
    free(wide);
}
