/*
 * What a console tells: Ctrl-C and Ctrl-Break, that its window is being closed, that the user or
 * the system goes. Those come on threads of the system's own, which leave a number and ring; once
 * the handler of a close returns the process is over, so it holds on for as long as it may.
 */
#include "tui/term_signals.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <windows.h>

#include "base/mem.h"
#include "base/signal_number.h"
#include "nvitop/nvitop.h"

enum { CLOSING_MS = 4000 };

struct term_signals {
    HANDLE news;
    atomic_int number; /* 0: none */
};

/* The one that is open: the system hands nothing through to a handler. */
static _Atomic(struct term_signals *) opened;

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
    struct term_signals *signals = atomic_load(&opened);
    if (!signals)
        return FALSE;
    int number = number_of(event);
    atomic_store(&signals->number, number);
    SetEvent(signals->news);
    if (number == SIGNAL_HUP)
        Sleep(CLOSING_MS);
    return TRUE;
}

int term_signals_open(struct term_signals **ret_signals)
{
    struct term_signals *signals = xcalloc(1, sizeof(*signals));
    signals->news = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!signals->news) {
        free(signals);
        return NVITOP_EUNKNOWN;
    }
    atomic_store(&opened, signals);
    SetConsoleCtrlHandler(NULL, FALSE); /* whoever started us may have ignored Ctrl-C */
    SetConsoleCtrlHandler(take, TRUE);
    *ret_signals = signals;
    return NVITOP_OK;
}

void term_signals_close(struct term_signals *signals)
{
    if (!signals)
        return;
    SetConsoleCtrlHandler(take, FALSE);
    atomic_store(&opened, NULL);
    CloseHandle(signals->news);
    free(signals);
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
