/*
 * A command line for the eye, from its arguments. A lone argument may be a title that a program has
 * given itself, or a file, and only the file system knows.
 */
#include <sys/stat.h>

#include "host/argv.h"
#include "host/host.h"

static bool is_absolute_file(const char *path)
{
    struct stat about;
    return path[0] == '/' && stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

char *host_command_line(struct arena *arena, const char *const *argv, size_t argc)
{
    return argv_join(arena, argv, argc, argc == 1 && is_absolute_file(argv[0]),
                     &argv_quoting_posix);
}
