/*
 * The C library's descriptors. They would turn each end of line into two bytes, so they are made
 * binary: a file is the same bytes on every system. A console is told that they are UTF-8. It would
 * keep that, and what else is set of its output, for whoever comes after us: all of it is put back
 * at the end.
 */
#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#include "mem.h"

/* Of the console, as it was. */
static struct {
    UINT code_page; /* 0: there is no console */
    DWORD modes[2]; /* of stdout and stderr; what is no console has none */
} before;

static const DWORD outputs[] = { STD_OUTPUT_HANDLE, STD_ERROR_HANDLE };

void descriptors_put_back(void)
{
    if (before.code_page)
        SetConsoleOutputCP(before.code_page);
    for (size_t i = 0; i < ARRAY_LEN(outputs); i++)
        SetConsoleMode(GetStdHandle(outputs[i]), before.modes[i]);
}

static void set_console(void)
{
    before.code_page = GetConsoleOutputCP();
    for (size_t i = 0; i < ARRAY_LEN(outputs); i++)
        GetConsoleMode(GetStdHandle(outputs[i]), &before.modes[i]);
    SetConsoleOutputCP(CP_UTF8);
    atexit(descriptors_put_back);
}

void descriptors_hold(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (_get_osfhandle(fd) < 0)
            _open("NUL", _O_RDONLY);
    _setmode(1, _O_BINARY);
    _setmode(2, _O_BINARY);
    setvbuf(stderr, NULL, _IONBF, 0);
    set_console();
}

int descriptors_write(int fd, const char *text, size_t len)
{
    while (len) {
        int put = _write(fd, text, (unsigned)MIN_OF(len, (size_t)INT_MAX));
        if (put < 0)
            return errno;
        text += put;
        len -= (size_t)put;
    }
    return 0;
}

/* The C library calls one of these an invalid argument. */
bool descriptors_have_no_reader(void)
{
    unsigned long code = _doserrno;
    return code == ERROR_NO_DATA || code == ERROR_BROKEN_PIPE || code == ERROR_PIPE_NOT_CONNECTED;
}

int descriptors_hide_stdout(void)
{
    int out = _dup(1);
    int null = _open("NUL", _O_WRONLY | _O_NOINHERIT);
    if (out < 0 || null < 0 || _dup2(null, 1) < 0)
        return -1;
    _close(null);
    return out;
}
