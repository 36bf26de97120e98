/*
 * A bell for who waits with await(): rung by any thread, seen until it is cleared. Its users hold a
 * lock of theirs while they ring or clear it. Two files implement it, wake_posix.c and
 * wake_windows.c.
 */
#ifndef NVITOP_BASE_WAKE_H
#define NVITOP_BASE_WAKE_H

struct wake;

struct wake *wake_new(void); /* NULL if the system gives no descriptor */
void wake_free(struct wake *wake);

void wake_ring(struct wake *wake);
void wake_clear(struct wake *wake);

/* AWAIT_READ while it is rung. */
int wake_fd(const struct wake *wake);

#endif
