/*
 * The floor: the driver calls and file reads that a report needs, one after the other, and
 * nothing else. No text is made, nothing is joined, nothing is printed but a sum that keeps the
 * compiler honest. The calls are those of `nvitop -1` at 120 columns; bench/once compares
 * the names in the driver's call log and says so if they are not the same.
 *
 * usage: bare LIBRARY
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PROCESS_MAX = 1024, ANSWER_SIZE = 4096, STRIDE = 24 };

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
 * OUT struct begins with. */
static const struct row {
    const char *symbol, *unless;
    enum shape shape;
    unsigned type;
} rows[] = {
    { "nvmlDeviceGetName", NULL, TEXT, 0 },
    { "nvmlDeviceGetPciInfo_v3", NULL, OUT, 0 },
    { "nvmlDeviceGetMemoryInfo_v2", NULL, OUT, 40 | 2u << 24 },
    { "nvmlDeviceGetUtilizationRates", NULL, OUT, 0 },
    { "nvmlDeviceGetClockInfo", NULL, TYPED, 1 },
    { "nvmlDeviceGetFanSpeed", NULL, OUT, 0 },
    { "nvmlDeviceGetTemperatureV", NULL, OUT, 12 | 1u << 24 },
    { "nvmlDeviceGetTemperature", "nvmlDeviceGetTemperatureV", TYPED, 0 },
    { "nvmlDeviceGetPowerUsage", NULL, OUT, 0 },
    { "nvmlDeviceGetPowerManagementLimit", NULL, OUT, 0 },
    { "nvmlDeviceGetDisplayActive", NULL, OUT, 0 },
    { "nvmlDeviceGetPersistenceMode", NULL, OUT, 0 },
    { "nvmlDeviceGetPerformanceState", NULL, OUT, 0 },
    { "nvmlDeviceGetTotalEccErrors", NULL, ECC, 1 },
    { "nvmlDeviceGetComputeMode", NULL, OUT, 0 },
    { "nvmlDeviceGetMigMode", NULL, OUT_TWO, 0 },
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

static void ask(void *library, void *handle, const struct row *row)
{
    static _Alignas(16) unsigned char answer[ANSWER_SIZE];
    void *found = symbol(library, row->symbol);
    if (!found || (row->unless && symbol(library, row->unless)))
        return;
    memset(answer, 0, 64);
    if (row->shape == OUT) {
        memcpy(answer, &row->type, sizeof(row->type));
        (*(call_1 *)&found)(handle, answer);
    } else if (row->shape == OUT_TWO) {
        (*(call_2 *)&found)(handle, answer, answer + 8);
    } else if (row->shape == TEXT) {
        (*(call_name *)&found)(handle, answer, 96);
    } else if (row->shape == TYPED) {
        (*(call_typed *)&found)(handle, row->type, answer);
    } else {
        (*(call_ecc *)&found)(handle, row->type, 0, answer);
    }
    sum += answer[0];
}

static void remember(uint32_t pid)
{
    for (size_t i = 0; i < pid_count; i++)
        if (pids[i] == pid)
            return;
    if (pid_count < PROCESS_MAX)
        pids[pid_count++] = pid;
}

static void ask_processes(void *library, void *handle)
{
    static unsigned char answer[PROCESS_MAX * 32];
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
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

static void read_host(void)
{
    char path[64];
    struct stat facts;
    for (size_t i = 0; i < sizeof(host_files) / sizeof(*host_files); i++) {
        snprintf(path, sizeof(path), "/proc/%s", host_files[i]);
        read_file(path);
    }
    for (size_t p = 0; p < pid_count; p++) {
        snprintf(path, sizeof(path), "/proc/%u", pids[p]);
        if (stat(path, &facts) == 0)
            sum += facts.st_uid;
        for (size_t i = 0; i < sizeof(process_files) / sizeof(*process_files); i++) {
            snprintf(path, sizeof(path), "/proc/%u/%s", pids[p], process_files[i]);
            read_file(path);
        }
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
    for (unsigned i = 0; i < count; i++) {
        void *handle;
        if ((*(call_index *)&handle_call)(i, &handle) != 0)
            continue;
        for (size_t r = 0; r < sizeof(rows) / sizeof(*rows); r++)
            ask(library, handle, &rows[r]);
        ask_processes(library, handle);
    }
    read_host();
    void *stop = symbol(library, "nvmlShutdown");
    if (stop)
        (*(call_0 *)&stop)();
    printf("%llu\n", sum);
    return 0;
}
