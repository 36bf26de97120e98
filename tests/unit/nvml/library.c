/*
 * A library that looks like a driver from outside: just enough to be opened, or not. The build
 * makes several of it: INIT_CODE is what init answers, and what is not wanted is left out.
 */
#include <stdint.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

#ifndef INIT_CODE
#define INIT_CODE 0
#endif

EXPORT int fake_inits_with_flags, fake_inits, fake_shutdowns;
EXPORT uint32_t fake_flags = 77;

int32_t nvmlInit_v2(void);
int32_t nvmlInitWithFlags(uint32_t flags);
int32_t nvmlShutdown(void);
int32_t nvmlDeviceGetCount_v2(uint32_t *ret);
int32_t nvmlDeviceGetHandleByIndex_v2(uint32_t index, void **ret);
const char *nvmlErrorString(int32_t code);
int32_t nvmlSystemGetDriverVersion(char *ret, uint32_t size);
int32_t nvmlSystemGetCudaDriverVersion(int32_t *ret);

EXPORT int32_t nvmlInit_v2(void)
{
    fake_inits++;
    return INIT_CODE;
}

#ifndef WITHOUT_FLAGS
EXPORT int32_t nvmlInitWithFlags(uint32_t flags)
{
    fake_inits_with_flags++;
    fake_flags = flags;
    return INIT_CODE;
}
#endif

#ifndef WITHOUT_SHUTDOWN
EXPORT int32_t nvmlShutdown(void)
{
    fake_shutdowns++;
    return 0;
}
#endif

EXPORT int32_t nvmlDeviceGetCount_v2(uint32_t *ret)
{
    *ret = 2;
    return 0;
}

EXPORT int32_t nvmlDeviceGetHandleByIndex_v2(uint32_t index, void **ret)
{
    static char handles[2];
    *ret = &handles[index];
    return 0;
}

EXPORT const char *nvmlErrorString(int32_t code)
{
    return code == 18 ? "Driver/library version \x1b mismatch" : "";
}

EXPORT int32_t nvmlSystemGetDriverVersion(char *ret, uint32_t size)
{
    strncpy(ret, "550.54.14", size);
    return 0;
}

EXPORT int32_t nvmlSystemGetCudaDriverVersion(int32_t *ret)
{
    *ret = 12040;
    return 0;
}
