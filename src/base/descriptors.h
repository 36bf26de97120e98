/* The three standard descriptors, which a caller may have left closed. Two files implement it,
 * descriptors_posix.c and descriptors_windows.c. */
#ifndef NVITOP_BASE_DESCRIPTORS_H
#define NVITOP_BASE_DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>

/* Call first in main: whichever of stdin, stdout and stderr came closed is opened on /dev/null, for
 * reading, so that no file of ours (a pipe, a lock, the driver's device) takes its number and gets
 * what was meant for it; writing there still fails. What is written goes out as it is, in UTF-8. */
void descriptors_hold(void);

/* For who ends without exit(): what was set of a console is put back. */
void descriptors_put_back(void);

/* All of it, however long the reader takes: 0, or the system's error number. */
int descriptors_write(int fd, const char *text, size_t len);

/* Right after writing has failed: because nobody reads any more, of which people want no word?
 * Never where a signal has said so before. */
bool descriptors_have_no_reader(void);

/* Leaves nothing but a hole where stdout was, for whoever prints into it unasked, and gives the
 * descriptor under which it goes on, or -1. */
int descriptors_hide_stdout(void);

#endif
