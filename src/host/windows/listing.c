/*
 * NtQuerySystemInformation tells everything about all processes at once, those of other users and
 * of the system too, and asks for no rights. Its layout has been the same since Windows XP; what
 * is not needed has no name here.
 */
#include <stdlib.h>
#include <string.h>
#include <winternl.h>

#include "base/mem.h"
#include "host/windows/internal.h"

enum { ALL_PROCESSES = 5, SIZE_FIRST = 256 * 1024, TRIES = 8 };

#define STATUS_TOO_SMALL ((NTSTATUS)0xC0000004)
#define STATUS_MISSING ((NTSTATUS)0xC0000002)

struct entry {
    ULONG next, threads;
    LARGE_INTEGER reserved[3];
    LARGE_INTEGER created, user, kernel;
    UNICODE_STRING image;
    LONG priority;
    HANDLE pid, ppid;
    ULONG handles, session;
    ULONG_PTR key;
    SIZE_T peak_virtual, virtual;
    ULONG page_faults;
    SIZE_T peak_working_set, working_set;
};

void *nt_function(const char *name)
{
    FARPROC found = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), name);
    void *address;
    memcpy(&address, &found, sizeof(address));
    return address;
}

NTSTATUS nt_system_information(int class, void *ret_block, ULONG size, ULONG *ret_len)
{
    NTSTATUS(NTAPI * query)(int, void *, ULONG, ULONG *);
    void *address = nt_function("NtQuerySystemInformation");
    memcpy(&query, &address, sizeof(query));
    return address ? query(class, ret_block, size, ret_len) : STATUS_MISSING;
}

static void *read_all(void)
{
    ULONG size = SIZE_FIRST;
    for (int i = 0; i < TRIES; i++) {
        void *memory = xcalloc(1, size);
        NTSTATUS status = nt_system_information(ALL_PROCESSES, memory, size, NULL);
        if (status == 0)
            return memory;
        free(memory);
        if (status != STATUS_TOO_SMALL)
            break;
        size *= 2;
    }
    return NULL;
}

static struct listed row_of(const struct entry *entry)
{
    return (struct listed){
        .pid = (uint32_t)(uintptr_t)entry->pid,
        .ppid = (uint32_t)(uintptr_t)entry->ppid,
        .threads = entry->threads,
        .created = (uint64_t)entry->created.QuadPart,
        .cpu = (uint64_t)entry->user.QuadPart + (uint64_t)entry->kernel.QuadPart,
        .working_set = entry->working_set,
        .image = entry->image.Buffer,
        .image_len = entry->image.Buffer ? entry->image.Length / sizeof(wchar_t) : 0,
    };
}

static int compare_rows(const void *left, const void *right)
{
    const struct listed *a = left, *b = right;
    return (a->pid > b->pid) - (a->pid < b->pid);
}

bool listing_read(struct listing *ret_listing)
{
    struct listing listing = { .memory = read_all() };
    size_t cap = 0;
    const char *at = listing.memory;
    while (at) {
        const struct entry *entry = (const void *)at;
        if (listing.count == cap) {
            cap = MAX_OF(cap * 2, (size_t)128);
            listing.rows = xreallocarray(listing.rows, cap, sizeof(*listing.rows));
        }
        listing.rows[listing.count++] = row_of(entry);
        at = entry->next ? at + entry->next : NULL;
    }
    if (listing.count)
        qsort(listing.rows, listing.count, sizeof(*listing.rows), compare_rows);
    *ret_listing = listing;
    return listing.memory != NULL;
}

void listing_done(struct listing *listing)
{
    free(listing->memory);
    free(listing->rows);
    *listing = (struct listing){ 0 };
}

const struct listed *listing_find(const struct listing *listing, pid_t pid)
{
    if (pid <= 0 || pid > UINT32_MAX || !listing->count)
        return NULL;
    struct listed key = { .pid = (uint32_t)pid };
    return bsearch(&key, listing->rows, listing->count, sizeof(key), compare_rows);
}

pid_t listing_parent(const struct listing *listing, const struct listed *process)
{
    const struct listed *parent = listing_find(listing, process->ppid);
    return parent && parent->created <= process->created ? (pid_t)parent->pid : 0;
}
