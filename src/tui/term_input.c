/*
 * One state machine, a byte a step. It knows the keys of every usual terminal, whatever TERM says:
 * their sequences do not contradict each other.
 *
 * Promises: a sequence it does not know is swallowed whole (TERM_KEY_UNKNOWN) and never taken for
 * its letters; a sequence that is broken off by a byte that cannot belong to it ends there, and
 * that byte counts; every byte is looked at in bounded time and memory, whatever comes.
 *
 * An Esc alone is told from the beginning of a sequence by time only. Once the second byte is
 * there it is a sequence, and slow lines get more time. If the rest of one comes in one piece soon
 * after an Esc was given up on, it still is no text.
 */
#include "tui/term_input.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/term_keys.h"

enum {
    KEY_ESC = 27,
    KEY_BACKSPACE = 127,
    PATIENCE_MS = 300, /* for the rest of a sequence that surely is one */
    PARAM_MAX = 100000,
};

enum state {
    STATE_GROUND,
    STATE_ESC,     /* Esc, or with is_alt Esc Esc */
    STATE_CSI,     /* Esc [ */
    STATE_CONSOLE, /* Esc [ [ */
    STATE_SS3,     /* Esc O */
    STATE_STRING,  /* Esc ] and its like: an answer nobody asked for */
    STATE_STRING_ESC,
    STATE_REPORT, /* Esc [ M and three bytes */
    STATE_UTF8,
    STATE_COUNT,
};

/* What a step has done. */
enum { STEP_TAKEN = 1, STEP_EVENT = 2 };

/* ---- events ---- */

static void become(struct term_input *input, enum state state)
{
    input->state = state;
    input->is_begun = input->is_odd = false;
    input->prefix = 0;
    input->param_count = 0;
    memset(input->params, 0, sizeof(input->params));
    input->text_len = 0;
    if (state == STATE_GROUND)
        input->is_alt = false;
}

/* A key; the machine is at the beginning again. */
static void tell_key(struct term_input *input, uint32_t key, unsigned modifiers,
                     struct term_event *ret_event)
{
    *ret_event = (struct term_event){
        .kind = TERM_KEY,
        .at_ns = input->at_ns,
        .key = key,
        .modifiers = modifiers | (input->is_alt ? TERM_ALT : 0u),
    };
    become(input, STATE_GROUND);
}

static int tell_unknown(struct term_input *input, int step, struct term_event *ret_event)
{
    input->is_alt = false;
    tell_key(input, TERM_KEY_UNKNOWN, 0, ret_event);
    return step | STEP_EVENT;
}

static int tell_row(struct term_input *input, const struct term_key_row *row, unsigned modifiers,
                    struct term_event *ret_event)
{
    if (!row)
        return tell_unknown(input, STEP_TAKEN, ret_event);
    tell_key(input, row->key, row->modifiers | modifiers, ret_event);
    return STEP_TAKEN | STEP_EVENT;
}

/* Buttons of both kinds of report: 4 Shift, 8 Alt, 16 Ctrl, 32 motion, 64 wheel. */
static int tell_mouse(struct term_input *input, int code, int row, int column,
                      struct term_event *ret_event)
{
    static const struct {
        int code;
        enum term_button button;
    } buttons[] = { { 0, TERM_BUTTON_LEFT },
                    { 2, TERM_BUTTON_RIGHT },
                    { 64, TERM_WHEEL_UP },
                    { 65, TERM_WHEEL_DOWN } };
    become(input, STATE_GROUND);
    for (size_t i = 0; i < ARRAY_LEN(buttons); i++) {
        if (buttons[i].code != (code & ~(4 | 8 | 16)) || row < 0 || column < 0)
            continue;
        *ret_event = (struct term_event){
            .kind = TERM_MOUSE,
            .at_ns = input->at_ns,
            .modifiers = (code & 4 ? TERM_SHIFT : 0u) | (code & 8 ? TERM_ALT : 0u) |
                         (code & 16 ? TERM_CTRL : 0u),
            .button = buttons[i].button,
            .row = row,
            .column = column,
        };
        return STEP_TAKEN | STEP_EVENT;
    }
    return STEP_TAKEN;
}

/* ---- the steps ---- */

static int step_ground(struct term_input *input, unsigned char byte, struct term_event *ret_event)
{
    if (byte == KEY_ESC && !input->is_alt) {
        become(input, STATE_ESC);
        return STEP_TAKEN;
    }
    if (byte < 0x80) {
        uint32_t key = input->backspace && byte == input->backspace ? KEY_BACKSPACE : byte;
        tell_key(input, key, 0, ret_event);
        return STEP_TAKEN | STEP_EVENT;
    }
    if (byte < 0xc2 || byte > 0xf4)
        return tell_unknown(input, STEP_TAKEN, ret_event);
    become(input, STATE_UTF8);
    input->text[input->text_len++] = byte;
    input->text_wanted = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return STEP_TAKEN;
}

static enum state introduced(unsigned char byte)
{
    if (byte == '[')
        return STATE_CSI;
    if (byte == 'O')
        return STATE_SS3;
    return byte && strchr("]PX^_", byte) ? STATE_STRING : STATE_GROUND;
}

/* Esc Esc [ A is Alt and Up in rxvt; any other Esc after an Esc is one of its own. */
static int step_esc(struct term_input *input, unsigned char byte, struct term_event *ret_event)
{
    enum state state = introduced(byte);
    if (byte == KEY_ESC && !input->is_alt) {
        input->is_alt = true;
        return STEP_TAKEN;
    }
    if (state != STATE_GROUND) {
        become(input, state);
        input->text[0] = byte;
        return STEP_TAKEN;
    }
    if (input->is_alt) {
        input->is_alt = false;
        tell_key(input, KEY_ESC, 0, ret_event);
        input->state = STATE_ESC;
        return STEP_EVENT;
    }
    input->is_alt = true;
    return step_ground(input, byte, ret_event);
}

static unsigned held_keys(int param)
{
    unsigned bits = param > 1 ? (unsigned)param - 1 : 0;
    return (bits & 1 ? TERM_SHIFT : 0u) | (bits & 2 ? TERM_ALT : 0u) | (bits & 4 ? TERM_CTRL : 0u);
}

static void add_digit(struct term_input *input, unsigned char digit)
{
    if (input->param_count == 0)
        input->param_count = 1;
    int *param = &input->params[MIN_OF(input->param_count, TERM_INPUT_PARAMS) - 1];
    *param = MIN_OF(*param * 10 + (digit - '0'), PARAM_MAX);
}

static void add_param(struct term_input *input)
{
    if (input->param_count >= TERM_INPUT_PARAMS)
        input->is_odd = true;
    input->param_count = MAX_OF(input->param_count, 1) + 1;
    input->param_count = MIN_OF(input->param_count, TERM_INPUT_PARAMS);
}

static int end_csi(struct term_input *input, unsigned char end, struct term_event *ret_event)
{
    const int *params = input->params;
    if (input->is_odd)
        return tell_unknown(input, STEP_TAKEN, ret_event);
    if (input->prefix == '<' && end == 'M' && input->param_count == 3)
        return tell_mouse(input, params[0], params[2] - 1, params[1] - 1, ret_event);
    if (input->prefix == '<' && end == 'm') {
        become(input, STATE_GROUND); /* a button was let go */
        return STEP_TAKEN;
    }
    if (input->prefix)
        return tell_unknown(input, STEP_TAKEN, ret_event);
    const struct term_key_row *number_end = term_keys_find(TERM_KEYS_ENDS, end);
    if (number_end) {
        const struct term_key_row *row = term_keys_find(TERM_KEYS_NUMBERED, params[0]);
        return tell_row(input, row, number_end->modifiers | held_keys(params[1]), ret_event);
    }
    int held = input->param_count == 1 ? params[0] : params[1];
    return tell_row(input, term_keys_find(TERM_KEYS_CSI, end), held_keys(held), ret_event);
}

static int step_csi(struct term_input *input, unsigned char byte, struct term_event *ret_event)
{
    bool is_first = !input->is_begun;
    if (byte < 0x20 || byte >= 0x7f)
        return tell_unknown(input, 0, ret_event);
    if (is_first && byte == '[') {
        become(input, STATE_CONSOLE);
        return STEP_TAKEN;
    }
    if (is_first && byte == 'M') {
        become(input, STATE_REPORT);
        input->text_wanted = 3;
        return STEP_TAKEN;
    }
    input->is_begun = true;
    if (byte >= '0' && byte <= '9')
        add_digit(input, byte);
    else if (byte == ';')
        add_param(input);
    else if (byte >= '<' && byte <= '?' && is_first)
        input->prefix = (char)byte;
    else if (byte >= 0x40 || (byte == '$' && input->param_count && !input->prefix))
        return end_csi(input, byte, ret_event);
    else
        input->is_odd = true;
    return STEP_TAKEN;
}

static int step_console(struct term_input *input, unsigned char byte, struct term_event *ret_event)
{
    if (byte < 0x20 || byte >= 0x7f)
        return tell_unknown(input, 0, ret_event);
    return tell_row(input, term_keys_find(TERM_KEYS_CONSOLE, byte), 0, ret_event);
}

static int step_ss3(struct term_input *input, unsigned char byte, struct term_event *ret_event)
{
    if (byte < 0x20 || byte >= 0x7f)
        return tell_unknown(input, 0, ret_event);
    input->is_begun = true;
    if (byte >= '0' && byte <= '9') {
        add_digit(input, byte); /* what is held, in some terminals */
        return STEP_TAKEN;
    }
    return tell_row(input, term_keys_find(TERM_KEYS_SS3, byte), held_keys(input->params[0]),
                    ret_event);
}

static int step_string(struct term_input *input, unsigned char byte, struct term_event *ret_event)
{
    enum { BEL = 7, CAN = 24, SUB = 26 };
    input->is_begun = true;
    if (byte == KEY_ESC)
        input->state = STATE_STRING_ESC;
    if (byte == BEL || byte == CAN || byte == SUB)
        return tell_unknown(input, STEP_TAKEN, ret_event);
    return STEP_TAKEN;
}

static int step_string_esc(struct term_input *input, unsigned char byte,
                           struct term_event *ret_event)
{
    int step = tell_unknown(input, byte == '\\' ? STEP_TAKEN : 0, ret_event);
    if (byte != '\\')
        input->state = STATE_ESC;
    return step;
}

/* Columns and rows beyond 223 do not fit into such a report. */
static int step_report(struct term_input *input, unsigned char byte, struct term_event *ret_event)
{
    enum { OFFSET = 32 };
    input->is_begun = true;
    input->text[input->text_len++] = byte;
    if (input->text_len < input->text_wanted)
        return STEP_TAKEN;
    return tell_mouse(input, input->text[0] - OFFSET, input->text[2] - OFFSET - 1,
                      input->text[1] - OFFSET - 1, ret_event);
}

static int step_utf8(struct term_input *input, unsigned char byte, struct term_event *ret_event)
{
    uint32_t code;
    input->is_begun = true;
    if ((byte & 0xc0) != 0x80)
        return tell_unknown(input, 0, ret_event);
    input->text[input->text_len++] = byte;
    if (input->text_len < input->text_wanted)
        return STEP_TAKEN;
    if (utf8_decode((const char *)input->text, input->text_len, &code) != input->text_len)
        return tell_unknown(input, STEP_TAKEN, ret_event);
    tell_key(input, code, 0, ret_event);
    return STEP_TAKEN | STEP_EVENT;
}

static int (*const steps[])(struct term_input *, unsigned char, struct term_event *) = {
    [STATE_GROUND] = step_ground,
    [STATE_ESC] = step_esc,
    [STATE_CSI] = step_csi,
    [STATE_CONSOLE] = step_console,
    [STATE_SS3] = step_ss3,
    [STATE_STRING] = step_string,
    [STATE_STRING_ESC] = step_string_esc,
    [STATE_REPORT] = step_report,
    [STATE_UTF8] = step_utf8,
};
static_assert(ARRAY_LEN(steps) == STATE_COUNT, "one step per state");

/* ---- what others call ---- */

unsigned char *term_input_room(struct term_input *input, size_t *ret_size)
{
    if (input->head == input->tail)
        input->head = input->tail = 0;
    *ret_size = sizeof(input->bytes) - input->tail;
    return input->bytes + input->tail;
}

static uint64_t deadline_ms(const struct term_input *input, enum state state)
{
    return (uint64_t)(state == STATE_ESC ? input->esc_ms : MAX_OF(input->esc_ms, PATIENCE_MS));
}

static uint64_t deadline_ns(const struct term_input *input)
{
    return input->at_ns + deadline_ms(input, input->state) * CLOCK_NS_PER_MS;
}

/* Nobody types that fast: after an Esc that was told too early, the rest of its sequence. */
static void take_up_again(struct term_input *input, size_t len, uint64_t now_ns)
{
    enum state state = introduced(input->bytes[input->head]);
    uint64_t age_ns = now_ns - input->late_esc_ns;
    bool is_soon = age_ns < deadline_ms(input, state) * CLOCK_NS_PER_MS;
    if (is_soon && len > 1 && (state == STATE_CSI || state == STATE_SS3)) {
        become(input, state);
        input->head++;
    }
    input->late_esc_ns = 0;
}

void term_input_added(struct term_input *input, size_t len, uint64_t now_ns)
{
    if (input->late_esc_ns && input->state == STATE_GROUND && len)
        take_up_again(input, len, now_ns);
    input->tail += len;
    input->at_ns = now_ns;
}

bool term_input_next(struct term_input *input, struct term_event *ret_event)
{
    while (input->head < input->tail) {
        int step = steps[input->state](input, input->bytes[input->head], ret_event);
        if (step & STEP_TAKEN)
            input->head++;
        if (step & STEP_EVENT)
            return true;
    }
    return false;
}

bool term_input_late(struct term_input *input, uint64_t now_ns, struct term_event *ret_event)
{
    if (input->state == STATE_GROUND || now_ns < deadline_ns(input))
        return false;
    if (input->state == STATE_ESC) {
        bool has_second = input->is_alt;
        input->late_esc_ns = input->at_ns;
        input->is_alt = false;
        tell_key(input, KEY_ESC, 0, ret_event);
        input->state = has_second ? STATE_ESC : STATE_GROUND;
        return true;
    }
    bool is_bare =
        input->state == STATE_CSI || input->state == STATE_SS3 || input->state == STATE_STRING;
    if (input->is_begun || !is_bare || input->is_alt) {
        tell_unknown(input, 0, ret_event);
        return true;
    }
    input->is_alt = true; /* Alt and a character that also introduces sequences */
    tell_key(input, input->text[0], 0, ret_event);
    return true;
}

int term_input_wait_ms(const struct term_input *input, uint64_t now_ns)
{
    if (input->state == STATE_GROUND)
        return -1;
    uint64_t end_ns = deadline_ns(input);
    if (now_ns >= end_ns)
        return 0;
    return (int)((end_ns - now_ns + CLOCK_NS_PER_MS - 1) / CLOCK_NS_PER_MS);
}
