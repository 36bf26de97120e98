/* Totals of the machine. Percentages are rounded to one decimal, the form in which they are shown.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <winternl.h>

#include "base/clock.h"
#include "base/mem.h"
#include "host/windows/internal.h"

enum { CPU_WINDOW_MS = 100, PAGE_FILES = 18, PAGE_FILES_SIZE = 4096 };

/* What NtQuerySystemInformation tells of each page file, in pages. */
struct page_file {
    ULONG next, size, used, peak;
    UNICODE_STRING name;
};

static struct value *at(struct value *values, enum nvitop_metric id)
{
    return &values[id - NVITOP_HOST_CPU_PERCENT];
}

static struct value percent(double share, double of)
{
    return value_real(of > 0 ? rint(share / of * 1000) / 10 : 0);
}

/* The kernel's share counts the idle time as well. */
static void read_cpu(struct host *host, struct value *values)
{
    FILETIME idle, kernel, user;
    *at(values, NVITOP_HOST_CPU_COUNT) = value_int(GetActiveProcessorCount(ALL_PROCESSOR_GROUPS));
    *at(values, NVITOP_HOST_CPU_PERCENT) = value_na(NVITOP_WHY_NO_SAMPLE);
    uint64_t now_ns = clock_mono_ns();
    if (host->has_cpu && now_ns - host->cpu_ns < CPU_WINDOW_MS * CLOCK_NS_PER_MS)
        return;
    if (!GetSystemTimes(&idle, &kernel, &user)) {
        *at(values, NVITOP_HOST_CPU_PERCENT) = value_na(why_of_error(GetLastError()));
        return;
    }
    uint64_t total = ticks_of(kernel) + ticks_of(user);
    if (host->has_cpu && total > host->cpu_total) {
        double all = (double)(total - host->cpu_total);
        double busy = all - (double)(ticks_of(idle) - host->cpu_idle);
        *at(values, NVITOP_HOST_CPU_PERCENT) = percent(MIN_OF(MAX_OF(busy, 0), all), all);
    }
    host->cpu_idle = ticks_of(idle);
    host->cpu_total = total;
    host->cpu_ns = now_ns;
    host->has_cpu = true;
}

static void read_main_memory(struct value *values)
{
    MEMORYSTATUSEX memory = { .dwLength = sizeof(memory) };
    if (!GlobalMemoryStatusEx(&memory))
        return;
    int64_t total = (int64_t)memory.ullTotalPhys, available = (int64_t)memory.ullAvailPhys;
    *at(values, NVITOP_HOST_MEMORY_TOTAL) = value_int(total);
    *at(values, NVITOP_HOST_MEMORY_AVAILABLE) = value_int(available);
    *at(values, NVITOP_HOST_MEMORY_USED) = value_int(total - available);
    *at(values, NVITOP_HOST_MEMORY_PERCENT) = percent((double)(total - available), (double)total);
}

/* Pages of all page files; false if the system does not tell. A machine may have none. */
static bool read_page_files(uint64_t *ret_size, uint64_t *ret_used)
{
    _Alignas(struct page_file) char files[PAGE_FILES_SIZE] = { 0 };
    ULONG len = 0;
    if (nt_system_information(PAGE_FILES, files, sizeof(files), &len) != 0)
        return false;
    *ret_size = *ret_used = 0;
    for (size_t from = 0; len - from >= sizeof(struct page_file) && from < len;) {
        const struct page_file *file = (const void *)(files + from);
        *ret_size += file->size;
        *ret_used += file->used;
        if (!file->next)
            break;
        from += file->next;
    }
    return true;
}

static void read_swap(struct value *values)
{
    SYSTEM_INFO system;
    uint64_t size, used;
    if (!read_page_files(&size, &used))
        return;
    GetSystemInfo(&system);
    *at(values, NVITOP_HOST_SWAP_TOTAL) = value_int((int64_t)(size * system.dwPageSize));
    *at(values, NVITOP_HOST_SWAP_USED) = value_int((int64_t)(used * system.dwPageSize));
    *at(values, NVITOP_HOST_SWAP_PERCENT) = percent((double)used, (double)size);
}

static void read_load(struct host *host, struct value *values)
{
    double averages[3];
    enum nvitop_why why = load_read(host->load, averages);
    for (int i = 0; i < 3; i++)
        *at(values, (enum nvitop_metric)(NVITOP_HOST_LOAD1 + i)) =
            why == NVITOP_WHY_NONE ? value_real(averages[i]) : value_na(why);
}

void host_read_totals(struct host *host, struct value values[NVITOP_HOST_COUNT])
{
    for (int i = 0; i < NVITOP_HOST_COUNT; i++)
        values[i] = value_na(NVITOP_WHY_NOT_SUPPORTED);
    read_cpu(host, values);
    read_main_memory(values);
    read_swap(values);
    read_load(host, values);
    *at(values, NVITOP_HOST_UPTIME) =
        value_real(round((double)GetTickCount64() / 10) / 100); /* as elsewhere */
}

/* As if it had been read at boot, when no time had passed. */
void host_count_from_boot(struct host *host)
{
    host->has_cpu = true;
}
