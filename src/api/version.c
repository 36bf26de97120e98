/* Which library this is, and the words for its numbers. */
#include "nvitop/nvitop.h"

#include "base/status.h"
#include "base/value.h"

const char *nvitop_version(void)
{
    return NVITOP_VERSION;
}

int nvitop_abi_version(void)
{
    return NVITOP_ABI;
}

const char *nvitop_status_text(int status)
{
    return status_text(status);
}

const char *nvitop_why_text(int why)
{
    bool is_known = why >= NVITOP_WHY_NONE && why < NVITOP_WHY_COUNT;
    return value_why_text(is_known ? (enum nvitop_why)why : NVITOP_WHY_ERROR);
}
