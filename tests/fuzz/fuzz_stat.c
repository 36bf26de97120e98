/*
 * /proc/PID/stat, and the other files of numbers: whatever they hold, a reading is refused or its
 * numbers are within bounds, and the name lies inside the text.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "host/linux/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int is_true)
{
    if (!is_true)
        abort();
}

static void check_stat(const char *text, size_t size)
{
    struct parse_stat stat;
    if (!parse_stat(text, size, &stat))
        return;
    demand(stat.comm > text && stat.comm + stat.comm_len < text + size);
    demand(stat.comm[-1] == '(' && stat.comm[stat.comm_len] == ')');
    demand(!memchr(stat.comm + stat.comm_len + 1, ')',
                   size - (size_t)(stat.comm - text) - stat.comm_len - 1));
    demand(stat.state != 0);
    demand(stat.rss_pages >= 0 && stat.rss_pages <= INT64_MAX / 65536);
    demand(stat.user_ticks <= INT64_MAX && stat.start_ticks <= INT64_MAX);
}

static void check_memory(const char *text)
{
    struct parse_memory memory;
    parse_memory(text, &memory);
    int64_t total = memory.kib[PARSE_MEM_TOTAL], low = parse_zone_low_pages(text);
    demand(low >= 0 && low <= INT64_MAX / 64);
    int64_t available = parse_memory_available(&memory, low);
    demand(available >= 0 && available <= total);
    for (int i = 0; i < PARSE_MEMORY_COUNT; i++)
        demand(memory.kib[i] >= 0 && memory.kib[i] <= INT64_MAX / 1024);
}

static void check_rest(const char *text, size_t size)
{
    struct parse_cpu cpu, none = { 0 };
    double percent, reals[3];
    int64_t number;
    if (parse_cpu(text, &cpu) && parse_cpu_busy(&none, &cpu, &percent))
        demand(percent >= 0 && percent <= 100);
    if (parse_reals(text, 3, reals))
        demand(isfinite(reals[0]) && isfinite(reals[1]) && isfinite(reals[2]));
    if (parse_statm(text, &number))
        demand(number >= 0);
    parse_status_uid(text, &number);
    demand(parse_status_namespaces(text) >= 1 && (size_t)parse_status_namespaces(text) <= size + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = 0;
    check_stat(text, size);
    check_memory(text);
    check_rest(text, size);
    free(text);
    return 0;
}
