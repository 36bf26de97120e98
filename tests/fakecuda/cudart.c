/*
 * A libcudart.so for tests: runtime 11.8.1 over a driver of 12.2 with FAKE_CUDART_COUNT devices, at
 * buses from 10 on; without the variable there is no driver. What failed last is kept as the real
 * one keeps it: until it is asked for.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

enum {
    NO_DRIVER = 35,
    NO_DEVICE = 100,
    INVALID_DEVICE = 101,
    FIRST_BUS = 10,
    DRIVER = 12020,
    RUNTIME = 11081
};

EXPORT int cudaGetDeviceCount(int *ret_count);
EXPORT int cudaDeviceGetPCIBusId(char *ret_id, int size, int device);
EXPORT int cudaDeviceGetByPCIBusId(int *ret_device, const char *id);
EXPORT int cudaDriverGetVersion(int *ret_version);
EXPORT int cudaRuntimeGetVersion(int *ret_version);
EXPORT int cudaGetLastError(void);
EXPORT int cudaPeekAtLastError(void);
EXPORT const char *cudaGetErrorName(int error);
EXPORT const char *cudaGetErrorString(int error);

static _Thread_local int last_error;

static int failed(int error)
{
    last_error = error;
    return error;
}

int cudaGetDeviceCount(int *ret_count)
{
    const char *text = getenv("FAKE_CUDART_COUNT");
    if (!text)
        return failed(NO_DRIVER);
    *ret_count = atoi(text);
    return *ret_count ? 0 : failed(NO_DEVICE);
}

int cudaDeviceGetPCIBusId(char *ret_id, int size, int device)
{
    int count = 0, status = cudaGetDeviceCount(&count);
    if (status)
        return status;
    if (device < 0 || device >= count)
        return failed(INVALID_DEVICE);
    snprintf(ret_id, (size_t)size, "0000:%02X:00.0", (unsigned)(device + FIRST_BUS));
    return 0;
}

int cudaDeviceGetByPCIBusId(int *ret_device, const char *id)
{
    char own[32];
    for (int device = 0;; device++) {
        int status = cudaDeviceGetPCIBusId(own, (int)sizeof(own), device);
        if (status)
            return status;
        if (strcmp(own, id) == 0) {
            *ret_device = device;
            return 0;
        }
    }
}

int cudaDriverGetVersion(int *ret_version)
{
    *ret_version = getenv("FAKE_CUDART_COUNT") ? DRIVER : 0;
    return 0;
}

int cudaRuntimeGetVersion(int *ret_version)
{
    *ret_version = RUNTIME;
    return 0;
}

int cudaGetLastError(void)
{
    int error = last_error;
    last_error = 0;
    return error;
}

int cudaPeekAtLastError(void)
{
    return last_error;
}

const char *cudaGetErrorName(int error)
{
    return error == NO_DRIVER ? "cudaErrorInsufficientDriver" : "unrecognized error code";
}

const char *cudaGetErrorString(int error)
{
    return error == NO_DRIVER ? "CUDA driver version is insufficient for CUDA runtime version"
                              : "unrecognized error code";
}
