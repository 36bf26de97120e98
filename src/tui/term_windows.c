/*
 * The terminal of Windows: a console that takes VT sequences, its modes, what is sent and read.
 *
 * Both handles are our own openings of the console, whatever the standard ones are. What is drawn
 * are the bytes that any other terminal gets; what is typed comes as records of the console, so
 * nothing of it has to be told apart by time. Ctrl-C is a key; Ctrl-Break and the closing of the
 * window are term_signals_windows.c's.
 *
 * A console takes whatever is written, but makes the writer wait while somebody selects text in
 * its window with the mouse. With a mouse of ours that selecting is off.
 *
 * With NVITOP_CONSOLE_OUTPUT=stdout what is drawn goes to standard output, a pipe to a program that
 * understands the sequences: other kinds of terminals, and the tests.
 */
#include "tui/term.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "base/clock.h"
#include "base/environment.h"
#include "base/mem.h"
#include "base/str.h"
#include "nvitop/nvitop.h"
#include "tui/term_caps.h"
#include "tui/term_console.h"
#include "tui/term_screen.h"
#include "view/frame.h"

struct term {
    HANDLE in, window; /* the console's input, and what it shows */
    HANDLE out;        /* the window, or standard output */
    bool has_mouse, is_taken, is_gone, is_end_told;
    int rows, columns;
    int left, top; /* of the window in the console's buffer */
    DWORD in_modes, out_modes;
    UINT out_code_page; /* all three as they were */
    struct term_caps caps;
    struct term_console console;
    struct term_screen *screen;
    struct str bytes;
};

static bool is_piped(void)
{
    const char *told = environment_get("NVITOP_CONSOLE_OUTPUT");
    return told && strcmp(told, "stdout") == 0;
}

static bool is_console(DWORD name)
{
    DWORD modes;
    return GetConsoleMode(GetStdHandle(name), &modes);
}

bool term_is_there(void)
{
    return is_console(STD_INPUT_HANDLE) && (is_piped() || is_console(STD_OUTPUT_HANDLE));
}

/* The console has UTF-8, and its fonts the characters. */
bool term_prepare(const struct term_options *options)
{
    return !options->is_ascii;
}

/* ---- sending ---- */

static void flush(struct term *term)
{
    size_t sent = 0;
    while (sent < term->bytes.len && !term->is_gone) {
        DWORD written = 0;
        if (!WriteFile(term->out, term->bytes.data + sent, (DWORD)(term->bytes.len - sent),
                       &written, NULL))
            term->is_gone = true;
        sent += written;
    }
    str_clear(&term->bytes);
}

/* ---- taking and giving back ---- */

/* Every key comes as it was struck, Ctrl-C too. The extended flags say that the selecting of text
 * is ours to switch. */
static bool set_modes(const struct term *term)
{
    DWORD in_modes = term->in_modes | ENABLE_WINDOW_INPUT | ENABLE_EXTENDED_FLAGS;
    in_modes &= ~(DWORD)(ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT |
                         ENABLE_VIRTUAL_TERMINAL_INPUT | ENABLE_MOUSE_INPUT);
    if (term->has_mouse)
        in_modes = (in_modes | ENABLE_MOUSE_INPUT) & ~(DWORD)ENABLE_QUICK_EDIT_MODE;
    DWORD out_modes = term->out_modes | ENABLE_PROCESSED_OUTPUT |
                      ENABLE_VIRTUAL_TERMINAL_PROCESSING | DISABLE_NEWLINE_AUTO_RETURN;
    return SetConsoleMode(term->in, in_modes) && SetConsoleMode(term->window, out_modes);
}

static void restore_modes(const struct term *term)
{
    SetConsoleMode(term->window, term->out_modes);
    SetConsoleMode(term->in, term->in_modes);
    SetConsoleOutputCP(term->out_code_page);
}

/* Again too, when somebody may have changed what was set. */
static bool enter(struct term *term)
{
    if (!set_modes(term))
        return false;
    SetConsoleOutputCP(CP_UTF8);
    str_append(&term->bytes, "\033[?1049h\033[?7l\033[?25l");
    term_screen_forget(term->screen);
    flush(term);
    return true;
}

static bool take(struct term *term)
{
    if (!GetConsoleMode(term->in, &term->in_modes) ||
        !GetConsoleMode(term->window, &term->out_modes))
        return false;
    term->out_code_page = GetConsoleOutputCP();
    term->is_taken = true;
    return enter(term);
}

static void give_back(struct term *term)
{
    if (!term->is_taken)
        return;
    term->is_taken = false;
    str_append(&term->bytes, "\033[0m\033[H\033[2J\033[?7h\033[?1049l\033[?25h");
    flush(term);
    restore_modes(term);
}

/* ---- opening ---- */

static HANDLE open_console(const wchar_t *name)
{
    return CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                       OPEN_EXISTING, 0, NULL);
}

static bool ask_size(struct term *term, int *ret_rows, int *ret_columns)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!GetConsoleScreenBufferInfo(term->window, &info))
        return false;
    term->left = info.srWindow.Left;
    term->top = info.srWindow.Top;
    *ret_rows = MAX_OF(info.srWindow.Bottom - info.srWindow.Top + 1, 1);
    *ret_columns = MAX_OF(info.srWindow.Right - info.srWindow.Left + 1, 1);
    return true;
}

static int fail(struct term *term, const char *why, const char **ret_why)
{
    if (term->is_taken)
        restore_modes(term);
    term->is_taken = false;
    term_close(term);
    *ret_why = why;
    return NVITOP_ENOTSUP;
}

int term_open(const struct term_options *options, struct term **ret_term, const char **ret_why)
{
    struct term *term = xcalloc(1, sizeof(*term));
    term->in = open_console(L"CONIN$");
    term->window = open_console(L"CONOUT$");
    term->out = is_piped() ? GetStdHandle(STD_OUTPUT_HANDLE) : term->window;
    term->has_mouse = options->has_mouse;
    term_caps_read(options->has_gradient, &term->caps);
    term->screen = term_screen_new(&term->caps, options->is_ascii);
    if (!term_is_there() || !ask_size(term, &term->rows, &term->columns))
        return fail(term, "standard input and output are not a console", ret_why);
    if (!take(term))
        return fail(term, "the console knows no VT sequences: Windows 10 is the first that does",
                    ret_why);
    *ret_term = term;
    return NVITOP_OK;
}

void term_close(struct term *term)
{
    if (!term)
        return;
    give_back(term);
    CloseHandle(term->in);
    CloseHandle(term->window);
    term_screen_free(term->screen);
    str_done(&term->bytes);
    free(term);
}

void term_leave(struct term *term)
{
    give_back(term);
}

void term_return(struct term *term)
{
    if (!(term->is_taken ? enter(term) : take(term)))
        term->is_gone = true;
}

/* ---- asking ---- */

void term_size(const struct term *term, int *ret_rows, int *ret_columns)
{
    *ret_rows = term->rows;
    *ret_columns = term->columns;
}

int term_colours(const struct term *term)
{
    return term->caps.colours;
}

/* A handle's value fits an int on every Windows. */
int term_input_fd(const struct term *term)
{
    return (int)(intptr_t)term->in;
}

/* Everything that comes is whole, and all that was sent has been taken. */
int term_wait_ms(const struct term *term)
{
    (void)term;
    return -1;
}

/* ---- events ---- */

static bool has_new_size(struct term *term)
{
    int rows, columns;
    if (!ask_size(term, &rows, &columns) || (rows == term->rows && columns == term->columns))
        return false;
    term->rows = rows;
    term->columns = columns;
    return true;
}

/* False: there is none now. */
static bool read_record(struct term *term)
{
    INPUT_RECORD record;
    DWORD count = 0;
    if (!GetNumberOfConsoleInputEvents(term->in, &count) ||
        (count && !ReadConsoleInputW(term->in, &record, 1, &count)))
        term->is_gone = true;
    if (!count || term->is_gone)
        return false;
    term_console_add(&term->console, &record);
    return true;
}

bool term_next(struct term *term, struct term_event *ret_event)
{
    struct term_event event = { .kind = TERM_END };
    if (!term->is_taken)
        return false;
    if (has_new_size(term)) {
        *ret_event = (struct term_event){ .kind = TERM_RESIZE, .at_ns = clock_mono_ns() };
        return true;
    }
    bool is_any;
    do
        is_any = term_console_next(&term->console, term->left, term->top, &event);
    while (!is_any && !term->is_gone && read_record(term));
    if (!is_any && (!term->is_gone || term->is_end_told))
        return false;
    term->is_end_told |= event.kind == TERM_END;
    *ret_event = event;
    ret_event->at_ns = clock_mono_ns();
    return true;
}

/* ---- showing ---- */

void term_paint(struct term *term, const struct frame *frame)
{
    if (!term->is_taken)
        return;
    term_screen_paint(term->screen, frame, term->rows, term->columns, &term->bytes);
    flush(term);
}

void term_forget(struct term *term)
{
    term_screen_forget(term->screen);
}

void term_beep(struct term *term)
{
    if (!term->is_taken)
        return;
    str_append(&term->bytes, "\a");
    flush(term);
}
