/*
 * Processes. All but the owner comes from the system's list, which is asked for anew once it is
 * older than a moment; so all that is read for one snapshot is of one look. Where the system gives
 * none, the last one still tells who is who, but not what has changed since, nor who has gone.
 * Invariant: slots are ascending by pid, and a slot belongs to the process that was created at its
 * time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "host/windows/internal.h"

enum { MOMENT_MS = 20 };

static const struct listing *look(struct host *host)
{
    uint64_t now_ns = clock_mono_ns();
    if (host->listed_ns && now_ns - host->listed_ns < MOMENT_MS * CLOCK_NS_PER_MS)
        return &host->listing;
    struct listing fresh;
    host->is_old = !listing_read(&fresh);
    listing_done(host->is_old ? &fresh : &host->listing);
    if (!host->is_old)
        host->listing = fresh;
    host->listed_ns = now_ns;
    return &host->listing;
}

/* ---- owners ---- */

static struct host_slot *slot_of(struct host *host, const struct listed *row)
{
    size_t at = 0;
    while (at < host->slot_count && host->slots[at].pid < row->pid)
        at++;
    if (at == host->slot_count || host->slots[at].pid != row->pid) {
        if (host->slot_count == host->slot_cap) {
            host->slot_cap = MAX_OF(host->slot_cap * 2, (size_t)64);
            host->slots = xreallocarray(host->slots, host->slot_cap, sizeof(*host->slots));
        }
        memmove(host->slots + at + 1, host->slots + at,
                (host->slot_count - at) * sizeof(*host->slots));
        host->slot_count++;
        host->slots[at].created = ~row->created;
    }
    struct host_slot *slot = &host->slots[at];
    if (slot->created != row->created)
        *slot = (struct host_slot){ .pid = row->pid,
                                    .created = row->created,
                                    .uid = value_na(NVITOP_WHY_NOT_ASKED) };
    return slot;
}

static struct value read_uid(struct host_slot *slot)
{
    enum nvitop_why why = NVITOP_WHY_NONE;
    HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, slot->pid);
    if (!process)
        return value_na(why_of_error(GetLastError()));
    bool is_told = account_of(process, &slot->account, &why);
    CloseHandle(process);
    return is_told ? value_int(account_rid(&slot->account)) : value_na(why);
}

static void fill_owner(struct host *host, const struct listed *row, struct arena *arena,
                       struct host_process *process)
{
    struct host_slot *slot = slot_of(host, row);
    if (slot->uid.kind == NVITOP_NA && slot->uid.why == NVITOP_WHY_NOT_ASKED)
        slot->uid = read_uid(slot);
    process->uid = process->user = slot->uid;
    if (value_is_na(slot->uid))
        return;
    bool is_known = true;
    const char *user = slot->user;
    if (!user)
        user = names_get(&host->names, &account_names, &slot->account, account_size(&slot->account),
                         &is_known);
    if (is_known)
        slot->user = user;
    process->user = value_text(arena_strdup(arena, user));
}

void host_forget(struct host *host, const pid_t *pids, size_t count)
{
    size_t kept = 0, next = 0;
    for (size_t i = 0; i < host->slot_count; i++) {
        while (next < count && pids[next] < (pid_t)host->slots[i].pid)
            next++;
        if (next < count && pids[next] == (pid_t)host->slots[i].pid)
            host->slots[kept++] = host->slots[i];
    }
    host->slot_count = kept;
}

/* Nothing is kept open, and the working set is exact. */
void host_limit_kept(struct host *host, size_t pids)
{
    (void)host;
    (void)pids;
}

void host_want_exact(struct host *host)
{
    (void)host;
}

/* ---- one process ---- */

static double seconds(uint64_t ticks)
{
    return (double)ticks / (double)WINDOWS_TICKS_PER_S;
}

static uint64_t now_ticks(void)
{
    FILETIME now;
    GetSystemTimePreciseAsFileTime(&now);
    return ticks_of(now);
}

/* Both of the system's own processes have no file, and one of them no name. */
static const char *name_of(const struct listed *row, struct arena *arena)
{
    if (!row->image_len)
        return row->pid == PID_IDLE ? "System Idle Process" : "System";
    return printable_of(arena, row->image, row->image_len);
}

/* Both of the system's own processes may have no time of creation. */
static void fill_times(const struct listed *row, struct host_process *process)
{
    static const uint64_t unix_epoch = UINT64_C(11644473600); /* seconds since 1601 */
    uint64_t now = now_ticks();
    process->cpu_seconds = value_real(seconds(row->cpu));
    process->running_time = process->start_time = value_na(NVITOP_WHY_NOT_SUPPORTED);
    if (!row->created)
        return;
    process->running_time = value_real(now > row->created ? seconds(now - row->created) : 0);
    process->start_time = value_real(seconds(row->created) - (double)unix_epoch);
}

void host_process_read(struct host *host, pid_t pid, struct arena *arena,
                       struct host_process *ret_process)
{
    const struct listing *listing = look(host);
    const struct listed *row = listing_find(listing, pid);
    *ret_process = host->is_old ? host_process_without_facts(pid, HOST_PRESENT, NVITOP_WHY_ERROR)
                                : host_process_without_facts(pid, HOST_GONE, NVITOP_WHY_GONE);
    if (!row)
        return;
    const char *name = name_of(row, arena);
    ret_process->presence = HOST_PRESENT;
    ret_process->start_ticks = row->created;
    ret_process->ppid = value_int(listing_parent(listing, row));
    ret_process->threads = value_int(row->threads);
    ret_process->state = value_na(NVITOP_WHY_NOT_SUPPORTED);
    ret_process->name = value_text(name);
    ret_process->comm = name;
    ret_process->rss = value_int((int64_t)row->working_set);
    fill_times(row, ret_process);
    if (host->is_old)
        ret_process->threads = ret_process->rss = ret_process->cpu_seconds =
            value_na(NVITOP_WHY_ERROR);
    fill_owner(host, row, arena, ret_process);
}

uint64_t host_process_start(struct host *host, pid_t pid)
{
    const struct listed *row = listing_find(look(host), pid);
    return row ? row->created : 0;
}

/* No two processes are told by the same pid, so there is nothing to be seen to. */
bool host_process_has_gpu(struct host *host, pid_t pid, enum nvitop_why *ret_why)
{
    *ret_why = NVITOP_WHY_NONE;
    return host_process_start(host, pid) != 0;
}

/* ---- all of them ---- */

size_t host_pids(struct host *host, struct arena *arena, pid_t **ret_pids)
{
    const struct listing *listing = look(host);
    size_t count = 0;
    *ret_pids = arena_array(arena, listing->count + 1, sizeof(**ret_pids));
    for (size_t i = 0; i < listing->count; i++)
        if (listing->rows[i].pid != PID_IDLE)
            (*ret_pids)[count++] = (pid_t)listing->rows[i].pid;
    return count;
}

size_t host_parents(struct host *host, struct arena *arena, struct host_parent **ret_parents)
{
    const struct listing *listing = look(host);
    size_t count = 0;
    *ret_parents = arena_array(arena, listing->count + 1, sizeof(**ret_parents));
    for (size_t i = 0; i < listing->count; i++)
        if (listing->rows[i].pid != PID_IDLE)
            (*ret_parents)[count++] =
                (struct host_parent){ (pid_t)listing->rows[i].pid,
                                      listing_parent(listing, &listing->rows[i]) };
    return count;
}

/* ---- without a host ---- */

uint64_t host_start_ticks(const char *root, pid_t pid)
{
    (void)root;
    struct listing listing;
    listing_read(&listing);
    const struct listed *row = listing_find(&listing, pid);
    uint64_t created = row ? row->created : 0;
    listing_done(&listing);
    return created;
}

pid_t host_parent(const char *root, pid_t pid)
{
    (void)root;
    struct listing listing;
    listing_read(&listing);
    const struct listed *row = listing_find(&listing, pid);
    pid_t parent = row ? listing_parent(&listing, row) : 0;
    listing_done(&listing);
    return parent;
}
