/* A process of which nothing is known but why. */
#include "host.h"

struct host_process host_process_without_facts(pid_t pid, enum host_presence presence,
                                               enum nvitop_why why)
{
    struct value na = value_na(why);
    return (struct host_process){
        .pid = pid,
        .presence = presence,
        .uid = na,
        .user = na,
        .ppid = na,
        .threads = na,
        .state = na,
        .name = na,
        .rss = na,
        .cpu_seconds = na,
        .running_time = na,
        .start_time = na,
    };
}
