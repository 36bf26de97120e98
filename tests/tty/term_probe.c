/*
 * The terminal on its own, for tests from outside: shows its size and the newest events, one a
 * line, newest first. Ends on q, Ctrl-C, the terminal's end, or a signal; Ctrl-Z suspends; the
 * argument `mouse` asks for mouse reports, `gradient` for 24-bit colours, `ascii` for ASCII, and
 * `deaf` ignores hang-ups. After an end that was no signal it says `end: KIND` on stderr.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "nvitop/nvitop.h"
#include "tui/term.h"
#include "view/frame.h"

enum { KEPT = 64, LINE_SIZE = 80 };

struct probe {
    struct term *term;
    struct term_options options;
    bool is_utf8, is_deaf, is_killed;
    int signal_fd, count;
    char lines[KEPT][LINE_SIZE];
    const char *end;
};

static void describe(const struct term_event *event, char line[LINE_SIZE])
{
    static const char *const kinds[] = { "key", "mouse", "resize", "end" };
    snprintf(line, LINE_SIZE, "%s %#x mod %u button %d at %d,%d", kinds[event->kind], event->key,
             event->modifiers, (int)event->button, event->row, event->column);
}

static void draw(struct probe *probe)
{
    static const struct style styles[] = {
        { .fg = COLOUR_GREEN, .attrs = ATTR_BOLD },
        { .fg = COLOUR_RGB, .rgb = 0x12ab34 },
        { .attrs = ATTR_REVERSE },
    };
    int rows, columns;
    char head[LINE_SIZE];
    term_size(probe->term, &rows, &columns);
    struct frame *frame = frame_new(rows, columns);
    snprintf(head, sizeof(head), "size %dx%d colours %d events %d %s", rows, columns,
             term_colours(probe->term), probe->count, probe->is_utf8 ? "utf8 中█é" : "ascii");
    frame_text(frame, 0, 0, columns, styles[0], head);
    frame_text(frame, 1, 0, columns, styles[1], "gradient");
    frame_text(frame, 1, 10, columns, styles[2], "reverse");
    if (rows > 2)
        frame_text(frame, rows - 1, columns - 3, 3, styles[0], "end");
    for (int i = 0; i < MIN_OF(probe->count, KEPT); i++)
        frame_text(frame, 2 + i, 0, columns, (struct style){ 0 },
                   probe->lines[(probe->count - 1 - i) % KEPT]);
    term_paint(probe->term, frame);
    frame_free(frame);
}

static void take_event(struct probe *probe, const struct term_event *event)
{
    describe(event, probe->lines[probe->count++ % KEPT]);
    if (event->kind == TERM_END)
        probe->end = "terminal";
    else if (event->kind == TERM_RESIZE)
        term_forget(probe->term);
    else if (event->kind == TERM_KEY && (event->key == 'q' || event->key == 3))
        probe->end = "key";
    else if (event->kind == TERM_KEY && event->key == 26) {
        term_leave(probe->term);
        raise(SIGSTOP);
        term_return(probe->term);
    }
}

static void take_signals(struct probe *probe)
{
    struct signalfd_siginfo info;
    while (read(probe->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
        if (info.ssi_signo == SIGCONT)
            term_return(probe->term);
        else if (info.ssi_signo != SIGWINCH)
            probe->is_killed = true;
}

static void run(struct probe *probe)
{
    while (!probe->end && !probe->is_killed) {
        draw(probe);
        struct pollfd fds[] = { { .fd = term_input_fd(probe->term), .events = POLLIN },
                                { .fd = probe->signal_fd, .events = POLLIN } };
        poll(fds, ARRAY_LEN(fds), term_wait_ms(probe->term));
        take_signals(probe);
        struct term_event event;
        while (!probe->end && term_next(probe->term, &event))
            take_event(probe, &event);
    }
}

static int watch_signals(const struct probe *probe)
{
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGWINCH);
    sigaddset(&watched, SIGTERM);
    if (probe->is_deaf) {
        signal(SIGHUP, SIG_IGN);
    } else {
        sigaddset(&watched, SIGHUP);
        sigaddset(&watched, SIGCONT); /* comes with a hang-up too */
    }
    sigprocmask(SIG_BLOCK, &watched, NULL);
    return signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
}

int main(int argc, char **argv)
{
    struct probe probe = { 0 };
    for (int i = 1; i < argc; i++) {
        probe.options.has_mouse |= strcmp(argv[i], "mouse") == 0;
        probe.options.has_gradient |= strcmp(argv[i], "gradient") == 0;
        probe.options.is_ascii |= strcmp(argv[i], "ascii") == 0;
        probe.is_deaf |= strcmp(argv[i], "deaf") == 0;
    }
    probe.signal_fd = watch_signals(&probe);
    probe.is_utf8 = term_prepare(&probe.options);
    probe.options.is_ascii = !probe.is_utf8;
    const char *why;
    if (term_open(&probe.options, &probe.term, &why) != NVITOP_OK) {
        fprintf(stderr, "refused: %s\n", why);
        return 1;
    }
    run(&probe);
    term_close(probe.term);
    if (probe.end)
        fprintf(stderr, "end: %s\n", probe.end);
    return probe.is_killed ? 3 : 0;
}
