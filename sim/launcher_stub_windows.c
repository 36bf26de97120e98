/*
 * What a demo process does. It owns nothing and opens nothing, and ends with the job that the
 * keeper has it in. What it is comes by the title of its window, which nobody sees, since it has
 * no window.
 */
#include "sim/launcher_stub.h"

#include <wchar.h>
#include <windows.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sim/launcher_stub_title.h"

enum { STACK_SIZE = 65536 };

static const wchar_t *own_title(void)
{
    STARTUPINFOW startup;
    GetStartupInfoW(&startup);
    return startup.lpTitle ? startup.lpTitle : L"";
}

bool stub_is_wanted(void)
{
    return wcsncmp(own_title(), STUB_TITLE, wcslen(STUB_TITLE)) == 0;
}

static DWORD WINAPI idle(void *unused)
{
    (void)unused;
    Sleep(INFINITE);
    return 0;
}

static void burn(uint64_t ns)
{
    uint64_t end = clock_mono_ns() + ns;
    while (clock_mono_ns() < end)
        ;
}

noreturn void stub_run(void)
{
    wchar_t *at = NULL;
    unsigned long permille = wcstoul(own_title() + wcslen(STUB_TITLE), &at, 10);
    unsigned long threads = wcstoul(at, NULL, 10);
    unsigned long busy_ms =
        STUB_PERIOD_MS * MIN_OF(permille, (unsigned long)STUB_PERMILLE) / STUB_PERMILLE;
    for (unsigned long i = 1; i < MIN_OF(threads, (unsigned long)STUB_THREADS_MAX); i++)
        CreateThread(NULL, STACK_SIZE, idle, NULL, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    for (;;) {
        burn(busy_ms * CLOCK_NS_PER_MS);
        Sleep(busy_ms ? STUB_PERIOD_MS - busy_ms : INFINITE);
    }
}
