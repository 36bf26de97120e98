/* What the simulator asks of the operating system. Two files implement it, system_posix.c and
 * system_windows.c. */
#ifndef NVITOP_SIM_SYSTEM_H
#define NVITOP_SIM_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* For reading, byte for byte, and to append lines to; -1 with errno. Children have neither. */
int system_open(const char *path);
int system_open_log(const char *path);

/* How much of a path is its folder, with the separator; 0: it has none. */
size_t system_folder_len(const char *path);
bool system_is_absolute(const char *path);

/* What changes when a file is replaced or written. */
struct system_mark {
    uint64_t file, size, changed;
};
bool system_mark(const char *path, struct system_mark *ret_mark); /* false: there is no file */

bool system_is_alive(uint32_t pid);

void system_sleep(double seconds);
_Noreturn void system_hang(void);

#endif
