/*
 * The floor: the driver calls and file reads that a report or a monitor needs, one after the
 * other, and nothing else. No text is made, nothing is joined, nothing is printed but a sum that
 * keeps the compiler honest. Without a period the calls are those of `nvitop -1` at 120 columns,
 * once; with one they are those of the monitor with everything shown, again and again until it is
 * killed: `every_s` says how often. bench/once and bench/steady compare them with the driver's
 * call log of ours and say so if they are not the same.
 *
 * usage: bare LIBRARY [SECONDS FROM ONE LOOK AT THE PROCESSES TO THE NEXT]
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LEN(array) (sizeof(array) / sizeof(*(array)))

enum {
    DEVICE_MAX = 64,
    PROCESS_MAX = 1024,
    ANSWER_SIZE = 4096,
    STRIDE = 24,
    NOT_SUPPORTED = 3,
    MPS_TICKS = 10
};

typedef int (*call_0)(void);
typedef int (*call_out)(void *out);
typedef int (*call_flags)(unsigned flags);
typedef int (*call_text)(void *out, unsigned size);
typedef int (*call_index)(unsigned index, void **ret_handle);
typedef int (*call_1)(void *handle, void *out);
typedef int (*call_2)(void *handle, void *out, void *more);
typedef int (*call_name)(void *handle, void *out, unsigned size);
typedef int (*call_typed)(void *handle, unsigned type, void *out);
typedef int (*call_ecc)(void *handle, unsigned type, unsigned counter, void *out);
typedef int (*call_samples)(void *handle, void *out, unsigned *count, unsigned long long since);

enum shape { OUT, OUT_TWO, TEXT, TYPED, ECC };

/* One driver call per row, if the library lacks `unless`. `type`: TYPED's argument, or the tag an
 * OUT struct begins with. `every_s`: the monitor's period, 0: only once; `is_monitors`: the report
 * does not show it. */
static const struct row {
    const char *symbol, *unless;
    enum shape shape;
    unsigned type, every_s;
    bool is_monitors;
} rows[] = {
    { "nvmlDeviceGetName", NULL, TEXT, 0, 0, false },
    { "nvmlDeviceGetPciInfo_v3", NULL, OUT, 0, 0, false },
    { "nvmlDeviceGetMemoryInfo_v2", NULL, OUT, 40 | 2u << 24, 1, false },
    { "nvmlDeviceGetUtilizationRates", NULL, OUT, 0, 1, false },
    { "nvmlDeviceGetClockInfo", NULL, TYPED, 1, 1, false },
    { "nvmlDeviceGetClockInfo", NULL, TYPED, 2, 1, true },
    { "nvmlDeviceGetFanSpeed", NULL, OUT, 0, 5, false },
    { "nvmlDeviceGetTemperatureV", NULL, OUT, 12 | 1u << 24, 5, false },
    { "nvmlDeviceGetTemperature", "nvmlDeviceGetTemperatureV", TYPED, 0, 5, false },
    { "nvmlDeviceGetPowerUsage", NULL, OUT, 0, 1, false },
    { "nvmlDeviceGetPowerManagementLimit", NULL, OUT, 0, 60, false },
    { "nvmlDeviceGetDisplayActive", NULL, OUT, 0, 60, false },
    { "nvmlDeviceGetPersistenceMode", NULL, OUT, 0, 60, false },
    { "nvmlDeviceGetPerformanceState", NULL, OUT, 0, 60, false },
    { "nvmlDeviceGetCurrentClocksEventReasons", NULL, OUT, 0, 5, true },
    { "nvmlDeviceGetTotalEccErrors", NULL, ECC, 1, 5, false },
    { "nvmlDeviceGetComputeMode", NULL, OUT, 0, 60, false },
    { "nvmlDeviceGetMigMode", NULL, OUT_TWO, 0, 60, false },
};

static const char *const lists[] = {
    "nvmlDeviceGetComputeRunningProcesses_v3",
    "nvmlDeviceGetGraphicsRunningProcesses_v3",
    "nvmlDeviceGetMPSComputeRunningProcesses_v3",
};

static const char *const host_files[] = { "stat", "meminfo", "loadavg", "uptime" };
static const char *const process_files[] = { "stat", "cmdline" };

static uint32_t pids[PROCESS_MAX];
static size_t pid_count;
static unsigned long long sum;

/* The symbol, or NULL. POSIX lets a function pointer be taken from dlsym this way. */
static void *symbol(void *library, const char *name)
{
    return dlsym(library, name);
}

static int ask(void *library, void *handle, const struct row *row)
{
    static _Alignas(16) unsigned char answer[ANSWER_SIZE];
    void *found = symbol(library, row->symbol);
    int code;
    if (!found || (row->unless && symbol(library, row->unless)))
        return 0;
    memset(answer, 0, 64);
    if (row->shape == OUT) {
        memcpy(answer, &row->type, sizeof(row->type));
        code = (*(call_1 *)&found)(handle, answer);
    } else if (row->shape == OUT_TWO) {
        code = (*(call_2 *)&found)(handle, answer, answer + 8);
    } else if (row->shape == TEXT) {
        code = (*(call_name *)&found)(handle, answer, 96);
    } else if (row->shape == TYPED) {
        code = (*(call_typed *)&found)(handle, row->type, answer);
    } else {
        code = (*(call_ecc *)&found)(handle, row->type, 0, answer);
    }
    sum += answer[0];
    return code;
}

static void remember(uint32_t pid)
{
    for (size_t i = 0; i < pid_count; i++)
        if (pids[i] == pid)
            return;
    if (pid_count < PROCESS_MAX)
        pids[pid_count++] = pid;
}

/* The last list, of MPS clients, is seldom looked at while it is empty. */
static void ask_processes(void *library, void *handle, bool with_mps)
{
    static unsigned char answer[PROCESS_MAX * 32];
    for (size_t i = 0; i < LEN(lists) - !with_mps; i++) {
        void *found = symbol(library, lists[i]);
        unsigned count = PROCESS_MAX;
        if (!found || (*(call_2 *)&found)(handle, &count, answer) != 0)
            continue;
        for (unsigned p = 0; p < count && p < PROCESS_MAX; p++) {
            uint32_t pid;
            memcpy(&pid, answer + p * STRIDE, sizeof(pid));
            remember(pid);
        }
    }
    void *found = symbol(library, "nvmlDeviceGetProcessUtilization");
    unsigned count = PROCESS_MAX;
    unsigned long long since = ((unsigned long long)time(NULL) - 1) * 1000000ULL;
    if (found && (*(call_samples *)&found)(handle, answer, &count, since) == 0)
        sum += answer[0];
}

static void read_file(const char *path)
{
    static char text[65536];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t got = read(fd, text, sizeof(text));
    sum += got > 0 ? (unsigned long long)got : 0;
    close(fd);
}

/* ---- a report: each file is opened once and closed again ---- */

static void read_once(void)
{
    char path[64];
    struct stat facts;
    for (size_t i = 0; i < LEN(host_files); i++) {
        snprintf(path, sizeof(path), "/proc/%s", host_files[i]);
        read_file(path);
    }
    for (size_t p = 0; p < pid_count; p++) {
        snprintf(path, sizeof(path), "/proc/%u", pids[p]);
        if (stat(path, &facts) == 0)
            sum += facts.st_uid;
        for (size_t i = 0; i < LEN(process_files); i++) {
            snprintf(path, sizeof(path), "/proc/%u/%s", pids[p], process_files[i]);
            read_file(path);
        }
    }
}

static void ask_once(void *library, void **devices, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        for (size_t r = 0; r < LEN(rows); r++)
            if (!rows[r].is_monitors)
                ask(library, devices[i], &rows[r]);
        ask_processes(library, devices[i], true);
    }
    read_once();
}

/* ---- a monitor: what is read again is kept open ---- */

struct asked {
    void *device;
    bool is_refused[LEN(rows)];
};

static void read_kept(int *fd, const char *path)
{
    static char text[65536];
    if (*fd == 0)
        *fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = *fd > 0 ? pread(*fd, text, sizeof(text), 0) : 0;
    sum += got > 0 ? (unsigned long long)got : 0;
}

static void read_again(bool with_processes)
{
    static int host_fds[LEN(host_files)], process_fds[PROCESS_MAX];
    char path[64];
    for (size_t i = 0; i < LEN(host_files); i++) {
        snprintf(path, sizeof(path), "/proc/%s", host_files[i]);
        read_kept(&host_fds[i], path);
    }
    for (size_t p = 0; with_processes && p < pid_count; p++) {
        snprintf(path, sizeof(path), "/proc/%u/stat", pids[p]);
        read_kept(&process_fds[p], path);
    }
}

/* What a GPU does not have is not asked for again. */
static void ask_again(void *library, struct asked *asked, unsigned tick, bool with_processes)
{
    for (size_t r = 0; r < LEN(rows); r++) {
        bool is_due = tick == 0 || (rows[r].every_s && tick % rows[r].every_s == 0);
        if (is_due && !asked->is_refused[r])
            asked->is_refused[r] = ask(library, asked->device, &rows[r]) == NOT_SUPPORTED;
    }
    if (with_processes)
        ask_processes(library, asked->device, tick % MPS_TICKS == 0);
}

_Noreturn static void go_on(void *library, void **devices, unsigned count, unsigned period)
{
    static struct asked asked[DEVICE_MAX];
    struct timespec next;
    for (unsigned i = 0; i < count; i++)
        asked[i].device = devices[i];
    clock_gettime(CLOCK_MONOTONIC, &next);
    for (unsigned tick = 0;; tick++) {
        bool with_processes = tick % period == 0;
        for (unsigned i = 0; i < count; i++)
            ask_again(library, &asked[i], tick, with_processes);
        read_again(with_processes);
        next.tv_sec++;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    }
}

static int start(void *library)
{
    void *init = symbol(library, "nvmlInitWithFlags");
    void *version = symbol(library, "nvmlSystemGetDriverVersion");
    void *cuda = symbol(library, "nvmlSystemGetCudaDriverVersion");
    char text[80];
    int number = 0;
    if (!init || !version || !cuda || (*(call_flags *)&init)(0) != 0)
        return -1;
    (*(call_text *)&version)(text, sizeof(text));
    (*(call_out *)&cuda)(&number);
    sum += (unsigned char)text[0] + (unsigned)number;
    return 0;
}

int main(int argc, char **argv)
{
    void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    if (!library || start(library) != 0)
        return 1;
    void *count_call = symbol(library, "nvmlDeviceGetCount_v2");
    void *handle_call = symbol(library, "nvmlDeviceGetHandleByIndex_v2");
    unsigned count = 0;
    if (!count_call || !handle_call || (*(call_out *)&count_call)(&count) != 0)
        return 1;
    void *devices[DEVICE_MAX];
    unsigned found = 0;
    for (unsigned i = 0; i < count && found < DEVICE_MAX; i++)
        if ((*(call_index *)&handle_call)(i, &devices[found]) == 0)
            found++;
    if (argc > 2)
        go_on(library, devices, found, (unsigned)atoi(argv[2]));
    ask_once(library, devices, found);
    void *stop = symbol(library, "nvmlShutdown");
    if (stop)
        (*(call_0 *)&stop)();
    printf("%llu\n", sum);
    return 0;
}
