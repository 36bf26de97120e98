/* The window of the console, not the buffer behind it. Whoever asks is about to print, so a console
 * is told here that what comes may have colours. */
#include "cmd/terminal_width.h"

#include <windows.h>

static void let_colours_through(HANDLE out)
{
    DWORD mode;
    if (GetConsoleMode(out, &mode))
        SetConsoleMode(out, mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

int terminal_width(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
    let_colours_through(out);
    let_colours_through(GetStdHandle(STD_ERROR_HANDLE));
    if (!GetConsoleScreenBufferInfo(out, &info))
        return 0;
    return info.srWindow.Right - info.srWindow.Left + 1;
}
