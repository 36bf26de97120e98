/*
 * The keys of the monitor. A letter that follows "o" in a chord is never a key of its own, and a
 * key stands for one action in each place. What the help says fits beside its label: 25 columns at
 * the left, 26 at the right.
 */
#include "view/keytable.h"

#include <assert.h>

#include "base/mem.h"

enum {
    ON_TEXT = ON_LISTS | ON_ENVIRON | ON_DEVICE | ON_SETUP, /* has a line that is moved */
    ON_PAGES = ON_ANY & ~ON_HELP & ~ON_BOX,                 /* nothing else takes their keys */
    ON_BACK = ON_ENVIRON | ON_METRICS | ON_DEVICE | ON_SETUP,
};

const struct key_context_name key_contexts[] = {
    { ON_MAIN, "main" },       { ON_TREE, "tree" },     { ON_ENVIRON, "environment" },
    { ON_METRICS, "process" }, { ON_DEVICE, "device" }, { ON_SETUP, "settings" },
    { ON_HELP, "help" },       { ON_BOX, "question" },
};
const size_t key_context_count = ARRAY_LEN(key_contexts);
static_assert((1 << ARRAY_LEN(key_contexts)) - 1 == ON_ANY, "a name for each context");

/* A row of the help page and the manual, and one that goes on with what the row above says. */
#define SAYS(PLACE, TONE, LABEL, KEYS, WHERE, ACTION, HELP)                                        \
    {                                                                                              \
        .keys = KEYS, .contexts = WHERE, .action = ACTION, .place = PLACE_##PLACE,                 \
        .tone = TONE_##TONE, .label = LABEL, .help = HELP                                          \
    }
#define ALSO(KEYS, WHERE, ACTION)                                                                  \
    {                                                                                              \
        .keys = KEYS, .contexts = WHERE, .action = ACTION                                          \
    }
#define SORT(BY) ACTION_SORT + (int)ORDER_##BY
#define SORT_REVERSED(BY) ACTION_SORT_REVERSED + (int)ORDER_##BY

const struct key_binding keytable[] = {
    SAYS(PROGRAM_LEFT, PROGRAM, "a f c", "a", ON_MAIN, ACTION_MODE_AUTO,
         "auto, full, compact view"),
    ALSO("f", ON_MAIN, ACTION_MODE_FULL),
    ALSO("c", ON_MAIN, ACTION_MODE_COMPACT),
    SAYS(PROGRAM_LEFT, PROGRAM, "F5 r", "r R Ctrl-R F5", ON_LISTS | ON_ENVIRON | ON_DEVICE,
         ACTION_REFRESH, "read everything again"),
    SAYS(PROGRAM_RIGHT, PROGRAM, "h ?", "h ?", ON_PAGES, ACTION_HELP, "this help"),
    SAYS(PROGRAM_RIGHT, PROGRAM, "q", "q Q", ON_ANY, ACTION_QUIT, "quit, or one screen back"),

    SAYS(LIST_LEFT, MOVE, "Arrows", "Up Alt-k", ON_TEXT, ACTION_UP, "move in the list"),
    ALSO("Down Alt-j", ON_TEXT, ACTION_DOWN),
    ALSO("Left Alt-h", ON_TEXT, ACTION_LEFT),
    ALSO("Right Alt-l", ON_TEXT, ACTION_RIGHT),
    SAYS(LIST_LEFT, MOVE, "Home", "Home", ON_TEXT, ACTION_FIRST, "to the first process"),
    SAYS(LIST_LEFT, MOVE, "End", "End", ON_TEXT, ACTION_LAST, "to the last process"),
    SAYS(LIST_LEFT, MOVE, "", "", ON_MAIN, ACTION_NONE, ""),
    SAYS(LIST_LEFT, MOVE, "Ctrl-A ^", "Ctrl-A ^", ON_LISTS | ON_ENVIRON, ACTION_LINE_START,
         "start of the commands"),
    SAYS(LIST_LEFT, MOVE, "Ctrl-E $", "Ctrl-E $", ON_MAIN, ACTION_LINE_END, "end of the commands"),
    SAYS(LIST_LEFT, MOVE, "PageUp [", "PageUp [ Alt-K", ON_TEXT, ACTION_PAGE_UP,
         "move the screen up"),
    SAYS(LIST_LEFT, MOVE, "PageDown ]", "PageDown ] Alt-J", ON_TEXT, ACTION_PAGE_DOWN,
         "move the screen down"),
    SAYS(LIST_RIGHT, CHOOSE, "Space", "Space", ON_LISTS, ACTION_TAG, "tag a process, or untag"),
    SAYS(LIST_RIGHT, CHOOSE, "Esc", "Esc", ON_LISTS, ACTION_CLEAR, "forget selection and tags"),
    SAYS(LIST_RIGHT, SIGNAL, "Ctrl-C I", "Ctrl-C I", ON_LISTS, ACTION_INTERRUPT,
         "interrupt (asks first)"),
    SAYS(LIST_RIGHT, SIGNAL, "K", "K k", ON_LISTS, ACTION_KILL, "kill (asks first)"),
    SAYS(LIST_RIGHT, SIGNAL, "T", "T", ON_LISTS, ACTION_TERMINATE, "terminate (asks first)"),
    SAYS(LIST_RIGHT, PROGRAM, "e", "e", ON_LISTS | ON_METRICS, ACTION_ENVIRON,
         "environment of a process"),
    SAYS(LIST_RIGHT, PROGRAM, "t", "t", ON_MAIN, ACTION_TREE, "tree of processes"),
    SAYS(LIST_RIGHT, PROGRAM, "Enter", "Enter", ON_MAIN, ACTION_METRICS, "graphs of a process"),

    SAYS(WHEEL_LEFT, ASIDE, "Wheel", "", ON_MAIN, ACTION_NONE, "move in the list"),
    SAYS(WHEEL_LEFT, ASIDE, "Tab", "Tab", ON_TEXT, ACTION_DOWN, "move in the list"),
    ALSO("S-Tab", ON_TEXT, ACTION_UP),
    SAYS(WHEEL_RIGHT, ASIDE, "Shift-Wheel", "", ON_MAIN, ACTION_NONE, "move to the side"),
    SAYS(WHEEL_RIGHT, ASIDE, "Ctrl-Wheel", "", ON_MAIN, ACTION_NONE, "move five times as far"),

    SAYS(SORT_LEFT, ASIDE, "on oN", "on", ON_MAIN, SORT(NATURAL), "order by GPU"),
    ALSO("oN", ON_MAIN, SORT_REVERSED(NATURAL)),
    /* The one whose small letter is not the order's own direction: people have it so. */
    SAYS(SORT_LEFT, ASIDE, "op oP", "op", ON_MAIN, SORT_REVERSED(PID), "order by PID"),
    ALSO("oP", ON_MAIN, SORT(PID)),
    SAYS(SORT_LEFT, ASIDE, "ou oU", "ou", ON_MAIN, SORT(USER), "order by USER"),
    ALSO("oU", ON_MAIN, SORT_REVERSED(USER)),
    SAYS(SORT_LEFT, ASIDE, "og oG", "og", ON_MAIN, SORT(GPU_MEMORY), "order by GPU-MEM"),
    ALSO("oG", ON_MAIN, SORT_REVERSED(GPU_MEMORY)),
    SAYS(SORT_LEFT, ASIDE, "os oS", "os", ON_MAIN, SORT(UTIL_SM), "order by %SM"),
    ALSO("oS", ON_MAIN, SORT_REVERSED(UTIL_SM)),
    SAYS(SORT_LEFT, ORDER, ", .", ", <", ON_MAIN, ACTION_SORT_PREVIOUS, "order by a neighbour"),
    ALSO(". >", ON_MAIN, ACTION_SORT_NEXT),
    SAYS(SORT_RIGHT, ASIDE, "", "", ON_MAIN, ACTION_NONE, ""),
    SAYS(SORT_RIGHT, ASIDE, "ob oB", "ob", ON_MAIN, SORT(UTIL_MEMORY), "order by %GMBW"),
    ALSO("oB", ON_MAIN, SORT_REVERSED(UTIL_MEMORY)),
    SAYS(SORT_RIGHT, ASIDE, "oc oC", "oc", ON_MAIN, SORT(CPU), "order by %CPU"),
    ALSO("oC", ON_MAIN, SORT_REVERSED(CPU)),
    SAYS(SORT_RIGHT, ASIDE, "om oM", "om", ON_MAIN, SORT(HOST_MEMORY), "order by %MEM"),
    ALSO("oM", ON_MAIN, SORT_REVERSED(HOST_MEMORY)),
    SAYS(SORT_RIGHT, ASIDE, "ot oT", "ot", ON_MAIN, SORT(TIME), "order by TIME"),
    ALSO("oT", ON_MAIN, SORT_REVERSED(TIME)),
    SAYS(SORT_RIGHT, ORDER, "/", "/", ON_MAIN, ACTION_SORT_INVERT, "turn the order round"),

    SAYS(MORE_LEFT, PROGRAM, "d", "d", ON_MAIN, ACTION_MODE_DENSE, "a line for each GPU"),
    SAYS(MORE_LEFT, PROGRAM, "H", "H", ON_MAIN, ACTION_HOST, "host panel on or off"),
    SAYS(MORE_LEFT, PROGRAM, "x", "x", ON_MAIN, ACTION_PCIE, "bars for PCIe on or off"),
    SAYS(MORE_LEFT, PROGRAM, "Z", "Z", ON_LISTS | ON_METRICS | ON_DEVICE, ACTION_PAUSE,
         "pause, or go on"),
    SAYS(MORE_RIGHT, CHOOSE, "\\ F4", "\\ F4", ON_MAIN, ACTION_SEARCH, "only rows with a text"),
    SAYS(MORE_RIGHT, PROGRAM, "F2", "F2", ON_MAIN, ACTION_SETUP, "columns and settings"),
    SAYS(MORE_RIGHT, PROGRAM, "w", "w", ON_MAIN, ACTION_WHY, "why values are N/A"),
    SAYS(MORE_RIGHT, PROGRAM, "Ctrl-L", "Ctrl-L", ON_PAGES, ACTION_REDRAW, "draw the screen anew"),

    /* In the manual only. */
    SAYS(NONE, PROGRAM, NULL, "Esc", ON_BACK, ACTION_QUIT, "one screen back"),
    ALSO("t", ON_TREE, ACTION_QUIT),
    ALSO("e", ON_ENVIRON, ACTION_QUIT),
    ALSO("Enter", ON_METRICS, ACTION_QUIT),
    ALSO("w", ON_DEVICE, ACTION_QUIT),
    ALSO("F2", ON_SETUP, ACTION_QUIT),
    SAYS(NONE, PROGRAM, NULL, "Space Enter", ON_SETUP, ACTION_TAG, "switch what is marked"),
    SAYS(NONE, CHOOSE, NULL, "Left , < [ S-Tab", ON_BOX, ACTION_LEFT, "to the button before"),
    SAYS(NONE, CHOOSE, NULL, "Right . > ] Tab", ON_BOX, ACTION_RIGHT, "to the next button"),
    SAYS(NONE, CHOOSE, NULL, "T t 1", ON_BOX, ACTION_TERMINATE, "to the button for SIGTERM"),
    SAYS(NONE, CHOOSE, NULL, "K k 2", ON_BOX, ACTION_KILL, "to the button for SIGKILL"),
    SAYS(NONE, CHOOSE, NULL, "I i 3 Ctrl-C", ON_BOX, ACTION_INTERRUPT, "to the button for SIGINT"),
    SAYS(NONE, CHOOSE, NULL, "C c 4", ON_BOX, ACTION_CANCEL, "to the button that sends nothing"),
    SAYS(NONE, CHOOSE, NULL, "Enter Space", ON_BOX, ACTION_PRESS, "press the button"),
    SAYS(NONE, CHOOSE, NULL, "Esc n N", ON_BOX, ACTION_QUIT, "send nothing"),
    SAYS(NONE, PROGRAM, NULL, "Up", ON_HELP, ACTION_UP, "the rest of a help page too high"),
    ALSO("Down", ON_HELP, ACTION_DOWN),
    ALSO("Home", ON_HELP, ACTION_FIRST),
    ALSO("End", ON_HELP, ACTION_LAST),
    ALSO("PageUp", ON_HELP, ACTION_PAGE_UP),
    ALSO("PageDown", ON_HELP, ACTION_PAGE_DOWN),
};
const size_t keytable_count = ARRAY_LEN(keytable);
