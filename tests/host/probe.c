/*
 * host_probe [--root DIR] PID…: what the reader says, for tests that compare it with another one.
 * First a line of totals, then a line per process; parts are separated by tabs, N/A is `-`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "host/host.h"

static void print_value(struct value value, const char *end)
{
    switch (value.kind) {
    case NVITOP_INT:
    case NVITOP_BOOL: printf("%lld%s", (long long)value.i, end); break;
    case NVITOP_REAL: printf("%.6f%s", value.r, end); break;
    case NVITOP_TEXT: printf("%s%s", value.text, end); break;
    default: printf("-%s", end);
    }
}

static void print_process(struct host *host, const char *root, pid_t pid)
{
    struct arena arena = { 0 };
    struct host_process process;
    struct host_command command;
    host_process_read(host, pid, &arena, &process);
    host_command_read_blocking(root, pid, &arena, &command);
    const struct value values[] = { process.uid,  process.user,        process.ppid,
                                    process.name, process.threads,     process.state,
                                    process.rss,  process.cpu_seconds, process.running_time };
    printf("%ld\t%d\t", (long)pid, (int)process.presence);
    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        print_value(values[i], "\t");
    print_value(command.command, "\n");
    arena_done(&arena);
}

int main(int argc, char **argv)
{
    struct host *host;
    struct value totals[NVITOP_HOST_COUNT];
    bool has_root = argc > 2 && strcmp(argv[1], "--root") == 0;
    const char *root = has_root ? argv[2] : NULL;
    if (host_open(root, &host) != 0)
        return 1;
    host_read_totals(host, totals);
    for (size_t i = 0; i < ARRAY_LEN(totals); i++)
        print_value(totals[i], i + 1 < ARRAY_LEN(totals) ? "\t" : "\n");
    for (int i = has_root ? 3 : 1; i < argc; i++)
        print_process(host, root, (pid_t)strtol(argv[i], NULL, 10));
    host_close(host);
    return 0;
}
