/*
 * What a demo process does. It owns nothing, opens nothing and writes one report of eight bytes.
 *
 * It ends by any signal, when its parent ends (PR_SET_PDEATHSIG, set before the exec) and when
 * the keeper ends (the life pipe): the latter because the former asks for permission where
 * parent and child are of different users.
 */
#include "sim/launcher_stub.h"

#include <errno.h>
#include <limits.h>
#include <linux/prctl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "sim/launcher_stub_pipe.h"

enum { CHILDREN_MAX = 65536, STACK_SIZE = 65536 };

struct stub {
    struct stub_config config;
    pid_t *children;
};

/* Executed by descriptor, or by /proc/self/exe where a sanitizer executed itself again; the first
 * is normal and cannot happen to a launcher started from a shell. */
bool stub_is_wanted(void)
{
    struct stat info;
    const char *name = (const char *)(uintptr_t)getauxval(AT_EXECFN);
    if (!name || (!str_has_prefix(name, "/dev/fd/") && strcmp(name, "/proc/self/exe") != 0))
        return false;
    return fstat(STUB_FD_CONFIG, &info) == 0 && S_ISFIFO(info.st_mode);
}

static bool read_all(void *ret_block, size_t size)
{
    char *block = ret_block;
    while (size) {
        ssize_t got = read(STUB_FD_CONFIG, block, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        block += got;
        size -= (size_t)got;
    }
    return true;
}

static bool read_config(struct stub *stub)
{
    struct stub_config *config = &stub->config;
    if (!read_all(config, sizeof(*config)) || config->magic != STUB_MAGIC)
        return false;
    if (config->child_count > CHILDREN_MAX || config->threads > STUB_THREADS_MAX)
        return false;
    stub->children = xcalloc(config->child_count + 1, sizeof(pid_t));
    if (!read_all(stub->children, config->child_count * sizeof(pid_t)))
        return false;
    close(STUB_FD_CONFIG);
    return true;
}

/* Field `number` of /proc/self/stat, counted from 1 as in proc(5). */
static uint64_t stat_field(const char *stat, int number)
{
    const char *at = strrchr(stat, ')');
    unsigned long long value = 0;
    for (int field = 2; at && field < number; field++)
        at = strchr(at + 1, ' ');
    if (at)
        sscanf(at + 1, "%llu", &value);
    return value;
}

/* Tells the kernel that there are no arguments, so that cmdline reads empty, as a kernel thread's
 * does. Where it refuses (it was built without checkpoint support) one empty argument stays. */
static void clear_argv(void)
{
    char stat[1024] = "";
    FILE *file = fopen("/proc/self/stat", "r");
    if (!file)
        return;
    size_t len = fread(stat, 1, sizeof(stat) - 1, file);
    fclose(file);
    stat[len] = 0;
    struct prctl_mm_map map = {
        .start_code = stat_field(stat, 26),
        .end_code = stat_field(stat, 27),
        .start_data = stat_field(stat, 45),
        .end_data = stat_field(stat, 46),
        .start_brk = stat_field(stat, 47),
        .brk = (uint64_t)(uintptr_t)sbrk(0),
        .start_stack = stat_field(stat, 28),
        .arg_start = stat_field(stat, 48),
        .arg_end = stat_field(stat, 48),
        .env_start = stat_field(stat, 50),
        .env_end = stat_field(stat, 51),
        .exe_fd = UINT32_MAX,
    };
    prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0);
}

static void *wait_for_ever(void *unused)
{
    (void)unused;
    for (;;)
        pause();
    return NULL;
}

static void start_threads(unsigned count)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    while (count-- > 1)
        pthread_create(&thread, &attributes, wait_for_ever, NULL);
    pthread_attr_destroy(&attributes);
}

static uint64_t thread_cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * CLOCK_NS_PER_S + (uint64_t)now.tv_nsec;
}

static void burn(uint64_t ns)
{
    uint64_t end = thread_cpu_ns() + ns;
    while (thread_cpu_ns() < end)
        for (volatile unsigned i = 0; i < 20000; i++)
            continue;
}

static void reap(const struct stub *stub)
{
    for (uint32_t i = 0; i < stub->config.child_count; i++)
        if (stub->children[i] > 0 && waitpid(stub->children[i], NULL, WNOHANG) != 0)
            stub->children[i] = 0;
}

static void on_child(int unused)
{
    (void)unused;
}

/* Idles until something happens: a child's end, the keeper's end, the next part of the duty. */
static void idle(const struct stub *stub, const sigset_t *waiting)
{
    struct pollfd life = { .fd = STUB_FD_LIFE, .events = POLLIN };
    uint64_t busy_ms = (uint64_t)STUB_PERIOD_MS * stub->config.cpu_permille / STUB_PERMILLE;
    struct timespec rest = { .tv_nsec = (long)((STUB_PERIOD_MS - busy_ms) * CLOCK_NS_PER_MS) };
    if (stub->config.cpu_permille)
        burn(STUB_PERIOD_MS * CLOCK_NS_PER_MS * stub->config.cpu_permille / STUB_PERMILLE);
    if (ppoll(&life, 1, stub->config.cpu_permille ? &rest : NULL, waiting) > 0)
        _exit(0);
    reap(stub);
}

static void report(uint32_t index)
{
    struct stub_report report = { .index = index, .pid = (int32_t)getpid() };
    if (write(STUB_FD_REPORT, &report, sizeof(report)) != (ssize_t)sizeof(report))
        _exit(1);
    close(STUB_FD_REPORT);
}

noreturn void stub_run(void)
{
    struct stub stub = { 0 };
    struct sigaction action = { .sa_handler = on_child };
    sigset_t child, waiting;
    if (!read_config(&stub))
        _exit(1);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &waiting);
    sigaction(SIGCHLD, &action, NULL);
    prctl(PR_SET_NAME, stub.config.comm);
    start_threads(stub.config.threads);
    if (stub.config.is_argv_cleared)
        clear_argv();
    report(stub.config.index);
    for (;;)
        idle(&stub, &waiting);
}
