/*
 * The driver's codes in our terms. One table; a code that is not in it is an error without a
 * better word, never a success.
 */
#include "base/mem.h"
#include "nvml/nvml_internal.h"

struct code {
    int code, status;
    enum nvitop_why why;
    const char *text;
};

static const struct code codes[] = {
    { NVML_ABI_SUCCESS, NVITOP_OK, NVITOP_WHY_NONE, "success" },
    { NVML_ABI_ERROR_UNINITIALIZED, NVITOP_ESTATE, NVITOP_WHY_ERROR, "library not initialized" },
    { NVML_ABI_ERROR_INVALID_ARGUMENT, NVITOP_EINVAL, NVITOP_WHY_ERROR, "invalid argument" },
    { NVML_ABI_ERROR_NOT_SUPPORTED, NVITOP_ENOTSUP, NVITOP_WHY_NOT_SUPPORTED, "not supported" },
    { NVML_ABI_ERROR_NO_PERMISSION, NVITOP_EPERM, NVITOP_WHY_NO_PERMISSION, "no permission" },
    { NVML_ABI_ERROR_ALREADY_INITIALIZED, NVITOP_ESTATE, NVITOP_WHY_ERROR, "already initialized" },
    { NVML_ABI_ERROR_NOT_FOUND, NVITOP_ENOTFOUND, NVITOP_WHY_NO_SAMPLE, "not found" },
    { NVML_ABI_ERROR_INSUFFICIENT_SIZE, NVITOP_ETOOBIG, NVITOP_WHY_ERROR, "buffer too small" },
    { NVML_ABI_ERROR_INSUFFICIENT_POWER, NVITOP_EUNKNOWN, NVITOP_WHY_ERROR,
      "power cable not attached" },
    { NVML_ABI_ERROR_DRIVER_NOT_LOADED, NVITOP_ENODRIVER, NVITOP_WHY_ERROR, "driver not loaded" },
    { NVML_ABI_ERROR_TIMEOUT, NVITOP_ETIMEOUT, NVITOP_WHY_NOT_RESPONDING, "driver timed out" },
    { NVML_ABI_ERROR_IRQ_ISSUE, NVITOP_EUNKNOWN, NVITOP_WHY_ERROR, "interrupt problem" },
    { NVML_ABI_ERROR_LIBRARY_NOT_FOUND, NVITOP_ENOLIB, NVITOP_WHY_ERROR, "library not found" },
    { NVML_ABI_ERROR_FUNCTION_NOT_FOUND, NVITOP_ENOSYMBOL, NVITOP_WHY_NO_SYMBOL,
      "function not found" },
    { NVML_ABI_ERROR_CORRUPTED_INFOROM, NVITOP_EUNKNOWN, NVITOP_WHY_ERROR, "corrupted infoROM" },
    { NVML_ABI_ERROR_GPU_IS_LOST, NVITOP_ELOST, NVITOP_WHY_LOST, "GPU is lost" },
    { NVML_ABI_ERROR_RESET_REQUIRED, NVITOP_ELOST, NVITOP_WHY_LOST, "GPU needs a reset" },
    { NVML_ABI_ERROR_OPERATING_SYSTEM, NVITOP_EPERM, NVITOP_WHY_ERROR,
      "blocked by the operating system" },
    { NVML_ABI_ERROR_LIB_RM_VERSION_MISMATCH, NVITOP_EVERSION, NVITOP_WHY_ERROR,
      "driver and library versions differ" },
    { NVML_ABI_ERROR_IN_USE, NVITOP_ESTATE, NVITOP_WHY_ERROR, "GPU in use" },
    { NVML_ABI_ERROR_MEMORY, NVITOP_EUNKNOWN, NVITOP_WHY_ERROR, "out of memory" },
    { NVML_ABI_ERROR_NO_DATA, NVITOP_ENOTFOUND, NVITOP_WHY_NO_SAMPLE, "no data" },
    { NVML_ABI_ERROR_VGPU_ECC_NOT_SUPPORTED, NVITOP_ENOTSUP, NVITOP_WHY_NOT_SUPPORTED,
      "not supported with ECC" },
    { NVML_ABI_ERROR_INSUFFICIENT_RESOURCES, NVITOP_EUNKNOWN, NVITOP_WHY_ERROR,
      "out of resources" },
    { NVML_ABI_ERROR_FREQ_NOT_SUPPORTED, NVITOP_ENOTSUP, NVITOP_WHY_NOT_SUPPORTED,
      "frequency not supported" },
    { NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH, NVITOP_ENOTSUP, NVITOP_WHY_NOT_SUPPORTED,
      "struct version refused" },
    { NVML_ABI_ERROR_DEPRECATED, NVITOP_ENOTSUP, NVITOP_WHY_NOT_SUPPORTED, "no longer supported" },
    { NVML_ABI_ERROR_NOT_READY, NVITOP_ESTATE, NVITOP_WHY_ERROR, "not ready" },
    { NVML_ABI_ERROR_GPU_NOT_FOUND, NVITOP_ENOTFOUND, NVITOP_WHY_LOST, "no GPU found" },
    { NVML_ABI_ERROR_INVALID_STATE, NVITOP_ESTATE, NVITOP_WHY_ERROR, "invalid state" },
    { NVML_ABI_ERROR_RESET_TYPE_NOT_SUPPORTED, NVITOP_ENOTSUP, NVITOP_WHY_NOT_SUPPORTED,
      "reset not supported" },
    { NVML_ABI_ERROR_UNKNOWN, NVITOP_EUNKNOWN, NVITOP_WHY_ERROR, "unknown error" },
};

static const struct code *find(int code)
{
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (codes[i].code == code)
            return &codes[i];
    return &codes[ARRAY_LEN(codes) - 1];
}

enum nvitop_why nvml_code_why(int code)
{
    return find(code)->why;
}

int nvml_code_status(int code)
{
    return find(code)->status;
}

bool nvml_code_is_lost(int code)
{
    return nvml_code_status(code) == NVITOP_ELOST;
}

const char *nvml_code_text(int code)
{
    return find(code)->text;
}

struct value nvml_code_value(int code)
{
    struct value value = value_na(nvml_code_why(code));
    value.code = code;
    return value;
}
