/*
 * A line for each GPU, every second, until Ctrl-C or as many times as the argument says:
 *     monitor [COUNT]
 * What cannot be read is shown with the reason; a GPU that hangs does not hold up the others.
 */
#define _POSIX_C_SOURCE 200809L

#include <nvitop/nvitop.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const int metrics[] = { NVITOP_DEV_NAME, NVITOP_DEV_UTIL_GPU, NVITOP_DEV_MEMORY_USED,
                               NVITOP_DEV_TEMPERATURE, NVITOP_DEV_POWER_USAGE };
enum { METRIC_COUNT = sizeof(metrics) / sizeof(metrics[0]) };

static volatile sig_atomic_t is_over;

static void on_interrupt(int number)
{
    (void)number;
    is_over = 1;
}

static void print_device(const struct nvitop_snapshot *snapshot, size_t row)
{
    struct nvitop_device_row device = { .size = sizeof(device) };
    nvitop_snapshot_device(snapshot, row, &device);
    printf("GPU %d", (int)device.index.physical);
    if (device.index.mig >= 0)
        printf(" MIG %d", (int)device.index.mig);
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        struct nvitop_metric_row info = { .size = sizeof(info) };
        struct nvitop_value value;
        char text[96];
        nvitop_metric_info(metrics[i], &info);
        nvitop_snapshot_get(snapshot, metrics[i], row, &value);
        nvitop_value_format(&value, info.unit, text, sizeof(text));
        printf("  %s", text);
    }
    putchar('\n');
}

static int print_all(struct nvitop_session *session)
{
    struct nvitop_snapshot_request request;
    struct nvitop_snapshot *snapshot = NULL;
    nvitop_snapshot_request_init(&request);
    request.flags = NVITOP_SNAPSHOT_NO_PROCESSES;
    request.metrics = metrics;
    request.metric_count = METRIC_COUNT;
    int status = nvitop_snapshot_take(session, &request, &snapshot);
    for (size_t row = 0; row < nvitop_snapshot_device_count(snapshot); row++)
        print_device(snapshot, row);
    nvitop_snapshot_unref(snapshot);
    fflush(stdout);
    return status;
}

int main(int argc, char *argv[])
{
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : -1; /* -1: no end */
    struct sigaction action = { .sa_handler = on_interrupt };
    struct nvitop_session *session = NULL;
    sigaction(SIGINT, &action, NULL);
    int status = nvitop_session_open(NULL, &session);
    while (status == NVITOP_OK && !is_over && count != 0) {
        status = print_all(session);
        if (count < 0 || --count > 0)
            nanosleep(&(struct timespec){ .tv_sec = 1 }, NULL); /* a signal ends it */
    }
    nvitop_session_close(session);
    if (status != NVITOP_OK)
        fprintf(stderr, "monitor: %s\n", nvitop_status_text(status));
    return status == NVITOP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
