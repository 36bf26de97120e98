/* What the library says about itself and the machine: versions, the number of GPUs. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "nvml/nvml_internal.h"

const char *nvml_library_path(const struct nvml *nvml)
{
    return nvml->path;
}

uint64_t nvml_call_count(const struct nvml *nvml)
{
    return atomic_load_explicit(&nvml->calls, memory_order_relaxed);
}

bool nvml_has_process_symbols(const struct nvml *nvml)
{
    for (int kind = NVML_LIST_COMPUTE; kind <= NVML_LIST_GRAPHICS; kind++)
        for (int version = 0; version < NVML_VERSION_COUNT; version++)
            if (nvml->symbols.lists[kind][version])
                return true;
    return false;
}

enum nvml_pid_scope nvml_pid_scope(const struct nvml *nvml)
{
    int scope = nvml->symbols.simulator_pid_scope ? nvml->symbols.simulator_pid_scope()
                                                  : NVML_PIDS_BY_KERNEL;
    return scope == NVML_PIDS_OURS || scope == NVML_PIDS_FOREIGN ? (enum nvml_pid_scope)scope
                                                                 : NVML_PIDS_BY_KERNEL;
}

/* `size` bounds a text that the driver forgot to end. */
struct value nvml_text_value(struct arena *arena, const char *bytes, size_t size)
{
    const char *end = memchr(bytes, 0, size);
    size_t len = end ? (size_t)(end - bytes) : size;
    return len ? value_text(utf8_printable(arena, bytes, len)) : value_na(NVITOP_WHY_NOT_SUPPORTED);
}

static struct value system_text(struct nvml *nvml, nvml_system_text_fn *fn, struct arena *arena)
{
    char text[NVML_ABI_SYSTEM_DRIVER_VERSION_BUFFER_SIZE] = { 0 };
    int code = NVML_CALL(nvml, fn, text, sizeof(text));
    return code ? nvml_code_value(code) : nvml_text_value(arena, text, sizeof(text));
}

struct value nvml_driver_version(struct nvml *nvml, struct arena *arena)
{
    return system_text(nvml, nvml->symbols.driver_version, arena);
}

struct value nvml_library_version(struct nvml *nvml, struct arena *arena)
{
    return system_text(nvml, nvml->symbols.library_version, arena);
}

struct value nvml_cuda_version(struct nvml *nvml, struct arena *arena)
{
    int32_t version = 0;
    int code = NVML_CALL(nvml, nvml->symbols.cuda_version, &version);
    if (code)
        return nvml_code_value(code);
    if (version <= 0)
        return value_na(NVITOP_WHY_NOT_SUPPORTED);
    int major = version / 1000, minor = version % 1000 / 10, patch = version % 10;
    return value_text(patch ? arena_printf(arena, "%d.%d.%d", major, minor, patch)
                            : arena_printf(arena, "%d.%d", major, minor));
}

int nvml_device_count(struct nvml *nvml, unsigned *ret_count, struct nvml_failure *ret_failure)
{
    uint32_t count = 0;
    int code = NVML_CALL(nvml, nvml->symbols.device_count, &count);
    if (code)
        return nvml_fail(nvml, code, ret_failure);
    if (count > NVML_DEVICE_MAX) {
        *ret_failure = (struct nvml_failure){ .status = NVITOP_ETOOBIG };
        snprintf(ret_failure->text, sizeof(ret_failure->text),
                 "the driver reports %u GPUs, more than the %d there can be", count,
                 NVML_DEVICE_MAX);
        return ret_failure->status;
    }
    *ret_count = count;
    return NVITOP_OK;
}
