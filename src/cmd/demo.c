/*
 * The simulator's launcher is never searched in PATH: it stands at a fixed place beside this
 * program's file, in the build tree or where it was installed. Our arguments are handed on as they
 * are; a variable tells the second run that its --demo has been followed, and the launcher whose it
 * was.
 */
#include "cmd/demo.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/environment.h"
#include "base/spawn.h"
#include "base/str.h"
#include "cmd/locate.h"

#define ACTIVE_VARIABLE "NVITOP_DEMO_ACTIVE"
#define LIBRARY_VARIABLE "NVITOP_NVML"
#define DEFAULT_SCENARIO "default"
#define LAUNCHER "nvitop-sim"

enum { EXIT_TROUBLE = 1 };

bool demo_is_running(void)
{
    return environment_get(ACTIVE_VARIABLE) != NULL;
}

void demo_drop_library(void)
{
    if (environment_trusted(LIBRARY_VARIABLE))
        return;
    char *launcher = demo_is_running() ? locate_helper(LAUNCHER) : NULL;
    char *library = launcher ? locate_library(launcher) : NULL;
    if (library)
        environment_set(LIBRARY_VARIABLE, library);
    else
        environment_drop(LIBRARY_VARIABLE);
    free(library);
    free(launcher);
}

/* The scenario as the launcher takes it: not for an option. */
static const char *operand(struct arena *arena, const char *name)
{
    return *name == '-' ? arena_printf(arena, "./%s", name) : name;
}

static const char **launcher_words(struct arena *arena, const char *launcher, const char *self,
                                   const char *name, char *const argv[])
{
    size_t count = 0, at = 0;
    while (argv[count])
        count++;
    const char **words = arena_array(arena, count + 5, sizeof(*words));
    words[at++] = launcher;
    words[at++] = name ? operand(arena, name) : DEFAULT_SCENARIO;
    if (name && strcmp(name, "list") == 0)
        return words;
    words[at++] = "--";
    words[at++] = self;
    for (size_t i = 1; i < count; i++)
        words[at++] = argv[i];
    return words;
}

int demo_become(const char *program, const char *name, char *const argv[], struct str *err)
{
    char *self = locate_self(), *launcher = locate_helper(LAUNCHER);
    if (self && launcher) {
        struct arena arena = { 0 };
        int why = spawn_replace(launcher_words(&arena, launcher, self, name, argv), ACTIVE_VARIABLE,
                                program);
        str_printf(err, "%s: error: %s cannot be started: %s\n", program, launcher, strerror(why));
        arena_done(&arena);
    } else {
        str_printf(err,
                   "%s: error: --demo needs the program " LAUNCHER
                   ", which is neither installed with %s nor built beside it\n",
                   program, program);
    }
    free(self);
    free(launcher);
    return EXIT_TROUBLE;
}
