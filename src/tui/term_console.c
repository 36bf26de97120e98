/*
 * A key is told when it goes down, as often as the console says that it repeats. What has a
 * character is that character, made of two halves where it takes two; what has none is a row of
 * the table, or a key such as Shift that means nothing alone. A character composed on the number
 * pad comes when Alt goes up.
 *
 * Ctrl and Alt together are AltGr where they made a character: no Alt then.
 */
#include "tui/term_console.h"

#include "base/mem.h"

enum { REPEATS_MAX = 64, BACKSPACE = 127, WHEEL_SHIFT = 16 };

static const struct {
    WORD code;
    uint32_t key;
} keys[] = {
    { VK_UP, TERM_KEY_UP },         { VK_DOWN, TERM_KEY_DOWN },      { VK_LEFT, TERM_KEY_LEFT },
    { VK_RIGHT, TERM_KEY_RIGHT },   { VK_HOME, TERM_KEY_HOME },      { VK_END, TERM_KEY_END },
    { VK_PRIOR, TERM_KEY_PAGE_UP }, { VK_NEXT, TERM_KEY_PAGE_DOWN }, { VK_INSERT, TERM_KEY_INSERT },
    { VK_DELETE, TERM_KEY_DELETE }, { VK_F1, TERM_KEY_F1 },          { VK_F2, TERM_KEY_F1 + 1 },
    { VK_F3, TERM_KEY_F1 + 2 },     { VK_F4, TERM_KEY_F1 + 3 },      { VK_F5, TERM_KEY_F1 + 4 },
    { VK_F6, TERM_KEY_F1 + 5 },     { VK_F7, TERM_KEY_F1 + 6 },      { VK_F8, TERM_KEY_F1 + 7 },
    { VK_F9, TERM_KEY_F1 + 8 },     { VK_F10, TERM_KEY_F1 + 9 },     { VK_F11, TERM_KEY_F1 + 10 },
    { VK_F12, TERM_KEY_F12 },
};

static unsigned modifiers_of(DWORD state)
{
    return (state & (LEFT_ALT_PRESSED | RIGHT_ALT_PRESSED) ? TERM_ALT : 0U) |
           (state & (LEFT_CTRL_PRESSED | RIGHT_CTRL_PRESSED) ? TERM_CTRL : 0U) |
           (state & SHIFT_PRESSED ? TERM_SHIFT : 0U);
}

/* ---- keys ---- */

static bool find_key(const KEY_EVENT_RECORD *record, struct term_event *ret_event)
{
    unsigned modifiers = modifiers_of(record->dwControlKeyState);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (keys[i].code == record->wVirtualKeyCode) {
            *ret_event =
                (struct term_event){ .kind = TERM_KEY, .key = keys[i].key, .modifiers = modifiers };
            return true;
        }
    return false;
}

/* 0: there is none, or only a half of it yet. */
static uint32_t character_of(struct term_console *console, wchar_t unit)
{
    wchar_t high = console->high;
    console->high = 0;
    if (IS_HIGH_SURROGATE(unit)) {
        console->high = unit;
        return 0;
    }
    if (!IS_LOW_SURROGATE(unit))
        return unit;
    return high ? 0x10000U + ((uint32_t)(high & 0x3ff) << 10 | (uint32_t)(unit & 0x3ff)) : 0;
}

static bool make_character(struct term_console *console, const KEY_EVENT_RECORD *record,
                           struct term_event *ret_event)
{
    unsigned modifiers = modifiers_of(record->dwControlKeyState);
    uint32_t code = character_of(console, record->uChar.UnicodeChar);
    if (!code)
        return false;
    bool is_back_tab = record->wVirtualKeyCode == VK_TAB && modifiers & TERM_SHIFT;
    if (record->wVirtualKeyCode == VK_BACK)
        code = BACKSPACE;
    bool is_alt = modifiers & TERM_ALT && !(modifiers & TERM_CTRL) && record->bKeyDown;
    *ret_event = (struct term_event){ .kind = TERM_KEY,
                                      .key = is_back_tab ? (uint32_t)TERM_KEY_BACK_TAB : code,
                                      .modifiers = is_alt ? TERM_ALT : 0U };
    return true;
}

static bool next_key(struct term_console *console, struct term_event *ret_event)
{
    const KEY_EVENT_RECORD *record = &console->record.Event.KeyEvent;
    while (console->repeats_left) {
        console->repeats_left--;
        if (find_key(record, ret_event) || make_character(console, record, ret_event))
            return true;
    }
    return false;
}

/* ---- mouse ---- */

/* A button that has gone down, or the wheel. */
static bool find_button(const MOUSE_EVENT_RECORD *record, DWORD before,
                        enum term_button *ret_button)
{
    static const struct {
        DWORD bit;
        enum term_button button;
    } buttons[] = { { FROM_LEFT_1ST_BUTTON_PRESSED, TERM_BUTTON_LEFT },
                    { RIGHTMOST_BUTTON_PRESSED, TERM_BUTTON_RIGHT } };
    if (record->dwEventFlags & MOUSE_WHEELED) {
        bool is_up = (int16_t)(record->dwButtonState >> WHEEL_SHIFT) > 0;
        *ret_button = is_up ? TERM_WHEEL_UP : TERM_WHEEL_DOWN;
        return true;
    }
    if (record->dwEventFlags & (MOUSE_MOVED | MOUSE_HWHEELED))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(buttons); i++)
        if (record->dwButtonState & buttons[i].bit & ~before) {
            *ret_button = buttons[i].button;
            return true;
        }
    return false;
}

static bool next_mouse(struct term_console *console, int left, int top,
                       struct term_event *ret_event)
{
    const MOUSE_EVENT_RECORD *record = &console->record.Event.MouseEvent;
    DWORD before = console->buttons;
    enum term_button button;
    console->repeats_left = 0;
    if (!(record->dwEventFlags & (MOUSE_WHEELED | MOUSE_HWHEELED)))
        console->buttons = record->dwButtonState;
    if (!find_button(record, before, &button) || record->dwMousePosition.Y < top ||
        record->dwMousePosition.X < left)
        return false;
    *ret_event = (struct term_event){ .kind = TERM_MOUSE,
                                      .modifiers = modifiers_of(record->dwControlKeyState),
                                      .button = button,
                                      .row = record->dwMousePosition.Y - top,
                                      .column = record->dwMousePosition.X - left };
    return true;
}

/* ---- records ---- */

static bool is_pressed(const KEY_EVENT_RECORD *record)
{
    return record->bKeyDown || (record->wVirtualKeyCode == VK_MENU && record->uChar.UnicodeChar);
}

void term_console_add(struct term_console *console, const INPUT_RECORD *record)
{
    console->record = *record;
    console->repeats_left = record->EventType == MOUSE_EVENT ? 1 : 0;
    if (record->EventType == KEY_EVENT && is_pressed(&record->Event.KeyEvent))
        console->repeats_left = MIN_OF(MAX_OF((unsigned)record->Event.KeyEvent.wRepeatCount, 1U),
                                       (unsigned)REPEATS_MAX);
}

bool term_console_next(struct term_console *console, int left, int top,
                       struct term_event *ret_event)
{
    if (!console->repeats_left)
        return false;
    return console->record.EventType == KEY_EVENT ? next_key(console, ret_event)
                                                  : next_mouse(console, left, top, ret_event);
}
