/*
 * What a terminal sends: whatever it is, events are of the promised kinds, there are no more of
 * them than bytes, they do not depend on how the bytes were cut into pieces, and after some time
 * without any nothing is left begun.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tui/term_input.h"

enum { ESC_MS = 25, EVENTS_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int is_true)
{
    if (!is_true)
        abort();
}

static void check(const struct term_event *event)
{
    demand(event->modifiers <= (TERM_ALT | TERM_SHIFT | TERM_CTRL));
    if (event->kind == TERM_MOUSE) {
        demand(event->row >= 0 && event->column >= 0 && event->button <= TERM_WHEEL_DOWN);
        return;
    }
    demand(event->kind == TERM_KEY && event->key <= TERM_KEY_UNKNOWN);
    demand(event->key < 0xd800 || event->key > 0xdfff);
}

static int is_same(const struct term_event *a, const struct term_event *b)
{
    return a->kind == b->kind && a->key == b->key && a->modifiers == b->modifiers &&
           a->button == b->button && a->row == b->row && a->column == b->column;
}

/* All events of the bytes, given in pieces of that size with so much time between them. */
static size_t decode(const uint8_t *data, size_t size, size_t piece, uint64_t pause_ms,
                     struct term_event *ret_events)
{
    uint64_t now_ns = 1;
    struct term_input input = { .esc_ms = ESC_MS };
    size_t count = 0;
    for (size_t at = 0, len; at < size; at += len) {
        size_t room;
        unsigned char *where = term_input_room(&input, &room);
        demand(room > 0);
        len = piece < room ? piece : room;
        len = len < size - at ? len : size - at;
        memcpy(where, data + at, len);
        term_input_added(&input, len, now_ns);
        while (term_input_next(&input, &ret_events[count]))
            check(&ret_events[count++]);
        now_ns += pause_ms * CLOCK_NS_PER_MS;
        while (term_input_late(&input, now_ns, &ret_events[count]))
            check(&ret_events[count++]);
    }
    demand(term_input_wait_ms(&input, now_ns) <= 1000);
    now_ns += CLOCK_NS_PER_S;
    while (term_input_late(&input, now_ns, &ret_events[count]))
        check(&ret_events[count++]);
    demand(term_input_wait_ms(&input, now_ns) == -1);
    demand(count <= size);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct term_event whole[EVENTS_MAX + 1], cut[EVENTS_MAX + 1];
    if (size < 1 || size > EVENTS_MAX)
        return 0;
    size_t count = decode(data + 1, size - 1, size, 0, whole);
    demand(decode(data + 1, size - 1, data[0] % 7u + 1u, 0, cut) == count);
    for (size_t i = 0; i < count; i++)
        demand(is_same(&whole[i], &cut[i]));
    decode(data + 1, size - 1, data[0] % 7u + 1u, data[0], cut);
    return 0;
}
