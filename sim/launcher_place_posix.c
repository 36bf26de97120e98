/*
 * Files of the launcher.
 *
 * The temporary folder is locked (flock on the folder itself) by whoever looks after it. One
 * without a lock is left over, unless it is so young that its owner may not have come to lock it.
 */
#include "sim/launcher_place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/environment.h"
#include "base/mem.h"
#include "base/str.h"
#include "nvitop/nvitop.h"

#define PREFIX "nvitop-sim-"

enum { YOUNG_S = 10 };

char *place_find_folder(const char *name)
{
    /* Build tree and pip's libexec, pip's folder of scenarios, installations of other kinds. */
    static const char *const folders[] = { ".", "..", "../share/nvitop", "../../share/nvitop",
                                           "../lib/nvitop" };
    char exe[PATH_MAX];
    struct str path = { 0 };
    char *found = NULL;
    ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
    if (len <= 0)
        return NULL;
    exe[len] = 0;
    *strrchr(exe, '/') = 0;
    for (size_t i = 0; !found && i < ARRAY_LEN(folders); i++) {
        str_clear(&path);
        str_printf(&path, "%s/%s/%s", exe, folders[i], name);
        if (access(str_text(&path), F_OK) < 0)
            continue;
        str_clear(&path);
        str_printf(&path, "%s/%s", exe, folders[i]);
        found = realpath(str_text(&path), NULL);
    }
    str_done(&path);
    return found;
}

char *place_find(const char *name)
{
    struct str path = { 0 };
    char *folder = place_find_folder(name);
    if (!folder)
        return NULL;
    str_printf(&path, "%s/%s", folder, name);
    free(folder);
    return str_take(&path);
}

char *place_absolute(const char *path)
{
    char *found = realpath(path, NULL);
    return found ? found : xstrdup(path);
}

bool place_is_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISDIR(info.st_mode);
}

static bool has_ending(const char *name, const char *ending)
{
    size_t len = strlen(name), end = strlen(ending);
    return len > end && strcmp(name + len - end, ending) == 0;
}

size_t place_list(const char *folder, const char *ending, char ***ret_names)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);
    size_t kept = 0;
    if (count < 0)
        return 0;
    *ret_names = xcalloc((size_t)count + 1, sizeof(char *));
    for (int i = 0; i < count; i++) {
        if (has_ending(entries[i]->d_name, ending))
            (*ret_names)[kept++] = xstrdup(entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return kept;
}

const char place_root_variable[] = "TMPDIR";

const char *place_root(void)
{
    const char *root = environment_get("TMPDIR");
    return root && *root == '/' ? root : "/tmp";
}

static void empty_folder(int folder)
{
    DIR *listing = fdopendir(dup(folder));
    struct dirent *entry;
    if (!listing)
        return;
    while ((entry = readdir(listing)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(folder, entry->d_name, 0);
    closedir(listing);
}

/* Removes `name` if it is a folder of ours that nobody holds. */
static void remove_stale(int root, const char *name)
{
    struct stat info;
    int folder = openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return;
    if (fstat(folder, &info) == 0 && info.st_uid == geteuid() &&
        info.st_mtime + YOUNG_S < time(NULL) && flock(folder, LOCK_EX | LOCK_NB) == 0) {
        empty_folder(folder);
        unlinkat(root, name, AT_REMOVEDIR);
    }
    close(folder);
}

static void remove_all_stale(const char *root)
{
    DIR *listing = opendir(root);
    struct dirent *entry;
    if (!listing)
        return;
    while ((entry = readdir(listing)))
        if (str_has_prefix(entry->d_name, PREFIX))
            remove_stale(dirfd(listing), entry->d_name);
    closedir(listing);
}

int place_make(struct place *ret_place)
{
    struct str path = { 0 };
    int lock = -1, error;
    remove_all_stale(place_root());
    str_printf(&path, "%s/" PREFIX "XXXXXX", place_root());
    if (!mkdtemp(path.data))
        goto fail_make;
    lock = open(path.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) < 0 || fchmod(lock, 0755) < 0)
        goto fail_lock;
    str_append_char(&path, '/');
    *ret_place = (struct place){ .prefix = str_take(&path), .lock = lock };
    return NVITOP_OK;
fail_lock:
    error = errno;
    if (lock >= 0)
        close(lock);
    rmdir(path.data);
    errno = error;
fail_make:
    error = errno;
    str_done(&path);
    errno = error;
    return NVITOP_EPERM;
}

bool place_write(const struct place *place, const char *name, const char *text, size_t len)
{
    char *path = place_file(place, name);
    FILE *file = fopen(path, "we");
    free(path);
    if (!file)
        return false;
    bool is_written = fwrite(text, 1, len, file) == len;
    return fclose(file) == 0 && is_written;
}

void place_remove(const struct place *place)
{
    empty_folder(place->lock);
    rmdir(place->prefix);
}
