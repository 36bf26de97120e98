/*
 * What the system tells a program that has the terminal: that it is to end, that the window has
 * another size, that it was stopped and goes on. Part of the terminal's seam.
 */
#ifndef NVITOP_TUI_TERM_SIGNALS_H
#define NVITOP_TUI_TERM_SIGNALS_H

struct term_signals;

/* Holds the signals back in this thread and in all that it starts later; from now on they are read
 * here. NVITOP_OK or NVITOP_EUNKNOWN. */
int term_signals_open(struct term_signals **ret_signals);
void term_signals_close(struct term_signals *signals); /* as they were; NULL is fine */

int term_signals_fd(const struct term_signals *signals); /* poll it */
int term_signals_next(struct term_signals *signals);     /* a signal's number, 0: none */

/* Stops this process and its guard as Ctrl-Z does, and returns when they go on. */
void term_signals_stop(struct term_signals *signals);

#endif
