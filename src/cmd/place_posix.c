/* Files as POSIX has them. */
#include "cmd/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/environment.h"

enum { FILE_MODE = 0644, FOLDER_MODE = 0755 };

const struct place_home place_home = { "HOME", ".config/" };

bool place_is_absolute(const char *path)
{
    return *path == '/';
}

const char *place_why_not_ours(void)
{
    const char *home = environment_get("HOME");
    struct stat facts;
    if (!home || !*home)
        return "HOME is not set";
    if (stat(home, &facts) != 0)
        return "there is no home directory";
    return facts.st_uid == geteuid() ? NULL : "the home directory is another user's";
}

static FILE *stream_of(int fd, const char *mode)
{
    FILE *file = fdopen(fd, mode);
    int why = errno;
    if (!file)
        close(fd);
    errno = why;
    return file;
}

FILE *place_open(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat facts;
    if (fd < 0)
        return NULL;
    if (fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode))
        return stream_of(fd, "r");
    close(fd);
    errno = EINVAL;
    return NULL;
}

FILE *place_create(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
    return fd < 0 ? NULL : stream_of(fd, "w");
}

bool place_make_folder(const char *path)
{
    return mkdir(path, FOLDER_MODE) == 0 || errno == EEXIST;
}

char *place_resolve(const char *path)
{
    return realpath(path, NULL);
}

bool place_replace(const char *fresh, const char *old)
{
    return rename(fresh, old) == 0;
}

void place_discard(const char *path)
{
    unlink(path);
}
