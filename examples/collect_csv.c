/*
 * Statistics of GPUs, host and this program's own processes as CSV, a row for each of them:
 *     collect_csv [COUNT [SECONDS]]
 * prints them COUNT times (3), each over the SECONDS (1) before. What cannot be had is left empty.
 */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <nvitop/nvitop.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void print_row(void *arg, const char *key, double value)
{
    const int *round = arg;
    if (isnan(value))
        printf("%d,\"%s\",\n", *round, key);
    else
        printf("%d,\"%s\",%.10g\n", *round, key, value);
}

static int print_rounds(struct nvitop_collector *collector, int count, double seconds)
{
    struct timespec pause = { .tv_sec = (time_t)seconds };
    pause.tv_nsec = (long)((seconds - (double)pause.tv_sec) * 1e9);
    int status = nvitop_collector_activate(collector, "round");
    puts("round,key,value");
    for (int round = 1; status == NVITOP_OK && round <= count; round++) {
        nanosleep(&pause, NULL);
        status = nvitop_collector_collect(collector, print_row, &round);
        if (status == NVITOP_OK)
            status = nvitop_collector_clear(collector, "round");
    }
    return status;
}

int main(int argc, char *argv[])
{
    int count = argc > 1 ? atoi(argv[1]) : 3;
    double seconds = argc > 2 ? atof(argv[2]) : 1;
    struct nvitop_options options;
    struct nvitop_collector_options wanted;
    struct nvitop_session *session = NULL;
    struct nvitop_collector *collector = NULL;

    nvitop_options_init(&options);
    options.flags = NVITOP_OPEN_LAZY; /* without a driver, the host is collected */
    nvitop_collector_options_init(&wanted);
    wanted.interval = seconds / 4;
    int status = nvitop_session_open(&options, &session);
    if (status == NVITOP_OK)
        status = nvitop_collector_new(session, &wanted, &collector);
    if (status == NVITOP_OK)
        status = print_rounds(collector, count, seconds);
    nvitop_collector_free(collector);
    nvitop_session_close(session);
    if (status != NVITOP_OK)
        fprintf(stderr, "collect_csv: %s\n", nvitop_status_text(status));
    return status == NVITOP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
