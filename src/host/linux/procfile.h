/* Whole small files of /proc: one open, as few reads as it takes, a bound on the size. */
#ifndef NVITOP_HOST_LINUX_PROCFILE_H
#define NVITOP_HOST_LINUX_PROCFILE_H

#include <stddef.h>

struct str;

/* Replaces what is in `ret_text`. Reads at most `limit` bytes; the rest is left unread.
 * Returns 0 or an errno. `path` is taken from the folder `dir`, which may be AT_FDCWD. */
int procfile_read(int dir, const char *path, size_t limit, struct str *ret_text);

/* The same from a kept descriptor, into a buffer that gets a NUL behind the text. Returns the
 * length, or a negated errno: -ESRCH once the process has gone. */
int procfile_reread(int fd, char *ret_text, size_t size);

#endif
