/*
 * What a libcuda for tests tells of its devices and errors. As many devices as FAKE_CUDA_UUIDS has,
 * each named after its ordinal, with ordinal + 1 GiB, at bus ordinal + 10. Like the real one it
 * knows of no device before cuInit, and tells versions and errors at any time.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

enum {
    INVALID_VALUE = 1,
    NOT_INITIALIZED = 3,
    INVALID_DEVICE = 101,
    FIRST_BUS = 10,
    GIB_SHIFT = 30
};

EXPORT int cuDeviceGetCount(int *ret_count);
EXPORT int cuDeviceGet(int *ret_device, int ordinal);
EXPORT int cuDeviceGetName(char *ret_name, int size, int device);
EXPORT int cuDeviceGetPCIBusId(char *ret_id, int size, int device);
EXPORT int cuDeviceGetByPCIBusId(int *ret_device, const char *id);
EXPORT int cuDeviceTotalMem_v2(size_t *ret_size, int device);
EXPORT int cuDriverGetVersion(int *ret_version);
EXPORT int cuGetErrorName(int error, const char **ret_name);
EXPORT int cuGetErrorString(int error, const char **ret_text);

static const struct {
    int code;
    const char *name, *text;
} errors[] = {
    { 2, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory" },
    { 3, "CUDA_ERROR_NOT_INITIALIZED", "initialization error" },
    { 222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
      "the provided PTX was compiled with an unsupported toolchain." },
};

int cuDeviceGet(int *ret_device, int ordinal)
{
    int count = 0;
    if (!getenv("FAKE_CUDA_READY"))
        return NOT_INITIALIZED;
    cuDeviceGetCount(&count);
    if (ordinal < 0 || ordinal >= count)
        return INVALID_DEVICE;
    *ret_device = ordinal;
    return 0;
}

int cuDeviceGetName(char *ret_name, int size, int device)
{
    int status = cuDeviceGet(&device, device);
    if (!status)
        snprintf(ret_name, (size_t)size, "Fake GPU %d", device);
    return status;
}

int cuDeviceGetPCIBusId(char *ret_id, int size, int device)
{
    int status = cuDeviceGet(&device, device);
    if (!status)
        snprintf(ret_id, (size_t)size, "0000:%02X:00.0", (unsigned)(device + FIRST_BUS));
    return status;
}

int cuDeviceGetByPCIBusId(int *ret_device, const char *id)
{
    char own[32];
    for (int device = 0;; device++) {
        int status = cuDeviceGetPCIBusId(own, (int)sizeof(own), device);
        if (status)
            return status;
        if (strcmp(own, id) == 0)
            return cuDeviceGet(ret_device, device);
    }
}

int cuDeviceTotalMem_v2(size_t *ret_size, int device)
{
    int status = cuDeviceGet(&device, device);
    if (!status)
        *ret_size = (size_t)(device + 1) << GIB_SHIFT;
    return status;
}

int cuDriverGetVersion(int *ret_version)
{
    const char *text = getenv("FAKE_CUDA_VERSION");
    *ret_version = text ? atoi(text) : 12020;
    return 0;
}

int cuGetErrorName(int error, const char **ret_name)
{
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        if (errors[i].code == error) {
            *ret_name = errors[i].name;
            return 0;
        }
    }
    return INVALID_VALUE;
}

int cuGetErrorString(int error, const char **ret_text)
{
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        if (errors[i].code == error) {
            *ret_text = errors[i].text;
            return 0;
        }
    }
    return INVALID_VALUE;
}
