/*
 * The tree of demo processes.
 *
 * A process forks its children before it becomes what it shall be (user, then exec), so that a
 * parent of one user can have children of another. Zombies and gone processes never execute
 * anything; their parent sees them end and reports them. Every process dies with its parent.
 */
#include "sim/launcher_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/memfd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "nvitop/nvitop.h"
#include "sim/launcher_stub_pipe.h"

enum { FD_FIRST = 10, PERMISSIONS_FOR_ALL = 0555 };

/* Moves a descriptor above those of a demo process; it closes on exec. */
static int lift(int fd)
{
    int lifted = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, FD_FIRST);
    if (fd >= 0)
        close(fd);
    return lifted;
}

static bool open_pipe(int *ret_read, int *ret_write)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return false;
    *ret_read = lift(ends[0]);
    *ret_write = lift(ends[1]);
    return *ret_read >= 0 && *ret_write >= 0;
}

/* A copy of an open file that everybody may execute, and no folder has; -1 without. */
static int copy_for_all(int file, off_t size)
{
    int copy = (int)syscall(SYS_memfd_create, "nvitop-sim", MFD_CLOEXEC);
    bool is_good = copy >= 0 && fchmod(copy, PERMISSIONS_FOR_ALL) == 0;
    while (is_good && size > 0) {
        ssize_t sent = sendfile(copy, file, NULL, (size_t)size);
        is_good = sent > 0;
        size -= sent;
    }
    if (is_good || copy < 0)
        return copy;
    close(copy);
    return -1;
}

/* Ours as demo processes execute it: root's may be of users to whom the file says no, as it does
 * where it was unpacked by somebody careful. */
static int open_exe(void)
{
    struct stat info;
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (file < 0 || geteuid() != 0 || fstat(file, &info) < 0 ||
        (info.st_mode & PERMISSIONS_FOR_ALL) == PERMISSIONS_FOR_ALL)
        return file;
    int copy = copy_for_all(file, info.st_size);
    if (copy < 0)
        return file;
    close(file);
    return copy;
}

int tree_init(struct tree *tree, const struct demo_set *set)
{
    *tree = (struct tree){ .set = set, .exe = lift(open_exe()) };
    if (tree->exe < 0 || !open_pipe(&tree->life_read, &tree->life_write) ||
        !open_pipe(&tree->report_read, &tree->report_write))
        return NVITOP_EUNKNOWN;
    return NVITOP_OK;
}

/* A record is smaller than PIPE_BUF, so it arrives whole; the pipe holds all of DEMO_COUNT_MAX. */
static void report(const struct tree *tree, int index, pid_t pid)
{
    struct stub_report record = { .index = (uint32_t)index, .pid = (int32_t)pid };
    if (write(tree->report_write, &record, sizeof(record)) != (ssize_t)sizeof(record))
        _exit(1);
}

static noreturn void fail(const struct tree *tree, int index)
{
    report(tree, index, errno > 0 ? -errno : -EIO);
    _exit(1);
}

/* From here on the process ends when its parent does. The parent may have ended already. */
static void die_with(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
}

/* The keeper waits for signals in its own way; a demo process takes them as every program does. */
static void reset_signals(void)
{
    sigset_t none;
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A user namespace may lack the user; then the process stays what it is. The change of user
 * takes back the death signal and hides the process from its user, which is put right after. */
static void become_user(const struct demo_process *process, pid_t parent)
{
    if (process->has_uid && setgroups(0, NULL) == 0 &&
        setresgid(process->gid, process->gid, process->gid) == 0 &&
        setresuid(process->uid, process->uid, process->uid) == 0)
        prctl(PR_SET_DUMPABLE, 1);
    die_with(parent);
}

/* The configuration as a pipe to read it from; it fits, as long as the pipe takes 64 KiB. */
static int open_config(const struct demo_process *process, int index, const pid_t *children,
                       size_t count)
{
    struct stub_config config = {
        .magic = STUB_MAGIC,
        .index = (uint32_t)index,
        .cpu_permille = process->cpu_permille,
        .threads = process->threads,
        .is_argv_cleared = process->is_argv_cleared,
        .child_count = (uint32_t)count,
    };
    int read_end, write_end;
    snprintf(config.comm, sizeof(config.comm), "%s", process->comm);
    if (!open_pipe(&read_end, &write_end))
        return -1;
    if (write(write_end, &config, sizeof(config)) != (ssize_t)sizeof(config) ||
        write(write_end, children, count * sizeof(pid_t)) != (ssize_t)(count * sizeof(pid_t)))
        return -1;
    close(write_end);
    return read_end;
}

/* A plain user's environment, and what the scenario adds: whoever looks at it sees something to
 * read and nothing of ours. */
static char **make_environ(const struct demo_process *process)
{
    struct str text = { 0 };
    size_t count = 0, more = 0;
    const struct {
        const char *key, *value;
    } rows[] = {
        { "HOME", process->home },    { "LANG", "C.UTF-8" },
        { "LOGNAME", process->user }, { "PATH", "/usr/local/bin:/usr/bin:/bin" },
        { "SHELL", "/bin/sh" },       { "USER", process->user },
    };
    while (process->env && process->env[more])
        more++;
    char **pairs = xcalloc(ARRAY_LEN(rows) + more + 1, sizeof(char *));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        str_printf(&text, "%s=%s", rows[i].key, rows[i].value);
        pairs[count++] = str_take(&text);
    }
    for (size_t i = 0; i < more; i++)
        pairs[count++] = process->env[i];
    return pairs;
}

/* By descriptor, for the folder of the launcher may be closed to the process's user. Kernels
 * before 3.19, on which old C libraries stand, and emulators lack the call: there by the name that
 * the call itself would give. */
static void execute(int exe, char *const *argv, char *const *environment)
{
    char name[32];
    syscall(SYS_execveat, exe, "", argv, environment, AT_EMPTY_PATH);
    if (errno != ENOSYS)
        return;
    snprintf(name, sizeof(name), "/dev/fd/%d", exe);
    execve(name, argv, environment);
}

static noreturn void become_stub(const struct tree *tree, int index, const pid_t *children,
                                 size_t count)
{
    const struct demo_process *process = &tree->set->items[index];
    int config = open_config(process, index, children, count);
    char **environment = make_environ(process);
    if (config < 0 || dup2(config, STUB_FD_CONFIG) < 0 || dup2(tree->life_read, STUB_FD_LIFE) < 0 ||
        dup2(tree->report_write, STUB_FD_REPORT) < 0)
        fail(tree, index);
    execute(tree->exe, process->argv, environment);
    fail(tree, index);
}

static noreturn void child_main(const struct tree *tree, int index, pid_t parent)
{
    const struct demo_process *process = &tree->set->items[index];
    pid_t *children = NULL;
    size_t count = 0;
    die_with(parent);
    reset_signals();
    if (tree->life_write >= 0)
        close(tree->life_write);
    prctl(PR_SET_NAME, process->comm);
    if (process->first_child >= 0) {
        struct tree below = *tree;
        below.life_write = -1;
        children = xcalloc(tree->set->count, sizeof(pid_t));
        tree_start(&below, process->first_child, children, &count);
    }
    become_user(process, parent);
    if (process->state != DEMO_LIVE)
        _exit(0);
    become_stub(tree, index, children, count);
}

static pid_t start_one(const struct tree *tree, int index)
{
    const struct demo_process *process = &tree->set->items[index];
    siginfo_t info;
    pid_t self = getpid(), pid = fork();
    if (pid == 0)
        child_main(tree, index, self);
    if (pid < 0) {
        report(tree, index, -errno);
        return 0;
    }
    if (process->state == DEMO_LIVE)
        return pid;
    waitid(P_PID, (id_t)pid, &info, WEXITED | (process->state == DEMO_ZOMBIE ? WNOWAIT : 0));
    report(tree, index, pid);
    return 0;
}

void tree_start(const struct tree *tree, int first, pid_t *ret_pids, size_t *ret_count)
{
    *ret_count = 0;
    for (int index = first; index >= 0; index = tree->set->items[index].next) {
        pid_t pid = start_one(tree, index);
        if (pid > 0)
            ret_pids[(*ret_count)++] = pid;
    }
}
