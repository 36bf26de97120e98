/*
 * The soname first: the system's own choice. Then the folders that a loader often does not know:
 * WSL, NixOS, distributions that keep drivers apart. The bare name comes last, for it is what a
 * CUDA toolkit's stub is called.
 */
#include "nvml/nvml_places.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char *const first[] = {
    "libnvidia-ml.so.1",
    "/usr/lib/wsl/lib/libnvidia-ml.so.1",
    "/run/opengl-driver/lib/libnvidia-ml.so.1",
};

static const char *const patterns[] = {
    "/usr/lib*/nvidia*/libnvidia-ml.so.1",
    "/usr/lib/nvidia/current/libnvidia-ml.so.1",
    "/usr/lib/*/nvidia*/libnvidia-ml.so.1",
    "/usr/lib/*/nvidia/current/libnvidia-ml.so.1",
};

static void add(struct nvml_places *places, const char *name)
{
    places->names = xreallocarray(places->names, places->count + 1, sizeof(*places->names));
    places->names[places->count++] = xstrdup(name);
}

static void add_matches(struct nvml_places *places, const char *pattern)
{
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++)
        add(places, found.gl_pathv[i]);
    globfree(&found);
}

void nvml_places_init(struct nvml_places *places)
{
    *places = (struct nvml_places){ 0 };
    for (size_t i = 0; i < ARRAY_LEN(first); i++)
        add(places, first[i]);
    for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
        add_matches(places, patterns[i]);
    add(places, "libnvidia-ml.so");
}

void nvml_places_done(struct nvml_places *places)
{
    for (size_t i = 0; i < places->count; i++)
        free(places->names[i]);
    free(places->names);
    *places = (struct nvml_places){ 0 };
}

bool nvml_place_is_stub(const char *path)
{
    char *real = realpath(path, NULL);
    bool is_stub = strstr(real ? real : path, "/stubs/") != NULL;
    free(real);
    return is_stub;
}
