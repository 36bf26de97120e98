/* A pid with its host facts, while a snapshot is joined. */
#ifndef NVITOP_CORE_PERSON_H
#define NVITOP_CORE_PERSON_H

#include <stdbool.h>

#include "base/value.h"
#include "core/snapshot.h"
#include "host/host.h"

struct person {
    struct host_process facts;
    enum process_presence presence;
    struct value cpu_percent;
    struct host_command command;
    enum nvitop_why why; /* of what is missing, where the pid is not (known to be) ours */
    bool is_wanted;      /* a row with it passed the filter: its command line is needed */
};

#endif
