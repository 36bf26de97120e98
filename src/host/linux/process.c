/*
 * Processes. Invariants: slots are ascending by pid, without doubles; a slot belongs to the process
 * that started at its start_ticks, and is emptied as soon as another one answers to the pid.
 *
 * A kept descriptor of `stat` costs one read per tick instead of three calls, and after the process
 * has ended it says ESRCH even if the pid is in use again.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "host/linux/internal.h"
#include "host/linux/procfile.h"

enum { STAT_SIZE = 4096, PATH_SIZE = 48 };

/* Index of the first slot whose pid is not smaller. */
static size_t lower_bound(const struct host *host, pid_t pid)
{
    size_t low = 0, high = host->slot_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (host->slots[middle].pid < pid)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct host_slot *find_slot(struct host *host, pid_t pid)
{
    size_t at = lower_bound(host, pid);
    bool is_there = at < host->slot_count && host->slots[at].pid == pid;
    return is_there ? &host->slots[at] : NULL;
}

static struct host_slot *add_slot(struct host *host, pid_t pid)
{
    if (host->slot_count == host->slot_cap) {
        host->slot_cap = MAX_OF(host->slot_cap * 2, (size_t)64);
        host->slots = xreallocarray(host->slots, host->slot_cap, sizeof(*host->slots));
    }
    size_t at = lower_bound(host, pid);
    struct host_slot *slot = host->slots + at;
    memmove(slot + 1, slot, (host->slot_count - at) * sizeof(*slot));
    host->slot_count++;
    *slot = (struct host_slot){ .pid = pid, .fd = -1, .statm_fd = -1 };
    return slot;
}

static void close_slot(struct host *host, struct host_slot *slot)
{
    if (slot->fd < 0)
        return;
    close(slot->fd);
    if (slot->statm_fd >= 0)
        close(slot->statm_fd);
    slot->fd = slot->statm_fd = -1;
    host->kept_count--;
}

static void drop_slot(struct host *host, pid_t pid)
{
    struct host_slot *slot = find_slot(host, pid);
    if (!slot)
        return;
    close_slot(host, slot);
    size_t behind = host->slot_count - (size_t)(slot - host->slots) - 1;
    memmove(slot, slot + 1, behind * sizeof(*slot));
    host->slot_count--;
}

void host_forget(struct host *host, const pid_t *pids, size_t count)
{
    size_t kept = 0, next = 0;
    for (size_t i = 0; i < host->slot_count; i++) {
        struct host_slot *slot = &host->slots[i];
        while (next < count && pids[next] < slot->pid)
            next++;
        if (next < count && pids[next] == slot->pid)
            host->slots[kept++] = *slot;
        else
            close_slot(host, slot);
    }
    host->slot_count = kept;
}

void host_limit_kept(struct host *host, size_t pids)
{
    host->kept_limit = MIN_OF(host->kept_limit, pids);
}

void host_want_exact(struct host *host)
{
    host->is_exact = true;
}

/* Opens and reads a file anew. Returns the length or a negated errno; the descriptor stays open in
 * *ret_fd if it is to be kept. */
static int open_and_read(struct host *host, pid_t pid, const char *file, bool is_kept,
                         char text[STAT_SIZE], int *ret_fd)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%ld/%s", (long)pid, file);
    int fd = openat(host->root, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return -errno;
    int len = procfile_reread(fd, text, STAT_SIZE);
    *ret_fd = -1;
    if (len > 0 && is_kept)
        *ret_fd = fd;
    else
        close(fd);
    return len;
}

/* Reads stat and finds the slot of the process that answered. Returns the slot, or NULL and the
 * errno. */
static struct host_slot *read_stat(struct host *host, pid_t pid, char text[STAT_SIZE],
                                   struct parse_stat *ret_stat, int *ret_error)
{
    struct host_slot *slot = find_slot(host, pid);
    int fd = -1, len = slot && slot->fd >= 0 ? procfile_reread(slot->fd, text, STAT_SIZE) : -ESRCH;
    if (len < 0 && slot && slot->fd >= 0) { /* it has ended, whoever has the pid now */
        drop_slot(host, pid);
        slot = NULL;
    }
    if (len < 0)
        len = open_and_read(host, pid, "stat", host->kept_count < host->kept_limit, text, &fd);
    if (len <= 0 || !parse_stat(text, (size_t)len, ret_stat)) {
        *ret_error = len < 0 ? -len : EIO;
        if (fd >= 0)
            close(fd);
        drop_slot(host, pid);
        return NULL;
    }
    if (!slot)
        slot = add_slot(host, pid);
    if (fd >= 0) {
        slot->fd = fd;
        host->kept_count++;
    }
    if (slot->start_ticks != ret_stat->start_ticks || slot->uid.kind == NVITOP_NA) {
        slot->start_ticks = ret_stat->start_ticks;
        slot->uid = slot->rss = value_na(NVITOP_WHY_NOT_ASKED);
        slot->user = NULL;
    }
    return slot;
}

/* The real uid, as ps and the original show it. The owner of /proc/PID would be the effective one,
 * and root for every process that may not be dumped. */
static struct value read_uid(struct host *host, struct host_slot *slot)
{
    char path[PATH_SIZE];
    int64_t uid, bytes;
    snprintf(path, sizeof(path), "%ld/status", (long)slot->pid);
    int error = procfile_read(host->root, path, HOST_FILE_LIMIT, &host->text);
    if (error)
        return value_na(host_why_of_errno(error));
    if (!parse_status_uid(str_text(&host->text), &uid) || uid < 0 || uid > UINT32_MAX)
        return value_na(NVITOP_WHY_ERROR);
    slot->is_rss_new = parse_status_rss(str_text(&host->text), &bytes);
    if (slot->is_rss_new)
        slot->rss = value_int(bytes);
    return value_int(uid);
}

static void fill_user(struct host *host, struct host_slot *slot, struct arena *arena,
                      struct host_process *process)
{
    if (slot->uid.kind == NVITOP_NA)
        slot->uid = read_uid(host, slot);
    process->uid = process->user = slot->uid;
    if (slot->uid.kind == NVITOP_NA)
        return;
    bool is_known = true;
    const char *user = slot->user;
    if (!user)
        user = host_user_name(host, (uid_t)slot->uid.i, &is_known);
    if (is_known)
        slot->user = user;
    process->user = value_text(arena_strdup(arena, user));
}

/* From statm; from stat where there is none. */
static int64_t read_pages(struct host *host, struct host_slot *slot, int64_t stat_pages)
{
    char text[STAT_SIZE];
    int64_t pages = stat_pages;
    int len = slot->statm_fd >= 0
                  ? procfile_reread(slot->statm_fd, text, sizeof(text))
                  : open_and_read(host, slot->pid, "statm", slot->fd >= 0, text, &slot->statm_fd);
    if (len > 0)
        parse_statm(text, &pages);
    return pages;
}

/* From status if that was just read for the uid, else from statm, but only if the count in stat has
 * moved: most processes of most ticks have what they had. */
static struct value read_rss(struct host *host, struct host_slot *slot, int64_t stat_pages)
{
    struct value rss = slot->rss;
    bool has_moved = host->is_exact || value_is_na(rss) || slot->stat_pages != stat_pages;
    if (!slot->is_rss_new && has_moved)
        rss = value_int(read_pages(host, slot, stat_pages) * host->page_size);
    slot->is_rss_new = false;
    slot->stat_pages = stat_pages;
    slot->rss = rss;
    return rss;
}

static struct value running_time(struct host *host, uint64_t start_ticks)
{
    if (!host->has_uptime)
        return value_na(NVITOP_WHY_NOT_SUPPORTED);
    double seconds = host_uptime(host) - (double)start_ticks / host->ticks_per_second;
    return value_real(MAX_OF(seconds, 0));
}

static struct value start_time(const struct host *host, uint64_t start_ticks)
{
    if (!host->has_boot)
        return value_na(NVITOP_WHY_NOT_SUPPORTED);
    return value_real((double)host->boot + (double)start_ticks / host->ticks_per_second);
}

static void fill_stat(struct host *host, const struct parse_stat *stat, struct arena *arena,
                      struct host_process *process)
{
    double ticks = (double)stat->user_ticks + (double)stat->system_ticks;
    process->presence = stat->state == 'Z' ? HOST_ZOMBIE : HOST_PRESENT;
    process->start_ticks = stat->start_ticks;
    process->ppid = value_int(stat->ppid);
    process->threads = value_int(stat->threads);
    process->state = value_text(utf8_printable(arena, &stat->state, 1));
    process->name = value_text(utf8_printable(arena, stat->comm, stat->comm_len));
    process->comm = arena_strndup(arena, stat->comm, stat->comm_len);
    process->cpu_seconds = value_real(ticks / host->ticks_per_second);
    process->running_time = running_time(host, stat->start_ticks);
    process->start_time = start_time(host, stat->start_ticks);
}

/* Not there, or only not for us (mount option hidepid)? Signal 0 tells, where pids are ours. */
static struct host_process absent(const struct host *host, pid_t pid, int error)
{
    bool is_missing = error == ENOENT || error == ESRCH;
    if (is_missing && host->is_own_mount && (kill(pid, 0) == 0 || errno == EPERM))
        return host_process_without_facts(pid, HOST_HIDDEN, NVITOP_WHY_NO_PERMISSION);
    if (is_missing)
        return host_process_without_facts(pid, HOST_GONE, NVITOP_WHY_GONE);
    if (error == EACCES || error == EPERM)
        return host_process_without_facts(pid, HOST_HIDDEN, NVITOP_WHY_NO_PERMISSION);
    return host_process_without_facts(pid, HOST_PRESENT, NVITOP_WHY_ERROR);
}

void host_process_read(struct host *host, pid_t pid, struct arena *arena,
                       struct host_process *ret_process)
{
    char text[STAT_SIZE];
    struct parse_stat stat;
    int error = ESRCH;
    *ret_process = host_process_without_facts(pid, HOST_GONE, NVITOP_WHY_GONE);
    if (pid <= 0)
        return;
    struct host_slot *slot = read_stat(host, pid, text, &stat, &error);
    if (!slot) {
        *ret_process = absent(host, pid, error);
        return;
    }
    if (stat.state == 'X' || stat.state == 'x') { /* dead, about to vanish */
        drop_slot(host, pid);
        return;
    }
    fill_stat(host, &stat, arena, ret_process);
    fill_user(host, slot, arena, ret_process);
    ret_process->rss = read_rss(host, slot, stat.rss_pages);
}

uint64_t host_process_start(struct host *host, pid_t pid)
{
    char text[STAT_SIZE];
    struct parse_stat stat;
    int error;
    return pid > 0 && read_stat(host, pid, text, &stat, &error) ? stat.start_ticks : 0;
}

static bool is_gpu_path(const char *path)
{
    return str_has_prefix(path, "/dev/nvidia") || strcmp(path, "/dev/dxg") == 0;
}

bool host_process_has_gpu(struct host *host, pid_t pid, enum nvitop_why *ret_why)
{
    char path[PATH_SIZE], target[256];
    bool is_found = false;
    snprintf(path, sizeof(path), "%ld/fd", (long)pid);
    int fd = openat(host->root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    *ret_why = dir ? NVITOP_WHY_NONE : host_why_of_errno(errno);
    if (!dir && fd >= 0)
        close(fd);
    for (struct dirent *entry; dir && !is_found && (entry = readdir(dir));) {
        ssize_t len = readlinkat(fd, entry->d_name, target, sizeof(target) - 1);
        target[MAX_OF(len, 0)] = 0;
        is_found = is_gpu_path(target);
    }
    if (dir)
        closedir(dir);
    return is_found;
}

static int compare_pids(const void *left, const void *right)
{
    pid_t a = *(const pid_t *)left, b = *(const pid_t *)right;
    return (a > b) - (a < b);
}

size_t host_pids(struct host *host, struct arena *arena, pid_t **ret_pids)
{
    size_t count = 0, cap = 256;
    pid_t *pids = xreallocarray(NULL, cap, sizeof(*pids));
    int fd = openat(host->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir && fd >= 0)
        close(fd);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        long long pid;
        if (!str_parse_int(entry->d_name, 10, &pid) || pid <= 0 || pid > INT32_MAX)
            continue;
        if (count == cap)
            pids = xreallocarray(pids, cap *= 2, sizeof(*pids));
        pids[count++] = (pid_t)pid;
    }
    if (dir)
        closedir(dir);
    qsort(pids, count, sizeof(*pids), compare_pids);
    *ret_pids = arena_array(arena, count, sizeof(*pids));
    memcpy(*ret_pids, pids, count * sizeof(*pids));
    free(pids);
    return count;
}
