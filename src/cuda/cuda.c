/*
 * The four functions of libcuda that list GPUs. The library stays loaded: it does not expect to be
 * unloaded. A UUID is 16 raw bytes, any of which may be 0.
 */
#include "cuda.h"

#include <stddef.h>
#include <string.h>

#include "base/dylib.h"
#include "base/mem.h"
#include "base/str.h"
#include "nvitop/nvitop.h"

enum { UUID_SIZE = 16, DEVICE_MAX = 256 };

struct cuda_uuid {
    unsigned char bytes[UUID_SIZE];
};

struct cuda_api {
    int (*init)(unsigned flags);
    int (*device_get_count)(int *ret_count);
    int (*device_get_uuid)(struct cuda_uuid *ret_uuid, int device);
};

static const struct {
    size_t slot;
    const char *names[2]; /* newest first */
} symbols[] = {
    { offsetof(struct cuda_api, init), { "cuInit" } },
    { offsetof(struct cuda_api, device_get_count), { "cuDeviceGetCount" } },
    { offsetof(struct cuda_api, device_get_uuid), { "cuDeviceGetUuid_v2", "cuDeviceGetUuid" } },
};

static int bind(struct dylib *lib, struct cuda_api *api)
{
    for (size_t i = 0; i < ARRAY_LEN(symbols); i++) {
        void *address = NULL;
        for (size_t n = 0; n < 2 && !address && symbols[i].names[n]; n++)
            address = dylib_symbol(lib, symbols[i].names[n]);
        if (!address)
            return NVITOP_ENOSYMBOL;
        memcpy((char *)api + symbols[i].slot, &address, sizeof(address));
    }
    return NVITOP_OK;
}

static void append_uuid(struct str *lines, const struct cuda_uuid *uuid)
{
    str_append(lines, "GPU-");
    for (int i = 0; i < UUID_SIZE; i++) {
        bool is_group = i == 4 || i == 6 || i == 8 || i == 10;
        str_printf(lines, "%s%02x", is_group ? "-" : "", uuid->bytes[i]);
    }
    str_append_char(lines, '\n');
}

int cuda_list_uuids(struct str *ret_lines)
{
    struct cuda_api api;
    struct cuda_uuid uuids[DEVICE_MAX] = { 0 };
    int count = 0;
    struct dylib *lib = dylib_open("libcuda.so.1", NULL);
    if (!lib)
        return NVITOP_ENOLIB;
    int status = bind(lib, &api);
    if (status < 0)
        return status;
    if (api.init(0) != 0 || api.device_get_count(&count) != 0)
        return NVITOP_ENODRIVER;
    if (count < 0 || count > DEVICE_MAX)
        return NVITOP_ETOOBIG;
    for (int i = 0; i < count; i++) /* a CUdevice is its ordinal */
        if (api.device_get_uuid(&uuids[i], i) != 0)
            return NVITOP_ENODRIVER;
    for (int i = 0; i < count; i++)
        append_uuid(ret_lines, &uuids[i]);
    return NVITOP_OK;
}
