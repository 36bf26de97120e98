/*
 * Load averages as others make them up for Windows: every 5 seconds the number of threads that wait
 * for a processor is taken into three means, each of which forgets as fast as Unix's. They are 0
 * until the first 5 seconds are over.
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
    uint64_t due_ns;
    double averages[3];
    bool has_counter;
};

struct load *load_new(void)
{
    struct load *load = xcalloc(1, sizeof(*load));
    load->due_ns = clock_mono_ns() + STEP_S * CLOCK_NS_PER_S;
    if (PdhOpenQueryW(NULL, 0, &load->query) != ERROR_SUCCESS)
        return load;
    load->has_counter = PdhAddEnglishCounterW(load->query, L"\\System\\Processor Queue Length", 0,
                                              &load->queue) == ERROR_SUCCESS;
    return load;
}

void load_free(struct load *load)
{
    if (load && load->query)
        PdhCloseQuery(load->query);
    free(load);
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

bool load_read(struct load *load, double ret_averages[3])
{
    uint64_t now_ns = clock_mono_ns();
    double len;
    if (load->has_counter && now_ns >= load->due_ns && read_queue(load, &len)) {
        uint64_t steps = 1 + (now_ns - load->due_ns) / (STEP_S * CLOCK_NS_PER_S);
        load->due_ns += steps * STEP_S * CLOCK_NS_PER_S;
        for (uint64_t step = 0; step < MIN_OF(steps, (uint64_t)STEPS_MAX); step++)
            for (int i = 0; i < 3; i++)
                load->averages[i] = load->averages[i] * kept[i] + len * (1 - kept[i]);
    }
    for (int i = 0; i < 3; i++)
        ret_averages[i] = load->averages[i];
    return load->has_counter;
}
