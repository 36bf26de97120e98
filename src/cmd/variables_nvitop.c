/*
 * The environment variables of nvitop. A value that makes no sense is passed over in silence, as
 * users of the original expect; the later rows win over the earlier ones. Rows without `apply` are
 * read elsewhere and stand here for the manual.
 */
#include "cmd/variables_nvitop.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "cmd/option_source.h"
#include "cmd/options.h"

static void apply_always(void *settings, struct arena *arena, const char *value)
{
    static const char *const no[] = { "false", "no", "off", "disabled", "0" };
    struct nvitop_settings *nvitop = settings;
    (void)arena;
    nvitop->is_monitor_always = true;
    for (size_t i = 0; i < ARRAY_LEN(no); i++)
        if (strcasecmp(value, no[i]) == 0)
            nvitop->is_monitor_always = false;
}

static void apply_theme(void *settings, struct arena *arena, const char *value)
{
    struct nvitop_settings *nvitop = settings;
    (void)arena;
    nvitop->is_light = strcasecmp(value, "light") == 0;
}

/* The words of NVITOP_MONITOR_MODE beside the display modes. */
enum { WORD_COLORFUL, WORD_PLAIN, WORD_LIGHT, WORD_DARK, WORD_READONLY, WORD_COUNT };

static const char *const words[] = {
    [WORD_COLORFUL] = "colorful", [WORD_PLAIN] = "plain",       [WORD_LIGHT] = "light",
    [WORD_DARK] = "dark",         [WORD_READONLY] = "readonly",
};
static_assert(ARRAY_LEN(words) == WORD_COUNT, "one text per word");

/* The next item of a comma list, without blanks around it; NULL after the last. */
static char *next_item(struct arena *arena, const char **list)
{
    if (!*list)
        return NULL;
    const char *start = *list + strspn(*list, " \t\n\v\f\r");
    size_t len = strcspn(start, ",");
    *list = start[len] ? start + len + 1 : NULL;
    while (len && strchr(" \t\n\v\f\r", start[len - 1]))
        len--;
    return arena_strndup(arena, start, len);
}

/* Marks the words that the item is; `has` has one place a word. */
static void find_word(const char *item, const char *const list[], size_t count, bool has[])
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(item, list[i]) == 0)
            has[i] = true;
}

static void apply_modes(struct nvitop_settings *nvitop, const bool has[VIEW_MODE_COUNT])
{
    int modes = 0;
    for (int mode = 0; mode < VIEW_MODE_COUNT; mode++)
        if (has[mode] && ++modes)
            nvitop->mode = (enum view_mode)mode;
    if (modes > 1)
        nvitop->mode = VIEW_AUTO;
    nvitop->default_mode = nvitop->mode;
}

static void apply_words(struct nvitop_settings *nvitop, const bool has[WORD_COUNT])
{
    if (has[WORD_COLORFUL] || has[WORD_PLAIN])
        nvitop->is_colourful = !has[WORD_PLAIN];
    if (has[WORD_LIGHT] || has[WORD_DARK])
        nvitop->is_light = !has[WORD_DARK];
    if (has[WORD_READONLY])
        nvitop->is_readonly = true;
}

static void apply_mode(void *settings, struct arena *arena, const char *value)
{
    bool has_mode[VIEW_MODE_COUNT] = { false }, has_word[WORD_COUNT] = { false };
    for (const char *item; (item = next_item(arena, &value));) {
        find_word(item, view_mode_words, VIEW_MODE_COUNT, has_mode);
        find_word(item, words, WORD_COUNT, has_word);
    }
    apply_modes(settings, has_mode);
    apply_words(settings, has_word);
}

/* The first two of a comma list of whole numbers, each of 1..99. */
static void apply_thresholds(int thresholds[2], struct arena *arena, const char *list)
{
    int64_t values[2] = { 0, 0 }, value = 0;
    size_t count = 0;
    for (const char *item; (item = next_item(arena, &list)); count++) {
        if (!option_parse_integer(item, &value))
            return;
        if (count < 2)
            values[count] = value;
    }
    int64_t low = MIN_OF(values[0], values[1]), high = MAX_OF(values[0], values[1]);
    if (count < 2 || low < 1 || high > 99)
        return;
    thresholds[0] = (int)low;
    thresholds[1] = (int)high;
}

static void apply_gpu_thresholds(void *settings, struct arena *arena, const char *value)
{
    apply_thresholds(((struct nvitop_settings *)settings)->gpu_thresholds, arena, value);
}

static void apply_memory_thresholds(void *settings, struct arena *arena, const char *value)
{
    apply_thresholds(((struct nvitop_settings *)settings)->memory_thresholds, arena, value);
}

const struct option_variable variables_nvitop[VARIABLES_NVITOP_COUNT] = {
    { "NVITOP_MONITOR_ALWAYS", "true, yes, on, 1; false, no, off, 0", "true",
      "Whether nvitop without --once and --monitor opens the monitor on a terminal. If not, it "
      "prints the report.",
      apply_always },
    { "NVITOP_MONITOR_THEME", "dark, light", "dark",
      "The colours of the monitor; light is --light.", apply_theme },
    { "NVITOP_MONITOR_MODE",
      "a comma list of auto, full, compact, dense; colorful, plain; light, dark; readonly", "auto",
      "The display mode and switches of the monitor. plain undoes colorful and dark undoes light; "
      "with two display modes at once it is auto.",
      apply_mode },
    { "NVITOP_GPU_UTILIZATION_THRESHOLDS", "two numbers from 1 to 99, such as 10,75", "10,75",
      "What --gpu-util-thresh sets.", apply_gpu_thresholds },
    { "NVITOP_MEMORY_UTILIZATION_THRESHOLDS", "two numbers from 1 to 99, such as 10,80", "10,80",
      "What --mem-util-thresh sets.", apply_memory_thresholds },
    OPTION_SOURCE_VARIABLES,
    { "NVITOP_GUARD", "0", "unset",
      "0 runs everything in one process, for debuggers and leak checkers. A driver that hangs can "
      "then keep nvitop from ending.",
      NULL },
    { "CUDA_VISIBLE_DEVICES", "indices or UUIDs", "all GPUs", "The GPUs of --only-visible.", NULL },
    { "CUDA_DEVICE_ORDER", "FASTEST_FIRST, PCI_BUS_ID", "FASTEST_FIRST",
      "Which GPUs the indices in CUDA_VISIBLE_DEVICES mean.", NULL },
    { "COLUMNS", "a number", "the terminal's width", "How wide the report and the help are.",
      NULL },
    { "NO_COLOR, ANSI_COLORS_DISABLED", "anything", "unset",
      "No colour in what is printed. --force-color is stronger; the monitor keeps its colours.",
      NULL },
    { "TERM", "a terminal type", "unset",
      "What the monitor's terminal can do; an unknown type is taken for a terminal of today. With "
      "linux it draws ASCII characters; with dumb there is no monitor, and nothing that is printed "
      "has colour.",
      NULL },
    { "COLORTERM", "truecolor, 24bit", "unset",
      "Monitor only: whether --colorful has all colours, and not the nearest of 256.", NULL },
    { "TMUX, STY", "anything", "unset",
      "Monitor only: set by tmux and GNU screen, the second of which has 256 colours.", NULL },
    { "LC_ALL, LC_CTYPE, LANG", "a locale", "unset",
      "Without a UTF-8 locale, neither these nor C.UTF-8 or en_US.UTF-8, it is --ascii.", NULL },
    { "XDG_CONFIG_HOME, HOME", "a directory", "unset",
      "Where the configuration file is; see CONFIGURATION. On Windows it is APPDATA.", NULL },
    { "TMPDIR", "a directory", "/tmp", "Where --demo keeps a small folder while it runs.", NULL },
    { "NVITOP_CONSOLE_OUTPUT", "stdout", "the console",
      "Monitor on Windows only: it draws into its standard output, which is a pipe to something "
      "that shows it; keys still come from the console.",
      NULL },
    { "ESCDELAY", "milliseconds", "25", "Monitor only: how long to wait after the Esc key.", NULL },
};
