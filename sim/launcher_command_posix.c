/* The loader searches the folders of LD_LIBRARY_PATH; our own programs are told the file. */
#include "sim/launcher_command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

const char command_library[] = "libnvidia-ml.so.1";

void command_set(const char *name, const char *value)
{
    setenv(name, value, 1);
}

/* The loader's variable can't name a folder with one of these in it. */
bool command_can_search(const char *folder)
{
    return !strpbrk(folder, ":;");
}

void command_set_library(const char *folder)
{
    struct str text = { 0 };
    const char *old = getenv("LD_LIBRARY_PATH");
    str_printf(&text, "%s/%s", folder, command_library);
    setenv("NVITOP_NVML", str_text(&text), 1);
    str_clear(&text);
    str_printf(&text, "%s%s%s", folder, old && *old ? ":" : "", old ? old : "");
    if (command_can_search(folder))
        setenv("LD_LIBRARY_PATH", str_text(&text), 1);
    str_done(&text);
}

int command_become(char *const *argv)
{
    execvp(argv[0], argv);
    return errno;
}
