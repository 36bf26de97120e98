/* Hints by status: one row each, the last words for all others. */
#include "cmd/trouble_hint.h"

#include <stddef.h>

#include "base/mem.h"
#include "nvitop/nvitop.h"

static const struct {
    int status;
    const char *hint;
} hints[] = {
    { NVITOP_ENOLIB, "Is an NVIDIA driver installed? Without a GPU, try `nvitop --demo`." },
    { NVITOP_ENODRIVER, "The kernel module is not loaded: see `lsmod | grep nvidia` and "
                        "`dmesg`. Without a GPU, try `nvitop --demo`." },
    { NVITOP_EVERSION, "The driver was updated while loaded: reboot, or reload the nvidia kernel "
                       "modules. Meanwhile, `nvitop --demo` shows how it looks." },
    { NVITOP_EPERM, "Check the access rights of /dev/nvidia* and your container's device rules. "
                    "`nvitop --demo` needs none." },
    { NVITOP_ETIMEOUT, "A GPU or the driver hangs: see `dmesg`. `nvitop --demo` needs no driver." },
};

const char *trouble_hint(int status)
{
    for (size_t i = 0; i < ARRAY_LEN(hints); i++)
        if (hints[i].status == status)
            return hints[i].hint;
    return "See `dmesg` for what the driver says. `nvitop --demo` needs no driver.";
}
