/* Where a driver library may lie on this platform. */
#ifndef NVITOP_NVML_NVML_PLACES_H
#define NVITOP_NVML_NVML_PLACES_H

#include <stdbool.h>
#include <stddef.h>

/* Names and paths, in the order in which they are tried. Free with nvml_places_done. */
struct nvml_places {
    char **names;
    size_t count;
};

void nvml_places_init(struct nvml_places *places);
void nvml_places_done(struct nvml_places *places);

/* A library to link against, not to run: links are resolved first. */
bool nvml_place_is_stub(const char *path);

#endif
