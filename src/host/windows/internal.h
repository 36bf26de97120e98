/* What the files of this folder share: the system's own calls, and the list of processes. */
#ifndef NVITOP_HOST_WINDOWS_INTERNAL_H
#define NVITOP_HOST_WINDOWS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <windows.h>

#include "base/arena.h"
#include "host/host.h"
#include "host/names.h"

/* One entry of the system's list. A time is a count of 100 ns; those of a clock are since 1601. */
struct listed {
    uint32_t pid, ppid, threads;
    uint64_t created; /* the identity, with the pid: host.h's start_ticks */
    uint64_t cpu;     /* user and system */
    uint64_t working_set;
    const wchar_t *image; /* in the same memory; not ended by NUL */
    size_t image_len;
};

/* All processes of one moment, ascending by pid. */
struct listing {
    void *memory;
    struct listed *rows;
    size_t count;
};

/* False if the system gives none. Done with listing_done either way. */
bool listing_read(struct listing *ret_listing);
void listing_done(struct listing *listing);
const struct listed *listing_find(const struct listing *listing, pid_t pid); /* or NULL */

/* Who started it, unless he has ended and another has his pid. */
pid_t listing_parent(const struct listing *listing, const struct listed *process);

/* An account that processes run as. */
union account {
    SID sid;
    char bytes[SECURITY_MAX_SID_SIZE];
};

/* The account behind a process handle (of PROCESS_QUERY_LIMITED_INFORMATION). False: *ret_why. */
bool account_of(HANDLE process, union account *ret_account, enum nvitop_why *ret_why);
size_t account_size(const union account *account);  /* of the bytes that it is told by */
uint32_t account_rid(const union account *account); /* the last number of its SID */
/* Without the domain, or the SID in letters where nobody knows one. May ask a directory server. */
extern const struct names_source account_names;
bool account_is_elevated(void); /* whether this process may do what administrators may */

/* Blocks of another process's memory, as UTF-16, malloc'd; NULL: *ret_why. */
wchar_t *peek_command_line(pid_t pid, size_t *ret_len, enum nvitop_why *ret_why);
wchar_t *peek_environment(pid_t pid, size_t *ret_len, enum nvitop_why *ret_why);

enum nvitop_why why_of_error(DWORD error);
char *printable_of(struct arena *arena, const wchar_t *text, size_t len);
uint64_t ticks_of(FILETIME time);

/* NtQuerySystemInformation of a class of ntdll's; not 0 where the system refuses, or has none. */
NTSTATUS nt_system_information(int class, void *ret_block, ULONG size, ULONG *ret_len);

/* A function of ntdll, which has no import library for all of them; NULL if there is none. */
void *nt_function(const char *name);

enum { PID_IDLE = 0, PID_SYSTEM = 4 }; /* the system's own processes */

/* What is known of a process that was looked at before. */
struct host_slot {
    uint32_t pid;
    uint64_t created;
    struct value uid; /* not asked yet; the account's number; or why there is none, and no user */
    union account account;
    const char *user; /* owned by host.names; NULL until it is known */
};

struct host {
    struct listing listing; /* the last that the system gave */
    uint64_t listed_ns;     /* when it was last asked; 0: never */
    bool is_old;            /* it gave none then */
    struct host_slot *slots;
    size_t slot_count, slot_cap;
    struct names names;
    uint64_t cpu_idle, cpu_total, cpu_ns;
    bool has_cpu;
    struct load *load;
    struct gpu_memory *gpu_memory; /* NULL: not asked yet */
};

/* Load averages, which Windows does not keep; see load.c. */
struct load *load_new(void);
void load_free(struct load *load);
/* Why there are none; NVITOP_WHY_NONE: there are. */
enum nvitop_why load_read(struct load *load, double ret_averages[3]);

/* What host_gpu_memory reads. */
struct gpu_memory *gpu_memory_new(void);
void gpu_memory_free(struct gpu_memory *memory); /* NULL is fine */

#define WINDOWS_TICKS_PER_S UINT64_C(10000000)

#endif
