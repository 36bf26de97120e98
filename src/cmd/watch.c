/* Walks up the parents: our own guard first, then a shell, then watch. */
#include "cmd/watch.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "host/host.h"

enum { GENERATIONS = 3 }; /* guard, shell, watch */

bool watch_is_grandparent(void)
{
    struct host *host;
    if (isatty(STDOUT_FILENO) || host_open(NULL, &host) < 0)
        return false;
    struct arena arena = { 0 };
    pid_t pid = host_parent(NULL, getpid());
    bool is_watched = false;
    for (int i = 0; i < GENERATIONS && pid > 1 && !is_watched; i++) {
        struct host_process process;
        host_process_read(host, pid, &arena, &process);
        is_watched = strcmp(value_text_or(process.name, ""), "watch") == 0;
        pid = (pid_t)value_number(process.ppid, 0);
    }
    arena_done(&arena);
    host_close(host);
    return is_watched;
}
