/*
 * A libcuda.so.1 for tests. FAKE_CUDA_UUIDS lists the UUIDs of its GPUs as hex digits, by commas,
 * in the order of the bus; FAKE_CUDA_MODE says what goes wrong. Like the real one it puts the last
 * GPU first unless CUDA_DEVICE_ORDER is PCI_BUS_ID, and hides GPUs (all, being simple) while
 * CUDA_VISIBLE_DEVICES is set.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

enum { UUID_SIZE = 16, HEX_LEN = 32, FAILED = 999 };

EXPORT int cuInit(unsigned flags);
EXPORT int cuDeviceGetCount(int *ret_count);
EXPORT int cuDeviceGetUuid(unsigned char *ret_uuid, int device);

static int is_mode(const char *name)
{
    const char *mode = getenv("FAKE_CUDA_MODE");
    return mode && strcmp(mode, name) == 0;
}

static int count_all(void)
{
    const char *text = getenv("FAKE_CUDA_UUIDS");
    return text ? (int)((strlen(text) + 1) / (HEX_LEN + 1)) : 0;
}

int cuInit(unsigned flags)
{
    if (is_mode("print"))
        printf("GPU-00000000-0000-0000-0000-000000000000\nlibcuda talks\n");
    fflush(stdout);
    if (is_mode("crash"))
        abort();
    while (is_mode("hang"))
        pause();
    if (is_mode("fail") || flags)
        return FAILED;
    setenv("FAKE_CUDA_READY", "1", 1); /* devices.c looks */
    return 0;
}

int cuDeviceGetCount(int *ret_count)
{
    const char *visible = getenv("CUDA_VISIBLE_DEVICES");
    *ret_count = is_mode("many") ? 100000 : count_all();
    if (visible)
        *ret_count = 0;
    return 0;
}

static int uuid_of(unsigned char *ret_uuid, int device)
{
    const char *order = getenv("CUDA_DEVICE_ORDER"), *text = getenv("FAKE_CUDA_UUIDS");
    int is_bus = order && strcmp(order, "PCI_BUS_ID") == 0, count = count_all();
    if (device < 0 || device >= count || is_mode("no-uuid"))
        return FAILED;
    int row = is_bus ? device : count - 1 - device;
    for (int i = 0; i < UUID_SIZE; i++) {
        char hex[3] = { 0 };
        memcpy(hex, text + row * (HEX_LEN + 1) + 2 * i, 2);
        ret_uuid[i] = (unsigned char)strtoul(hex, NULL, 16);
    }
    return 0;
}

#ifndef FAKE_CUDA_OLD
EXPORT int cuDeviceGetUuid_v2(unsigned char *ret_uuid, int device);

int cuDeviceGetUuid_v2(unsigned char *ret_uuid, int device)
{
    return uuid_of(ret_uuid, device);
}

/* Must not be asked where the newer one is there. */
int cuDeviceGetUuid(unsigned char *ret_uuid, int device)
{
    (void)ret_uuid;
    (void)device;
    return FAILED;
}
#else
int cuDeviceGetUuid(unsigned char *ret_uuid, int device)
{
    return uuid_of(ret_uuid, device);
}
#endif
