/*
 * A collector that is activated and deactivated ten thousand times: threads, descriptors and memory
 * stay as they were. What a thread's stack or the allocator keeps for later is there after the
 * first tenth, so that is when the first look is taken. The session itself has a thread that reads
 * command lines, and those that have done their work are there for a moment longer.
 *
 * usage: pairs LIBRARY COUNT KIB   KIB: what memory may breathe by; a checker needs more of it
 */
#include <stdio.h>
#include <stdlib.h>

#include "stress.h"

enum { GOING_THREADS = 5 }; /* beside those that are always there */

struct footprint {
    long threads, descriptors, kib;
};

static struct footprint look(long own_threads)
{
    NEED(threads_fall_to(own_threads, 10));
    return (struct footprint){ thread_count(), descriptor_count(), resident_kib() };
}

static void ignore(void *arg, const char *key, double value)
{
    long *count = arg;
    (void)value;
    NEED(key);
    ++*count;
}

static void pair(struct nvitop_collector *collector, long number, long own_threads)
{
    long statistics = 0;
    GOES_WELL(nvitop_collector_activate(collector, "outer"));
    if (number % 3 == 0)
        GOES_WELL(nvitop_collector_activate(collector, "inner"));
    if (number % 10 == 0) { /* else the sampler seldom comes so far */
        GOES_WELL(nvitop_collector_collect(collector, ignore, &statistics));
        NEED(statistics > 0);
    }
    GOES_WELL(nvitop_collector_deactivate(collector, "outer"));
    GIVES(NVITOP_ESTATE, nvitop_collector_deactivate(collector, "outer"));
    NEED(thread_count() <= own_threads + GOING_THREADS);
}

int main(int argc, char **argv)
{
    struct nvitop_collector *collector;
    struct footprint first = { 0 };
    NEED(argc == 4);
    long own_threads = 2 + CHECKER_THREADS; /* with the reader of command lines */
    struct nvitop_session *session = open_session(argv[1], 0, 0);
    long count = strtol(argv[2], NULL, 10);
    GOES_WELL(nvitop_collector_new(session, NULL, &collector));
    for (long i = 0; i < count; i++) {
        if (i == count / 10)
            first = look(own_threads);
        pair(collector, i, own_threads);
    }
    struct footprint last = look(own_threads);
    fprintf(stderr, "threads %ld, %ld; descriptors %ld, %ld; KiB %ld, %ld\n", first.threads,
            last.threads, first.descriptors, last.descriptors, first.kib, last.kib);
    NEED(last.descriptors == first.descriptors);
    NEED(last.kib <= first.kib + strtol(argv[3], NULL, 10));
    nvitop_collector_free(collector);
    nvitop_session_close(session);
    return 0;
}
