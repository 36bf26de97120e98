/*
 * A console for one program, for tests on a machine that has none: the program's input is a real
 * console, and what it writes to its standard output and error goes where ours go.
 *
 *   console.exe ROWS COLUMNS PROGRAM [ARGUMENT…]
 *
 * It does so in two: the first makes a pseudo-console and starts the second in it, which starts
 * the program and does to the console what the lines on standard input say, numbers all:
 *
 *   key CODE CHARACTER STATE REPEATS      goes down and up
 *   mouse ROW COLUMN BUTTONS FLAGS STATE
 *   size ROWS COLUMNS                     the window is changed, and the program is told
 *   interrupt                             Ctrl-C, as the system tells it
 *   look                                  tells how the console is set
 *
 *   console.exe --wait
 *
 * is a process that does nothing: it tells its pid, and ends with its standard input.
 *
 * On standard error: `console: input I output O page P`, when it is looked at, before the program
 * was started and after it ended, and `console: exit N` at the end.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

enum { LINE_SIZE = 256, COMMAND_SIZE = 8192, NUMBERS = 5, PSEUDO_CONSOLE = 0x20016 };

typedef HRESULT(WINAPI *create_fn)(COORD, HANDLE, HANDLE, DWORD, void **);
typedef void(WINAPI *close_fn)(void *);

static HANDLE console_in, console_out;

static int fail(const char *what)
{
    fprintf(stderr, "console: %s: error %lu\n", what, GetLastError());
    return 100;
}

/* ---- the first: a pseudo-console, and what runs in it ---- */

static FARPROC function_of(const char *name)
{
    return GetProcAddress(GetModuleHandleW(L"kernel32"), name);
}

/* Nobody types into it and nobody looks at it: its pipes are there because they must be. */
static void *make_console(short rows, short columns)
{
    HANDLE in, out, unused;
    void *console = NULL;
    create_fn create = (create_fn)(void *)function_of("CreatePseudoConsole");
    if (!create || !CreatePipe(&in, &unused, NULL, 0) || !CreatePipe(&unused, &out, NULL, 0) ||
        create((COORD){ columns, rows }, in, out, 0, &console) != S_OK)
        return NULL;
    return console;
}

/* Our own command line, with the word that makes it the second. */
static void make_inner(wchar_t command[COMMAND_SIZE])
{
    wchar_t self[MAX_PATH];
    GetModuleFileNameW(NULL, self, MAX_PATH);
    const wchar_t *rest = wcsstr(GetCommandLineW(), L".exe");
    rest = rest ? wcschr(rest, L' ') : NULL;
    swprintf(command, COMMAND_SIZE, L"\"%ls\" --inside%ls", self, rest ? rest : L"");
}

static int wait_for(const PROCESS_INFORMATION *process)
{
    DWORD code = 0;
    WaitForSingleObject(process->hProcess, INFINITE);
    GetExitCodeProcess(process->hProcess, &code);
    return (int)code;
}

static int run_in(void *console)
{
    PROCESS_INFORMATION process;
    wchar_t command[COMMAND_SIZE];
    SIZE_T size = 0;
    STARTUPINFOEXW start = { .StartupInfo = { .cb = sizeof(start),
                                              .dwFlags = STARTF_USESTDHANDLES,
                                              .hStdInput = GetStdHandle(STD_INPUT_HANDLE),
                                              .hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE),
                                              .hStdError = GetStdHandle(STD_ERROR_HANDLE) } };
    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    start.lpAttributeList = malloc(size);
    InitializeProcThreadAttributeList(start.lpAttributeList, 1, 0, &size);
    UpdateProcThreadAttribute(start.lpAttributeList, 0, PSEUDO_CONSOLE, console, sizeof(console),
                              NULL, NULL);
    make_inner(command);
    if (!CreateProcessW(NULL, command, NULL, NULL, TRUE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL,
                        &start.StartupInfo, &process))
        return fail("cannot start the second");
    return wait_for(&process);
}

/* ---- the second: the program, and what is done to its console ---- */

static void look(void)
{
    DWORD in = 0, out = 0;
    GetConsoleMode(console_in, &in);
    GetConsoleMode(console_out, &out);
    fprintf(stderr, "console: input %lu output %lu page %u\n", in, out, GetConsoleOutputCP());
    fflush(stderr);
}

static void put(const INPUT_RECORD *record)
{
    DWORD written;
    if (!WriteConsoleInputW(console_in, record, 1, &written))
        fail("cannot write an event");
}

static void send_key(const long long number[NUMBERS])
{
    INPUT_RECORD record = { .EventType = KEY_EVENT };
    KEY_EVENT_RECORD *key = &record.Event.KeyEvent;
    key->wVirtualKeyCode = (WORD)number[0];
    key->uChar.UnicodeChar = (wchar_t)number[1];
    key->dwControlKeyState = (DWORD)number[2];
    key->wRepeatCount = (WORD)number[3];
    key->bKeyDown = TRUE;
    put(&record);
    key->bKeyDown = FALSE;
    put(&record);
}

static void send_mouse(const long long number[NUMBERS])
{
    INPUT_RECORD record = { .EventType = MOUSE_EVENT };
    MOUSE_EVENT_RECORD *mouse = &record.Event.MouseEvent;
    mouse->dwMousePosition = (COORD){ (SHORT)number[1], (SHORT)number[0] };
    mouse->dwButtonState = (DWORD)number[2];
    mouse->dwEventFlags = (DWORD)number[3];
    mouse->dwControlKeyState = (DWORD)number[4];
    put(&record);
}

/* The window is never larger than its buffer: it shrinks first, and grows last. */
static void change_size(const long long number[NUMBERS])
{
    COORD size = { (SHORT)number[1], (SHORT)number[0] };
    SMALL_RECT smallest = { 0, 0, 0, 0 },
               window = { 0, 0, (SHORT)(size.X - 1), (SHORT)(size.Y - 1) };
    INPUT_RECORD record = { .EventType = WINDOW_BUFFER_SIZE_EVENT };
    record.Event.WindowBufferSizeEvent.dwSize = size;
    if (!SetConsoleWindowInfo(console_out, TRUE, &smallest) ||
        !SetConsoleScreenBufferSize(console_out, size) ||
        !SetConsoleWindowInfo(console_out, TRUE, &window))
        fail("cannot change the size");
    put(&record);
}

static void send_interrupt(const long long number[NUMBERS])
{
    (void)number;
    GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);
}

static void look_now(const long long number[NUMBERS])
{
    (void)number;
    look();
}

static const struct {
    const char *word;
    void (*act)(const long long number[NUMBERS]);
} orders[] = { { "key", send_key },
               { "mouse", send_mouse },
               { "size", change_size },
               { "interrupt", send_interrupt },
               { "look", look_now } };

static void obey(const char *line)
{
    char word[LINE_SIZE];
    long long number[NUMBERS] = { 0 };
    if (sscanf(line, "%255s %lld %lld %lld %lld %lld", word, &number[0], &number[1], &number[2],
               &number[3], &number[4]) < 1)
        return;
    for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++)
        if (strcmp(orders[i].word, word) == 0) {
            orders[i].act(number);
            return;
        }
    fprintf(stderr, "console: no such order: %s", line);
}

static DWORD WINAPI take_orders(void *unused)
{
    char line[LINE_SIZE];
    (void)unused;
    while (fgets(line, sizeof(line), stdin))
        obey(line);
    return 0;
}

static BOOL WINAPI ignore(DWORD event)
{
    return event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
}

static HANDLE open_console(const wchar_t *name)
{
    SECURITY_ATTRIBUTES inherited = { .nLength = sizeof(inherited), .bInheritHandle = TRUE };
    return CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                       &inherited, OPEN_EXISTING, 0, NULL);
}

/* What follows the two numbers. */
static wchar_t *program_line(void)
{
    wchar_t *at = wcsstr(GetCommandLineW(), L"--inside ");
    for (int words = 3; at && words; words--)
        at = wcschr(at + 1, L' ');
    return at ? at + 1 : NULL;
}

static int run_program(void)
{
    PROCESS_INFORMATION process;
    STARTUPINFOW start = { .cb = sizeof(start), .dwFlags = STARTF_USESTDHANDLES };
    console_in = open_console(L"CONIN$");
    console_out = open_console(L"CONOUT$");
    start.hStdInput = console_in;
    start.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    SetConsoleCtrlHandler(ignore, TRUE);
    look();
    if (!CreateProcessW(NULL, program_line(), NULL, NULL, TRUE, 0, NULL, NULL, &start, &process))
        return fail("cannot start the program");
    CreateThread(NULL, 0, take_orders, NULL, 0, NULL);
    int code = wait_for(&process);
    look();
    fprintf(stderr, "console: exit %d\n", code);
    fflush(stderr);
    ExitProcess((UINT)code); /* the thread may be waiting for a line */
}

static int idle(void)
{
    fprintf(stderr, "console: pid %lu\n", GetCurrentProcessId());
    fflush(stderr);
    while (getchar() != EOF)
        ;
    return 0;
}

int main(int argc, char *argv[])
{
    if (argc == 2 && strcmp(argv[1], "--wait") == 0)
        return idle();
    if (argc > 4 && strcmp(argv[1], "--inside") == 0)
        return run_program();
    void *console = argc > 3 ? make_console((short)atoi(argv[1]), (short)atoi(argv[2])) : NULL;
    if (!console)
        return fail(argc > 3 ? "no pseudo-console" : "expected ROWS COLUMNS PROGRAM");
    int code = run_in(console);
    close_fn close_console = (close_fn)(void *)function_of("ClosePseudoConsole");
    close_console(console);
    return code;
}
