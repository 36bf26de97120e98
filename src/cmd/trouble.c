/* Why the driver does not open, in a line, and a hint. */
#include "cmd/trouble.h"

#include <stdio.h>

#include "cmd/message.h"
#include "cmd/trouble_hint.h"
#include "nvml/nvml.h"

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
        message_add(messages, MESSAGE_HINT, "%s", trouble_hint(failure->status));
}
