/* The words for status codes, in one place. */
#include "status.h"

#include "mem.h"
#include "nvitop/nvitop.h"

static const char *const texts[] = {
    [-NVITOP_OK] = "success",
    [-NVITOP_EINVAL] = "invalid argument",
    [-NVITOP_ENOLIB] = "NVML library not found",
    [-NVITOP_ENODRIVER] = "driver not loaded",
    [-NVITOP_EVERSION] = "driver and library versions differ",
    [-NVITOP_EPERM] = "no permission",
    [-NVITOP_ENOTFOUND] = "not found",
    [-NVITOP_ELOST] = "GPU is lost",
    [-NVITOP_ENOTSUP] = "not supported",
    [-NVITOP_ENOSYMBOL] = "the driver lacks the function",
    [-NVITOP_ETIMEOUT] = "no answer in time",
    [-NVITOP_EGONE] = "the process has ended",
    [-NVITOP_EDUPLICATE] = "named twice",
    [-NVITOP_ESTATE] = "not possible in this state",
    [-NVITOP_ETOOBIG] = "too large",
    [-NVITOP_EUNKNOWN] = "unknown error",
};

const char *status_text(int status)
{
    unsigned row = 0u - (unsigned)status;
    return row < ARRAY_LEN(texts) ? texts[row] : "unknown status";
}
