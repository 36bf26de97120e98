/*
 * What a console tells: Ctrl-C and Ctrl-Break, that its window is being closed, that the user or
 * the system goes. Those come on threads of the system's own, which leave a number and ring; once
 * the handler of a close returns the process is over, so it holds on for as long as it may.
 *
 * Nobody can wait until such a thread is through: what they use is there once, and for good.
 */
#include "tui/term_signals.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

#include "base/signal_number.h"
#include "nvitop/nvitop.h"

enum { CLOSING_MS = 4000 };

struct term_signals {
    HANDLE news; /* NULL: it was never open */
    atomic_bool is_open;
    atomic_int number; /* 0: none */
};

/* The system hands nothing through to a handler. */
static struct term_signals the_signals;

static int number_of(DWORD event)
{
    switch (event) {
    case CTRL_C_EVENT: return SIGNAL_INT;
    case CTRL_BREAK_EVENT: return SIGNAL_TERM;
    default: return SIGNAL_HUP;
    }
}

static BOOL WINAPI take(DWORD event)
{
    int number = number_of(event);
    if (!atomic_load(&the_signals.is_open))
        return FALSE;
    atomic_store(&the_signals.number, number);
    SetEvent(the_signals.news);
    if (number == SIGNAL_HUP)
        Sleep(CLOSING_MS);
    return TRUE;
}

int term_signals_open(struct term_signals **ret_signals)
{
    if (!the_signals.news && !(the_signals.news = CreateEventW(NULL, TRUE, FALSE, NULL)))
        return NVITOP_EUNKNOWN;
    term_signals_next(&the_signals); /* one may have come late to those before */
    atomic_store(&the_signals.is_open, true);
    SetConsoleCtrlHandler(NULL, FALSE); /* whoever started us may have ignored Ctrl-C */
    SetConsoleCtrlHandler(take, TRUE);
    *ret_signals = &the_signals;
    return NVITOP_OK;
}

void term_signals_close(struct term_signals *signals)
{
    if (!signals)
        return;
    SetConsoleCtrlHandler(take, FALSE);
    atomic_store(&signals->is_open, false);
}

int term_signals_fd(const struct term_signals *signals)
{
    return (int)(intptr_t)signals->news;
}

int term_signals_next(struct term_signals *signals)
{
    ResetEvent(signals->news);
    return atomic_exchange(&signals->number, 0);
}

/* Nothing stops a program here. */
void term_signals_stop(struct term_signals *signals)
{
    (void)signals;
}
