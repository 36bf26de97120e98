/*
 * Load averages as others make them up for Windows: every 5 seconds the number of threads that wait
 * for a processor is taken into three means, each of which forgets as fast as Unix's. Before the
 * first of those looks, 5 seconds after the first question, there is no mean, nor is the counter
 * opened, which costs more than all else that a single report asks of the system; after it all
 * three are what was seen.
 */
#include <pdh.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "host/windows/internal.h"

enum { STEP_S = 5, STEPS_MAX = 900 / STEP_S };

/* e to the power of -5 s over 1, 5 and 15 minutes. */
static const double kept[3] = { 0.92004441462932329, 0.98347145382161749, 0.99445984800489675 };

struct load {
    PDH_HQUERY query;
    PDH_HCOUNTER queue;
    uint64_t due_ns; /* 0: nobody has asked yet */
    double averages[3];
    enum nvitop_why why; /* there are no averages; NVITOP_WHY_NONE: there are */
};

struct load *load_new(void)
{
    struct load *load = xcalloc(1, sizeof(*load));
    load->why = NVITOP_WHY_NO_SAMPLE;
    return load;
}

void load_free(struct load *load)
{
    if (load && load->query)
        PdhCloseQuery(load->query);
    free(load);
}

static bool open_counter(struct load *load)
{
    return PdhOpenQueryW(NULL, 0, &load->query) == ERROR_SUCCESS &&
           PdhAddEnglishCounterW(load->query, L"\\System\\Processor Queue Length", 0,
                                 &load->queue) == ERROR_SUCCESS;
}

static bool read_queue(struct load *load, double *ret_len)
{
    PDH_FMT_COUNTERVALUE value;
    if (PdhCollectQueryData(load->query) != ERROR_SUCCESS ||
        PdhGetFormattedCounterValue(load->queue, PDH_FMT_DOUBLE, NULL, &value) != ERROR_SUCCESS)
        return false;
    *ret_len = value.doubleValue;
    return true;
}

static void take(struct load *load, double len, uint64_t steps)
{
    for (int i = 0; i < 3 && load->why != NVITOP_WHY_NONE; i++)
        load->averages[i] = len;
    load->why = NVITOP_WHY_NONE;
    for (uint64_t step = 0; step < MIN_OF(steps, (uint64_t)STEPS_MAX); step++)
        for (int i = 0; i < 3; i++)
            load->averages[i] = load->averages[i] * kept[i] + len * (1 - kept[i]);
}

enum nvitop_why load_read(struct load *load, double ret_averages[3])
{
    const uint64_t step_ns = STEP_S * CLOCK_NS_PER_S;
    uint64_t now_ns = clock_mono_ns();
    double len;
    if (!load->due_ns)
        load->due_ns = now_ns + step_ns;
    if (load->why != NVITOP_WHY_NOT_SUPPORTED && now_ns >= load->due_ns) {
        uint64_t steps = 1 + (now_ns - load->due_ns) / step_ns;
        load->due_ns += steps * step_ns;
        if (!load->query && !open_counter(load))
            load->why = NVITOP_WHY_NOT_SUPPORTED;
        else if (read_queue(load, &len))
            take(load, len, steps);
    }
    for (int i = 0; i < 3; i++)
        ret_averages[i] = load->averages[i];
    return load->why;
}
