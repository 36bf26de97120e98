/*
 * Reading numbers out of /proc by hand: no locale, no overflow, no scanf. A cursor only moves
 * forward; every function that takes a number says whether there was one.
 */
#include "parse.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* An exbibyte, or four in pages of 64 KiB: more is not a size but a defect, and would not survive
 * being added up or turned into bytes. */
static const int64_t LIMIT_KIB = INT64_C(1) << 50, LIMIT_PAGES = INT64_C(1) << 46;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

/* A decimal number after blanks. Refused when it does not fit. */
static bool take_unsigned(const char **at, uint64_t *ret_number)
{
    const char *digit = skip_blanks(*at);
    uint64_t number = 0;
    if (!is_digit(*digit))
        return false;
    for (; is_digit(*digit); digit++) {
        unsigned add = (unsigned)(*digit - '0');
        if (number > (UINT64_MAX - add) / 10)
            return false;
        number = number * 10 + add;
    }
    *at = digit;
    *ret_number = number;
    return true;
}

static bool take_signed(const char **at, int64_t *ret_number)
{
    const char *start = skip_blanks(*at);
    bool is_negative = *start == '-';
    uint64_t size;
    start += is_negative;
    if (!is_digit(*start) || !take_unsigned(&start, &size) || size > INT64_MAX)
        return false;
    *at = start;
    *ret_number = is_negative ? -(int64_t)size : (int64_t)size;
    return true;
}

/* Fields of stat(5) in the manual's numbering. The name (2) may hold blanks and parentheses, so
 * counting starts behind the last ')'. */
enum { STAT_PPID = 4, STAT_FLAGS = 9, STAT_UTIME = 14, STAT_STIME = 15, STAT_THREADS = 20 };
enum { STAT_START = 22, STAT_RSS = 24 };

bool parse_stat(const char *text, size_t len, struct parse_stat *ret_stat)
{
    const char *open = memchr(text, '(', len), *close = memrchr(text, ')', len);
    int64_t field[STAT_RSS + 1];
    if (!open || !close || close < open || close[1] != ' ' || !close[2])
        return false;
    const char *at = close + 3;
    for (int i = STAT_PPID; i <= STAT_RSS; i++)
        if (!take_signed(&at, &field[i]))
            return false;
    if (field[STAT_START] < 0 || field[STAT_UTIME] < 0 || field[STAT_STIME] < 0 ||
        field[STAT_RSS] > LIMIT_PAGES)
        return false;
    *ret_stat = (struct parse_stat){
        .comm = open + 1,
        .comm_len = (size_t)(close - open - 1),
        .state = close[2],
        .ppid = field[STAT_PPID],
        .threads = field[STAT_THREADS],
        .rss_pages = MAX_OF(field[STAT_RSS], 0),
        .flags = (uint64_t)field[STAT_FLAGS],
        .user_ticks = (uint64_t)field[STAT_UTIME],
        .system_ticks = (uint64_t)field[STAT_STIME],
        .start_ticks = (uint64_t)field[STAT_START],
    };
    return true;
}

bool parse_statm(const char *text, int64_t *ret_rss_pages)
{
    int64_t size, resident;
    if (!take_signed(&text, &size) || !take_signed(&text, &resident) || resident < 0 ||
        resident > LIMIT_PAGES)
        return false;
    *ret_rss_pages = resident;
    return true;
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : NULL;
}

/* What follows `key` on the first line that starts with it. */
static const char *find_line(const char *text, const char *key)
{
    for (const char *line = text; line; line = next_line(line))
        if (str_has_prefix(line, key))
            return line + strlen(key);
    return NULL;
}

bool parse_status_uid(const char *text, int64_t *ret_uid)
{
    const char *at = find_line(text, "Uid:");
    return at && take_signed(&at, ret_uid);
}

bool parse_status_rss(const char *text, int64_t *ret_bytes)
{
    const char *at = find_line(text, "VmRSS:");
    int64_t kib;
    if (!at || !take_signed(&at, &kib) || kib < 0 || kib > INT64_MAX / 1024)
        return false;
    *ret_bytes = kib * 1024;
    return true;
}

int parse_status_namespaces(const char *text)
{
    const char *at = find_line(text, "NSpid:");
    int64_t pid;
    int count = 0;
    while (at && take_signed(&at, &pid))
        count++;
    return MAX_OF(count, 1);
}

static int64_t count_cpus(const char *text)
{
    int64_t count = 0;
    for (const char *line = text; line && str_has_prefix(line, "cpu"); line = next_line(line))
        count += is_digit(line[3]);
    return count;
}

bool parse_cpu(const char *text, struct parse_cpu *ret_cpu)
{
    struct parse_cpu cpu = { 0 };
    const char *at = text + 4;
    int count = 0;
    if (!str_has_prefix(text, "cpu "))
        return false;
    while (count < PARSE_CPU_FIELDS && take_unsigned(&at, &cpu.ticks[count]))
        count++;
    if (count < 4)
        return false;
    cpu.cpu_count = count_cpus(text);
    *ret_cpu = cpu;
    return true;
}

bool parse_boot(const char *text, int64_t *ret_boot)
{
    const char *at = find_line(text, "btime ");
    return at && take_signed(&at, ret_boot);
}

bool parse_cpu_busy(const struct parse_cpu *before, const struct parse_cpu *now,
                    double *ret_percent)
{
    enum { IDLE = 3, IOWAIT = 4, GUEST = 8 };
    double all = 0, idle = 0;
    for (int i = 0; i < GUEST; i++) {
        /* the kernel's idle and iowait can step back a little */
        bool is_forward = now->ticks[i] > before->ticks[i];
        double delta = is_forward ? (double)(now->ticks[i] - before->ticks[i]) : 0;
        all += delta;
        idle += i == IDLE || i == IOWAIT ? delta : 0;
    }
    if (all <= 0)
        return false;
    *ret_percent = (all - idle) / all * 100;
    return true;
}

static const char *const memory_keys[] = {
    [PARSE_MEM_TOTAL] = "MemTotal:",
    [PARSE_MEM_FREE] = "MemFree:",
    [PARSE_MEM_AVAILABLE] = "MemAvailable:",
    [PARSE_MEM_CACHED] = "Cached:",
    [PARSE_MEM_ACTIVE_FILE] = "Active(file):",
    [PARSE_MEM_INACTIVE_FILE] = "Inactive(file):",
    [PARSE_MEM_SLAB_RECLAIMABLE] = "SReclaimable:",
    [PARSE_SWAP_TOTAL] = "SwapTotal:",
    [PARSE_SWAP_FREE] = "SwapFree:",
};
_Static_assert(ARRAY_LEN(memory_keys) == PARSE_MEMORY_COUNT, "one name per key");

void parse_memory(const char *text, struct parse_memory *ret_memory)
{
    *ret_memory = (struct parse_memory){ 0 };
    for (size_t i = 0; i < PARSE_MEMORY_COUNT; i++) {
        const char *at = find_line(text, memory_keys[i]);
        ret_memory->has[i] = at && take_signed(&at, &ret_memory->kib[i]) &&
                             ret_memory->kib[i] >= 0 && ret_memory->kib[i] < LIMIT_KIB;
        if (!ret_memory->has[i])
            ret_memory->kib[i] = 0;
    }
}

/* The kernel's own estimate: free memory above the watermark, and the half of caches that can be
 * had without pain. */
static int64_t estimate_available(const struct parse_memory *memory, int64_t low_kib)
{
    int64_t cache = memory->kib[PARSE_MEM_ACTIVE_FILE] + memory->kib[PARSE_MEM_INACTIVE_FILE];
    int64_t slab = memory->kib[PARSE_MEM_SLAB_RECLAIMABLE];
    bool is_known = low_kib >= 0 && memory->has[PARSE_MEM_ACTIVE_FILE] &&
                    memory->has[PARSE_MEM_INACTIVE_FILE] && memory->has[PARSE_MEM_SLAB_RECLAIMABLE];
    if (!is_known)
        return memory->kib[PARSE_MEM_FREE] + memory->kib[PARSE_MEM_CACHED];
    return memory->kib[PARSE_MEM_FREE] - low_kib + cache - MIN_OF(cache / 2, low_kib) + slab -
           MIN_OF(slab / 2, low_kib);
}

int64_t parse_memory_available(const struct parse_memory *memory, int64_t low_kib)
{
    int64_t available = memory->kib[PARSE_MEM_AVAILABLE];
    if (available == 0)
        available = estimate_available(memory, low_kib);
    if (available > memory->kib[PARSE_MEM_TOTAL]) /* a container's total, a host's caches */
        available = MIN_OF(memory->kib[PARSE_MEM_FREE], memory->kib[PARSE_MEM_TOTAL]);
    return MAX_OF(available, 0);
}

int64_t parse_zone_low_pages(const char *text)
{
    int64_t sum = 0;
    for (const char *line = text; line; line = next_line(line)) {
        const char *at = skip_blanks(line);
        int64_t pages;
        if (!str_has_prefix(at, "low "))
            continue;
        at += strlen("low ");
        if (take_signed(&at, &pages) && pages >= 0 && pages < LIMIT_PAGES - sum)
            sum += pages;
    }
    return sum;
}

/* 12.34 without the locale's idea of a decimal point. */
static bool take_real(const char **at, double *ret_real)
{
    uint64_t whole, part = 0;
    double scale = 1;
    if (!take_unsigned(at, &whole))
        return false;
    if (**at == '.') {
        const char *digit = ++*at;
        while (is_digit(*digit) && scale < 1e9) {
            part = part * 10 + (unsigned)(*digit++ - '0');
            scale *= 10;
        }
        *at = digit;
    }
    *ret_real = (double)whole + (double)part / scale;
    return true;
}

bool parse_reals(const char *text, size_t count, double *ret_reals)
{
    double reals[4];
    if (count > ARRAY_LEN(reals))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!take_real(&text, &reals[i]))
            return false;
    memcpy(ret_reals, reals, count * sizeof(reals[0]));
    return true;
}
