/*
 * Where drivers of today put it, then those of before 2018, whose folder no loader knows; a bare
 * name last, for a library that somebody has put beside the program.
 *
 * The system is asked where its folders are: variables that say it may be any program's, even where
 * this one has more rights than that.
 */
#include "nvml/nvml_places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include <shlobj.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/wide_windows.h"

/* Program Files are those of programs of 64 bits, as this one is. */
static const struct {
    int known;
    const char *path;
} folders[] = {
    { CSIDL_SYSTEM, "nvml.dll" },
    { CSIDL_PROGRAM_FILES, "NVIDIA Corporation\\NVSMI\\nvml.dll" },
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
        wchar_t folder[MAX_PATH];
        if (SHGetFolderPathW(NULL, folders[i].known, NULL, SHGFP_TYPE_CURRENT, folder) != S_OK)
            continue;
        struct str path = { 0 };
        char *base = wide_to(folder, wcslen(folder));
        str_printf(&path, "%s\\%s", base, folders[i].path);
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
