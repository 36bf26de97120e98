/* A library is searched in the folders of PATH when it is nowhere else; our own programs are told
 * the file. No process becomes another here: this one waits, and ends as the command does. */
#include "sim/launcher_command.h"

#include <errno.h>
#include <stdlib.h>
#include <windows.h>

#include "base/environment.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "base/str.h"
#include "base/wide_windows.h"

enum { PATH_SIZE = 32768, ARGUMENTS_MAX = 4096 };

const char command_library[] = "nvml.dll";

bool command_can_search(const char *folder)
{
    (void)folder;
    return true;
}

void command_set_library(const char *folder)
{
    struct str text = { 0 };
    const char *old = environment_get("PATH");
    str_printf(&text, "%s\\%s", folder, command_library);
    environment_set("NVITOP_NVML", str_text(&text));
    str_clear(&text);
    str_printf(&text, "%s;%s", folder, old ? old : "");
    environment_set("PATH", str_text(&text));
    str_done(&text);
}

/* As CreateProcess would find it, malloc'd; NULL: nowhere. */
static char *find_program(const char *name)
{
    wchar_t *wide = wide_from(name), *found = xcalloc(PATH_SIZE, sizeof(*found));
    DWORD len = SearchPathW(NULL, wide, L".exe", PATH_SIZE, found, NULL);
    char *path = len && len < PATH_SIZE ? wide_to(found, len) : NULL;
    free(wide);
    free(found);
    return path;
}

int command_become(char *const *argv)
{
    const char *words[ARGUMENTS_MAX];
    char *program = find_program(argv[0]);
    size_t count = 0;
    if (!program)
        return ENOENT;
    words[count++] = program;
    for (argv++; *argv && count < ARGUMENTS_MAX - 1; argv++)
        words[count++] = *argv;
    words[count] = NULL;
    int why = *argv ? E2BIG : spawn_replace(words, "NVITOP_SIM", environment_get("NVITOP_SIM"));
    free(program);
    return why;
}
