/*
 * Totals of the machine. Each file is read once per call; a file that is missing costs its own
 * values and no others. Percentages are rounded to one decimal, the form in which they are shown.
 */
#include <math.h>

#include "base/clock.h"
#include "base/mem.h"
#include "host/linux/internal.h"
#include "host/linux/procfile.h"

enum { CPU_WINDOW_MS = 100 };

static struct value *at(struct value *values, enum nvitop_metric id)
{
    return &values[id - NVITOP_HOST_CPU_PERCENT];
}

static struct value percent(double share, double of)
{
    return value_real(of > 0 ? rint(share / of * 1000) / 10 : 0);
}

/* An errno, 0 if the file is in host->text now. */
static int load(struct host *host, const char *path)
{
    return procfile_read(host->root, path, HOST_FILE_LIMIT, &host->text);
}

static struct value why_totals(int error)
{
    enum nvitop_why why = host_why_of_errno(error);
    return value_na(why == NVITOP_WHY_GONE ? NVITOP_WHY_NOT_SUPPORTED : why);
}

/* Old kernels count it anew each time, and are a second off now and then; a clock that is set right
 * moves it by more. */
static void take_boot(struct host *host)
{
    int64_t boot;
    if (!parse_boot(str_text(&host->text), &boot))
        return;
    if (!host->has_boot || boot > host->boot + 1 || boot < host->boot - 1)
        host->boot = boot;
    host->has_boot = true;
}

static void read_cpu(struct host *host, struct value *values)
{
    struct parse_cpu now;
    double busy;
    int error = load(host, "stat");
    if (!error)
        take_boot(host);
    if (error || !parse_cpu(str_text(&host->text), &now)) {
        *at(values, NVITOP_HOST_CPU_PERCENT) =
            error ? why_totals(error) : value_na(NVITOP_WHY_ERROR);
        *at(values, NVITOP_HOST_CPU_COUNT) = *at(values, NVITOP_HOST_CPU_PERCENT);
        return;
    }
    *at(values, NVITOP_HOST_CPU_COUNT) = value_int(now.cpu_count);
    *at(values, NVITOP_HOST_CPU_PERCENT) = value_na(NVITOP_WHY_NO_SAMPLE);
    uint64_t now_ns = clock_mono_ns();
    if (host->has_cpu && now_ns - host->cpu_ns < CPU_WINDOW_MS * CLOCK_NS_PER_MS)
        return;
    if (host->has_cpu && parse_cpu_busy(&host->cpu, &now, &busy))
        *at(values, NVITOP_HOST_CPU_PERCENT) = percent(busy, 100);
    host->cpu = now;
    host->cpu_ns = now_ns;
    host->has_cpu = true;
}

static struct value bytes_of_kib(int64_t kib)
{
    return value_int(kib * 1024);
}

/* Sum of the zones' low watermarks, for kernels that do not say what is available. */
static int64_t read_low_kib(struct host *host)
{
    if (load(host, "zoneinfo") != 0)
        return -1;
    return parse_zone_low_pages(str_text(&host->text)) * (host->page_size / 1024);
}

static void read_main_memory(struct host *host, const struct parse_memory *memory,
                             struct value *values)
{
    if (!memory->has[PARSE_MEM_TOTAL] || !memory->has[PARSE_MEM_FREE])
        return;
    int64_t total = memory->kib[PARSE_MEM_TOTAL];
    int64_t low_kib = memory->kib[PARSE_MEM_AVAILABLE] ? 0 : read_low_kib(host);
    int64_t available = parse_memory_available(memory, low_kib);
    *at(values, NVITOP_HOST_MEMORY_TOTAL) = bytes_of_kib(total);
    *at(values, NVITOP_HOST_MEMORY_AVAILABLE) = bytes_of_kib(available);
    *at(values, NVITOP_HOST_MEMORY_USED) = bytes_of_kib(total - available);
    *at(values, NVITOP_HOST_MEMORY_PERCENT) = percent((double)(total - available), (double)total);
}

static void read_swap(const struct parse_memory *memory, struct value *values)
{
    int64_t total = memory->kib[PARSE_SWAP_TOTAL], free = memory->kib[PARSE_SWAP_FREE];
    if (!memory->has[PARSE_SWAP_TOTAL] || !memory->has[PARSE_SWAP_FREE])
        return;
    int64_t used = MAX_OF(total - free, 0);
    *at(values, NVITOP_HOST_SWAP_TOTAL) = bytes_of_kib(total);
    *at(values, NVITOP_HOST_SWAP_USED) = bytes_of_kib(used);
    *at(values, NVITOP_HOST_SWAP_PERCENT) = percent((double)used, (double)total);
}

static void read_memory(struct host *host, struct value *values)
{
    struct parse_memory memory;
    int error = load(host, "meminfo");
    for (int id = NVITOP_HOST_MEMORY_TOTAL; id <= NVITOP_HOST_SWAP_PERCENT; id++)
        *at(values, (enum nvitop_metric)id) =
            error ? why_totals(error) : value_na(NVITOP_WHY_NOT_SUPPORTED);
    if (error)
        return;
    parse_memory(str_text(&host->text), &memory);
    read_main_memory(host, &memory, values);
    read_swap(&memory, values);
}

static void read_load(struct host *host, struct value *values)
{
    double load_average[3];
    int error = load(host, "loadavg");
    bool is_good = !error && parse_reals(str_text(&host->text), 3, load_average);
    for (int i = 0; i < 3; i++)
        *at(values, (enum nvitop_metric)(NVITOP_HOST_LOAD1 + i)) =
            is_good ? value_real(load_average[i])
                    : (error ? why_totals(error) : value_na(NVITOP_WHY_ERROR));
}

void host_read_totals(struct host *host, struct value values[NVITOP_HOST_COUNT])
{
    read_cpu(host, values);
    read_memory(host, values);
    read_load(host, values);
    host_read_uptime(host);
    *at(values, NVITOP_HOST_UPTIME) =
        host->has_uptime
            ? value_real(round(host_uptime(host) * 100) / 100) /* as the kernel tells */
            : value_na(NVITOP_WHY_NOT_SUPPORTED);
}

/* As if it had been read at boot, when no tick had passed. */
void host_count_from_boot(struct host *host)
{
    host->has_cpu = true;
}
