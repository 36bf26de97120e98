/* Hints by status: one row each, the last words for all others. */
#include "cmd/trouble.h"

#include <stdio.h>

#include "base/mem.h"
#include "cmd/message.h"
#include "nvml/nvml.h"

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

static const char *hint_for(int status)
{
    for (size_t i = 0; i < ARRAY_LEN(hints); i++)
        if (hints[i].status == status)
            return hints[i].hint;
    return "See `dmesg` for what the driver says. `nvitop --demo` needs no driver.";
}

void trouble_waiting(void)
{
    fprintf(stderr, "nvitop: waiting for the driver (up to %d s)\n", TROUBLE_INIT_S);
}

void trouble_explain(struct messages *messages, const struct nvml_failure *failure,
                     const char *nvml_path)
{
    if (failure->status == NVITOP_ENOLIB)
        message_add(messages, MESSAGE_FATAL, "NVIDIA Management Library (NVML) not found.");
    else if (failure->status == NVITOP_ETIMEOUT)
        message_add(messages, MESSAGE_NVML, "No answer from the driver for %d s.", TROUBLE_INIT_S);
    else
        message_add(messages, MESSAGE_NVML, "%s", failure->text);
    if (failure->status == NVITOP_ENOLIB && nvml_path)
        message_add(messages, MESSAGE_HINT,
                    "The library that --nvml or NVITOP_NVML names cannot be used: %s. "
                    "Without a GPU, try `nvitop --demo`.",
                    failure->text);
    else
        message_add(messages, MESSAGE_HINT, "%s", hint_for(failure->status));
}
