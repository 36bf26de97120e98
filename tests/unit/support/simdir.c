/* Set-up of a simulated driver. */
#include "simdir.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

void simdir_path(const struct simdir *dir, const char *name, char path[SIMDIR_PATH_SIZE])
{
    snprintf(path, SIMDIR_PATH_SIZE, "%s/%s", dir->folder, name);
}

void simdir_write(const struct simdir *dir, const char *name, const char *text)
{
    char path[SIMDIR_PATH_SIZE], fresh[SIMDIR_PATH_SIZE + 8];
    simdir_path(dir, name, path);
    for (char *slash = strchr(path + strlen(dir->folder) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0700);
        *slash = '/';
    }
    snprintf(fresh, sizeof(fresh), "%s.new", path);
    FILE *file = fopen(fresh, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(fresh, path), 0);
}

void simdir_time(const struct simdir *dir, unsigned seconds)
{
    char text[16];
    snprintf(text, sizeof(text), "%u", seconds);
    simdir_write(dir, "clock", text);
}

void simdir_point(const struct simdir *dir, const char *variable, const char *name)
{
    char path[SIMDIR_PATH_SIZE];
    simdir_path(dir, name, path);
    setenv(variable, path, 1);
}

void simdir_make(struct simdir *dir, const char *scenario)
{
    *dir = (struct simdir){ "/tmp/nvitop-stage-XXXXXX" };
    assert_non_null(mkdtemp(dir->folder));
    simdir_write(dir, "scenario.ini", scenario);
    simdir_write(dir, "calls", "");
    simdir_time(dir, 0);
}

void simdir_remove(struct simdir *dir)
{
    char command[SIMDIR_PATH_SIZE];
    snprintf(command, sizeof(command), "rm -r %s", dir->folder);
    assert_int_equal(system(command), 0);
}

/* All lines of the log that fit, and the number of the last of them. */
static void walk_calls(const struct simdir *dir, const char *function, const char *device,
                       size_t *ret_count, size_t *ret_newest)
{
    char path[SIMDIR_PATH_SIZE], name[128], of[32];
    size_t number = 0;
    simdir_path(dir, "calls", path);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fscanf(file, "%127s %31s", name, of) == 2) {
        number++;
        if (strncmp(name, function, strlen(function)) != 0 || (device && strcmp(of, device) != 0))
            continue;
        ++*ret_count;
        *ret_newest = number;
    }
    fclose(file);
}

size_t simdir_calls(const struct simdir *dir, const char *function, const char *device)
{
    size_t count = 0, newest = 0;
    walk_calls(dir, function, device, &count, &newest);
    return count;
}

size_t simdir_newest_call(const struct simdir *dir, const char *function)
{
    size_t count = 0, newest = 0;
    walk_calls(dir, function, NULL, &count, &newest);
    return newest;
}
