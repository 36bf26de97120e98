/*
 * The terminal of a POSIX system: its modes, its two descriptors, what is sent and read.
 *
 * Both descriptors are our own openings of the terminal, so that they can be non-blocking without
 * the shell noticing. A terminal that does not read (a stopped one, a dead connection) therefore
 * never holds the program: what could not be sent waits, and frames are left out until it is gone.
 * Where the terminal cannot be opened once more, the shell's descriptors are used with care.
 *
 * No signal is caught here: the size is looked at whenever term_next is called, so it is enough to
 * call it after a SIGWINCH. Nothing is put into the environment, so a child finds it as it was.
 * If another process group has the terminal, it is left alone.
 */
#include "tui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/environment.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "nvitop/nvitop.h"
#include "tui/term_caps.h"
#include "tui/term_input.h"
#include "tui/term_screen.h"
#include "view/frame.h"

enum {
    ESC_MS_DEFAULT = 25,
    ESC_MS_MAX = 10000,
    RETRY_MS_MIN = 10, /* for what could not be sent */
    RETRY_MS_MAX = 1000,
    CAREFUL_BYTES = 128, /* at a time, to a descriptor that may block */
    FAREWELL_MS = 200,   /* for the last bytes */
    ROWS_DEFAULT = 24,
    COLUMNS_DEFAULT = 80,
    SIZE_MAX_CELLS = 4000, /* rows or columns */
};

struct term {
    int in_fd, out_fd;
    bool is_own; /* both were opened here and do not block */
    bool has_mouse, is_taken, is_gone, is_end_told;
    int rows, columns;
    pid_t starter;        /* who started us, the guard above all */
    struct termios modes; /* as they were */
    struct term_caps caps;
    struct term_input input;
    struct term_screen *screen;
    struct str out;
    size_t sent; /* of `out` */
    int retry_ms;
    uint64_t retry_ns; /* when sending is tried again */
};

bool term_is_there(void)
{
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

bool term_prepare(const struct term_options *options)
{
    const char *name = environment_get("TERM");
    return !options->is_ascii && utf8_has_locale() && !(name && strcmp(name, "linux") == 0);
}

/* ---- sending ---- */

static bool is_ready(int fd, short events, int timeout_ms)
{
    struct pollfd ready = { .fd = fd, .events = events };
    return poll(&ready, 1, timeout_ms) > 0;
}

static ssize_t send_some(const struct term *term)
{
    size_t left = term->out.len - term->sent;
    if (!term->is_own) {
        if (!is_ready(term->out_fd, POLLOUT, 0)) {
            errno = EAGAIN;
            return -1;
        }
        left = MIN_OF(left, (size_t)CAREFUL_BYTES);
    }
    return write(term->out_fd, term->out.data + term->sent, left);
}

/* Sends what is left; returns whether nothing is. */
static bool flush(struct term *term)
{
    while (term->sent < term->out.len && !term->is_gone) {
        ssize_t len = send_some(term);
        if (len > 0)
            term->sent += (size_t)len;
        else if (len < 0 && errno == EAGAIN)
            break;
        else if (len == 0 || errno != EINTR)
            term->is_gone = true;
        if (len > 0)
            term->retry_ms = 0;
    }
    if (term->sent < term->out.len && !term->is_gone) {
        term->retry_ms = MIN_OF(MAX_OF(2 * term->retry_ms, RETRY_MS_MIN), RETRY_MS_MAX);
        term->retry_ns = clock_mono_ns() + (uint64_t)term->retry_ms * CLOCK_NS_PER_MS;
        return false;
    }
    str_clear(&term->out);
    term->sent = 0;
    return true;
}

/* ---- taking and giving back ---- */

/* Another process group may have the terminal: it is not ours to change then. */
static bool is_foreground(const struct term *term)
{
    pid_t group = tcgetpgrp(term->in_fd);
    return group < 0 ? errno == ENOTTY : group == getpgrp();
}

/* Everything comes as it was typed; only the quit character keeps its meaning, the way out that
 * needs no help of ours. */
static void set_raw(const struct term *term)
{
    struct termios raw = term->modes;
    raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    raw.c_oflag &= ~(tcflag_t)OPOST;
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN);
    raw.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
    raw.c_cflag |= CS8;
    raw.c_cc[VINTR] = raw.c_cc[VSUSP] = _POSIX_VDISABLE;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(term->in_fd, TCSANOW, &raw);
}

/* Again too, when somebody may have changed what was set. */
static void enter(struct term *term)
{
    set_raw(term);
    if (term->caps.has_screen)
        str_append(&term->out, "\033[?1049h");
    str_append(&term->out, "\033[?7l\033[?25l");
    if (term->has_mouse)
        str_append(&term->out, "\033[?1000h\033[?1006h");
    term_screen_forget(term->screen);
    flush(term);
}

static bool take(struct term *term)
{
    if (tcgetattr(term->in_fd, &term->modes) != 0)
        return false;
    term->input.backspace = term->modes.c_cc[VERASE] == 8 ? 8 : 0;
    term->is_taken = true;
    enter(term);
    return true;
}

/* If whoever started us was killed, the shell takes the terminal back at once, perhaps before we
 * hear of it. It sets its own modes then, but knows nothing of our screen. */
static bool is_deserted(const struct term *term)
{
    return getppid() != term->starter;
}

static void leave_screen(struct term *term)
{
    if (term->has_mouse)
        str_append(&term->out, "\033[?1006l\033[?1000l");
    str_append(&term->out, "\033[0m\033[H\033[2J\033[?7h");
    if (term->caps.has_screen)
        str_append(&term->out, "\033[?1049l");
    str_append(&term->out, "\033[?25h");
    uint64_t end_ns = clock_mono_ns() + FAREWELL_MS * CLOCK_NS_PER_MS;
    while (!flush(term) && clock_mono_ns() < end_ns)
        is_ready(term->out_fd, POLLOUT, FAREWELL_MS);
    str_clear(&term->out);
    term->sent = 0;
}

static void give_back(struct term *term)
{
    if (!term->is_taken)
        return;
    term->is_taken = false;
    bool is_ours = is_foreground(term);
    if (term->is_gone || !(is_ours || is_deserted(term)))
        return;
    leave_screen(term);
    if (is_ours)
        tcsetattr(term->in_fd, TCSANOW, &term->modes);
}

/* ---- opening ---- */

/* The terminal behind a descriptor, opened once more; -1 if that can't be had. */
static int reopen(int fd, int flags)
{
    char path[256] = "/dev/tty";
    flags |= O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    if (tcgetsid(fd) != getsid(0) && ttyname_r(fd, path, sizeof(path)) != 0)
        return -1;
    return open(path, flags);
}

static void open_descriptors(struct term *term)
{
    term->in_fd = reopen(STDIN_FILENO, O_RDONLY);
    term->out_fd = term->in_fd < 0 ? -1 : reopen(STDOUT_FILENO, O_WRONLY);
    term->is_own = term->out_fd >= 0;
    if (term->is_own)
        return;
    if (term->in_fd >= 0)
        close(term->in_fd);
    term->in_fd = STDIN_FILENO;
    term->out_fd = STDOUT_FILENO;
}

static int number_told(const char *name, int otherwise)
{
    long long number;
    const char *text = environment_get(name);
    bool is_told = text && str_parse_int(text, 10, &number) && number > 0;
    return is_told ? (int)MIN_OF(number, (long long)SIZE_MAX_CELLS) : otherwise;
}

/* A terminal that does not know its size gets it from the environment. */
static void ask_size(const struct term *term, int *ret_rows, int *ret_columns)
{
    struct winsize size = { 0 };
    if (ioctl(term->out_fd, TIOCGWINSZ, &size) != 0)
        size = (struct winsize){ 0 };
    *ret_rows = size.ws_row ? MIN_OF((int)size.ws_row, (int)SIZE_MAX_CELLS)
                            : number_told("LINES", ROWS_DEFAULT);
    *ret_columns = size.ws_col ? MIN_OF((int)size.ws_col, (int)SIZE_MAX_CELLS)
                               : number_told("COLUMNS", COLUMNS_DEFAULT);
}

static int esc_ms(void)
{
    long long ms;
    const char *text = environment_get("ESCDELAY");
    bool is_told = text && str_parse_int(text, 10, &ms) && ms >= 0;
    return is_told ? (int)MIN_OF(ms, (long long)ESC_MS_MAX) : ESC_MS_DEFAULT;
}

int term_open(const struct term_options *options, struct term **ret_term, const char **ret_why)
{
    struct term_caps caps;
    const char *why = "standard input and output are not a terminal";
    if (term_is_there())
        why = term_caps_read(options->has_gradient, &caps);
    if (why) {
        *ret_why = why;
        return NVITOP_ENOTSUP;
    }
    struct term *term = xcalloc(1, sizeof(*term));
    term->caps = caps;
    term->has_mouse = options->has_mouse;
    term->input.esc_ms = esc_ms();
    term->starter = getppid();
    open_descriptors(term);
    ask_size(term, &term->rows, &term->columns);
    term->screen = term_screen_new(&term->caps, options->is_ascii);
    if (!take(term)) {
        term_close(term);
        *ret_why = "the terminal does not tell its modes";
        return NVITOP_ENOTSUP;
    }
    *ret_term = term;
    return NVITOP_OK;
}

void term_close(struct term *term)
{
    if (!term)
        return;
    give_back(term);
    if (term->is_own) {
        close(term->in_fd);
        close(term->out_fd);
    }
    term_screen_free(term->screen);
    str_done(&term->out);
    free(term);
}

void term_leave(struct term *term)
{
    give_back(term);
}

void term_return(struct term *term)
{
    if (term->is_taken)
        enter(term);
    else if (!take(term))
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

int term_input_fd(const struct term *term)
{
    return term->in_fd;
}

int term_wait_ms(const struct term *term)
{
    uint64_t now_ns = clock_mono_ns();
    int wait_ms = term_input_wait_ms(&term->input, now_ns);
    if (term->sent >= term->out.len || term->is_gone)
        return wait_ms;
    int retry_ms =
        now_ns < term->retry_ns ? (int)((term->retry_ns - now_ns) / CLOCK_NS_PER_MS) + 1 : 0;
    return wait_ms < 0 ? retry_ms : MIN_OF(wait_ms, retry_ms);
}

/* ---- events ---- */

static bool has_new_size(struct term *term)
{
    int rows, columns;
    ask_size(term, &rows, &columns);
    if (rows == term->rows && columns == term->columns)
        return false;
    term->rows = rows;
    term->columns = columns;
    return true;
}

/* Bytes read, 0: there are none now. */
static size_t read_some(struct term *term, uint64_t now_ns)
{
    size_t size;
    unsigned char *room = term_input_room(&term->input, &size);
    if (!term->is_own && !is_ready(term->in_fd, POLLIN, 0))
        return 0;
    ssize_t len = read(term->in_fd, room, size);
    if (len > 0) {
        term_input_added(&term->input, (size_t)len, now_ns);
        return (size_t)len;
    }
    if (len == 0 || (errno != EAGAIN && errno != EINTR))
        term->is_gone = true;
    return 0;
}

bool term_next(struct term *term, struct term_event *ret_event)
{
    uint64_t now_ns;
    if (!term->is_taken)
        return false;
    if (has_new_size(term)) {
        *ret_event = (struct term_event){ .kind = TERM_RESIZE, .at_ns = clock_mono_ns() };
        return true;
    }
    if (term->sent < term->out.len && clock_mono_ns() >= term->retry_ns)
        flush(term);
    do {
        if (term_input_next(&term->input, ret_event))
            return true;
        now_ns = clock_mono_ns(); /* before reading: nothing had come by then if nothing comes */
    } while (!term->is_gone && read_some(term, now_ns));
    if (term_input_late(&term->input, now_ns, ret_event))
        return true;
    if (!term->is_gone || term->is_end_told)
        return false;
    term->is_end_told = true;
    *ret_event = (struct term_event){ .kind = TERM_END, .at_ns = now_ns };
    return true;
}

/* ---- painting ---- */

void term_paint(struct term *term, const struct frame *frame)
{
    if (!term->is_taken || !flush(term) || term->is_gone)
        return;
    term_screen_paint(term->screen, frame, term->rows, term->columns, &term->out);
    flush(term);
}

void term_forget(struct term *term)
{
    term_screen_forget(term->screen);
}

void term_beep(struct term *term)
{
    if (!term->is_taken || !flush(term))
        return;
    str_append_char(&term->out, '\a');
    flush(term);
}
