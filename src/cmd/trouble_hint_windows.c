/* Hints by status: one row each, the last words for all others. */
#include "cmd/trouble_hint.h"

#include <stddef.h>

#include "base/mem.h"
#include "nvitop/nvitop.h"

static const struct {
    int status;
    const char *hint;
} hints[] = {
    { NVITOP_ENOLIB,
      "Is an NVIDIA driver installed? It puts nvml.dll into C:\\Windows\\System32." },
    { NVITOP_ENODRIVER,
      "The driver is not running: see the display adapters in the device manager, "
      "or restart Windows." },
    { NVITOP_EVERSION, "The driver was updated while it ran: restart Windows." },
    { NVITOP_EPERM, "This user may not ask the driver: try it as administrator." },
    { NVITOP_ETIMEOUT, "A GPU or the driver hangs: see the system log in the event viewer." },
};

const char *trouble_hint(int status)
{
    for (size_t i = 0; i < ARRAY_LEN(hints); i++)
        if (hints[i].status == status)
            return hints[i].hint;
    return "See the system log in the event viewer for what the driver says.";
}
