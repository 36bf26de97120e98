/*
 * The console on its own, for tests from outside: tells every event on standard error, and shows
 * its size, some colours and some characters. Ends on q, on the console's end, and when the system
 * says so; the argument `mouse` asks for the mouse, `gradient` for 24-bit colours.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/await.h"
#include "base/mem.h"
#include "nvitop/nvitop.h"
#include "tui/term.h"
#include "tui/term_signals.h"
#include "view/frame.h"

enum { LINE_SIZE = 80 };

static void tell(const struct term_event *event)
{
    static const char *const kinds[] = { "key", "mouse", "resize", "end" };
    fprintf(stderr, "event: %s %#x mod %u button %d at %d,%d\n", kinds[event->kind], event->key,
            event->modifiers, (int)event->button, event->row, event->column);
    fflush(stderr);
}

static void draw(struct term *term)
{
    static const struct style styles[] = {
        { .fg = COLOUR_GREEN, .attrs = ATTR_BOLD },
        { .fg = COLOUR_RGB, .rgb = 0x12ab34 },
        { .attrs = ATTR_REVERSE },
    };
    int rows, columns;
    char head[LINE_SIZE];
    term_size(term, &rows, &columns);
    struct frame *frame = frame_new(rows, columns);
    snprintf(head, sizeof(head), "size %dx%d colours %d 中█é", rows, columns, term_colours(term));
    frame_text(frame, 0, 0, columns, styles[0], head);
    frame_text(frame, 1, 0, columns, styles[1], "gradient");
    frame_text(frame, 2, 0, columns, styles[2], "reverse");
    frame_text(frame, rows - 1, columns - 3, 3, styles[0], "end");
    term_paint(term, frame);
    frame_free(frame);
}

/* Until the end; the number that the system told, or 0. */
static int run(struct term *term, struct term_signals *signals)
{
    for (;;) {
        draw(term);
        struct awaited things[] = {
            { .fd = term_input_fd(term), .wanted = AWAIT_READ },
            { .fd = term_signals_fd(signals), .wanted = AWAIT_READ },
        };
        await(things, ARRAY_LEN(things), term_wait_ms(term));
        int number = term_signals_next(signals);
        if (number)
            return number;
        struct term_event event;
        while (term_next(term, &event)) {
            tell(&event);
            if (event.kind == TERM_END || (event.kind == TERM_KEY && event.key == 'q'))
                return 0;
        }
    }
}

int main(int argc, char *argv[])
{
    struct term_options options = { 0 };
    struct term_signals *signals;
    struct term *term;
    const char *why = "no signals";
    for (int i = 1; i < argc; i++) {
        options.has_mouse |= strcmp(argv[i], "mouse") == 0;
        options.has_gradient |= strcmp(argv[i], "gradient") == 0;
    }
    if (term_signals_open(&signals) < 0 || term_open(&options, &term, &why) < 0) {
        fprintf(stderr, "refused: %s\n", why);
        return 1;
    }
    int number = run(term, signals);
    term_close(term);
    term_signals_close(signals);
    return number;
}
