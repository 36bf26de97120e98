/* The loader searches the folders of LD_LIBRARY_PATH; our own programs are told the file. */
#include "sim/launcher_command.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/environment.h"
#include "base/str.h"

const char command_library[] = "libnvidia-ml.so.1";

/* The loader's variable can't name a folder with one of these in it. */
bool command_can_search(const char *folder)
{
    return !strpbrk(folder, ":;");
}

void command_set_library(const char *folder)
{
    struct str text = { 0 };
    const char *old = environment_get("LD_LIBRARY_PATH");
    str_printf(&text, "%s/%s", folder, command_library);
    environment_set("NVITOP_NVML", str_text(&text));
    str_clear(&text);
    str_printf(&text, "%s%s%s", folder, old && *old ? ":" : "", old ? old : "");
    if (command_can_search(folder))
        environment_set("LD_LIBRARY_PATH", str_text(&text));
    str_done(&text);
}

int command_become(char *const *argv)
{
    execvp(argv[0], argv);
    return errno;
}
