/* Where drivers of today put it, then those of before 2018, whose folder no loader knows; a bare
 * name last, for a library that somebody has put beside the program. */
#include "nvml/nvml_places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/wide_windows.h"

enum { VALUE_SIZE = 1024 };

static const struct {
    const wchar_t *variable;
    const char *folder;
} folders[] = {
    { L"WINDIR", "System32" },
    { L"ProgramW6432", "NVIDIA Corporation\\NVSMI" },
};

static void add(struct nvml_places *places, char *name)
{
    places->names = xreallocarray(places->names, places->count + 1, sizeof(*places->names));
    places->names[places->count++] = name;
}

void nvml_places_init(struct nvml_places *places)
{
    *places = (struct nvml_places){ 0 };
    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        wchar_t value[VALUE_SIZE];
        DWORD len = GetEnvironmentVariableW(folders[i].variable, value, VALUE_SIZE);
        if (len == 0 || len >= VALUE_SIZE)
            continue;
        struct str path = { 0 };
        char *base = wide_to(value, len);
        str_printf(&path, "%s\\%s\\nvml.dll", base, folders[i].folder);
        free(base);
        add(places, str_take(&path));
    }
    add(places, xstrdup("nvml.dll"));
}

void nvml_places_done(struct nvml_places *places)
{
    for (size_t i = 0; i < places->count; i++)
        free(places->names[i]);
    free(places->names);
    *places = (struct nvml_places){ 0 };
}

/* A toolkit for Windows has an import library, and no library that only looks like one. */
bool nvml_place_is_stub(const char *path)
{
    (void)path;
    return false;
}
