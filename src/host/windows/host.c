/* The machine: opening it, who looks at it, and what Windows has no word for. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "host/windows/internal.h"

enum { PID_MAX = 1 << 26, NAME_SIZE = 256 }; /* pids are numbers of a table of that size */

int host_open(const char *root, struct host **ret_host)
{
    if (root) /* there is no tree to be elsewhere */
        return NVITOP_ENOTSUP;
    struct host *host = xcalloc(1, sizeof(*host));
    host->load = load_new();
    *ret_host = host;
    return NVITOP_OK;
}

void host_close(struct host *host)
{
    if (!host)
        return;
    listing_done(&host->listing);
    load_free(host->load);
    gpu_memory_free(host->gpu_memory);
    names_done(&host->names);
    free(host->slots);
    free(host);
}

uint32_t host_pid_max(struct host *host)
{
    (void)host;
    return PID_MAX;
}

bool host_is_own_mount(struct host *host)
{
    (void)host;
    return true;
}

bool host_is_initial_pid_ns(struct host *host)
{
    (void)host;
    return true; /* pid namespaces are Linux's */
}

bool host_is_wsl(void)
{
    return false;
}

bool host_is_wddm(void)
{
    return true;
}

static const char *hostname(struct arena *arena)
{
    wchar_t name[NAME_SIZE];
    DWORD size = NAME_SIZE;
    if (!GetComputerNameExW(ComputerNameDnsHostname, name, &size) || !size)
        return "localhost";
    return printable_of(arena, name, size);
}

void host_read_self(struct arena *arena, struct host_self *ret_self)
{
    union account account;
    enum nvitop_why why;
    *ret_self = (struct host_self){ .user = "?",
                                    .hostname = hostname(arena),
                                    .is_superuser = account_is_elevated() };
    if (!account_of(GetCurrentProcess(), &account, &why))
        return;
    const char *name = account_names.ask(arena, &account);
    ret_self->user = name ? name : account_names.otherwise(arena, &account);
    ret_self->uid = account_rid(&account);
}

size_t host_gpus_asleep(const char *sysfs, bool *ret_asleep, size_t cap)
{
    (void)sysfs;
    (void)ret_asleep;
    (void)cap;
    return 0;
}
