/* The host's reader, on this process alone; its start is read once, so that it never moves. */
#include "exporter/own.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "host/host.h"
#include "report/exposition.h"

struct own {
    struct host *host; /* NULL: there is no /proc */
    struct value start_seconds;
};

static void read_own(struct own *own, struct host_process *ret_process)
{
    struct arena arena = { 0 };
    host_process_read(own->host, getpid(), &arena, ret_process);
    arena_done(&arena); /* no text of it is told */
}

struct own *own_new(void)
{
    struct own *own = xcalloc(1, sizeof(*own));
    struct host_process process;
    if (host_open(NULL, &own->host) < 0) {
        own->host = NULL;
        return own;
    }
    host_want_exact(own->host);
    host_limit_kept(own->host, 0); /* a descriptor is worth more than a call per scrape */
    read_own(own, &process);
    own->start_seconds = process.running_time;
    if (!value_is_na(process.running_time))
        own->start_seconds =
            value_real((double)clock_epoch_us() / 1e6 - value_number(process.running_time, 0));
    return own;
}

void own_free(struct own *own)
{
    if (!own)
        return;
    host_close(own->host);
    free(own);
}

static void put(struct exposition *exposition, const char *name, const char *help,
                struct value value)
{
    exposition_family(exposition, "process_", name, help);
    if (!value_is_na(value))
        exposition_sample(exposition, "", value_number(value, 0));
}

void own_put(struct own *own, struct exposition *exposition)
{
    struct host_process process = { 0 };
    if (own && own->host)
        read_own(own, &process);
    put(exposition, "cpu_seconds_total", "CPU time of the exporter itself, user and system.",
        process.cpu_seconds);
    put(exposition, "resident_memory_bytes", "Resident memory of the exporter itself.",
        process.rss);
    put(exposition, "start_time_seconds", "Start of the exporter itself, since 1970.",
        own ? own->start_seconds : value_na(NVITOP_WHY_NOT_ASKED));
}
