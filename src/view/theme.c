/*
 * The roles' styles, and the two colour scales: three steps of load, and the spectrum. Colours are
 * the terminal's own eight wherever they can be, so that a person's palette is kept; only the
 * spectrum names its colours itself.
 */
#include "view/theme.h"

#include <assert.h>
#include <math.h>

#include "base/mem.h"
#include "view/text.h"

static const struct style role_styles[] = {
    [ROLE_PLAIN] = { 0 },
    [ROLE_LIGHT_LOAD] = { .fg = COLOUR_GREEN },
    [ROLE_MODERATE_LOAD] = { .fg = COLOUR_YELLOW },
    [ROLE_HEAVY_LOAD] = { .fg = COLOUR_RED },
    [ROLE_TROUBLE] = { .fg = COLOUR_RED },
    [ROLE_CPU] = { .fg = COLOUR_CYAN, .attrs = ATTR_BOLD },
    [ROLE_HOST_MEMORY] = { .fg = COLOUR_MAGENTA, .attrs = ATTR_BOLD },
    [ROLE_SWAP] = { .fg = COLOUR_BLUE, .attrs = ATTR_BOLD },
    [ROLE_LOAD_AVERAGE] = { .attrs = ATTR_BOLD },
    [ROLE_USER] = { .fg = COLOUR_MAGENTA, .attrs = ATTR_BOLD },
    [ROLE_SUPERUSER] = { .fg = COLOUR_YELLOW, .attrs = ATTR_BOLD },
    [ROLE_AT] = { .attrs = ATTR_BOLD },
    [ROLE_HOSTNAME] = { .fg = COLOUR_GREEN, .attrs = ATTR_BOLD },
    [ROLE_ALARM] = { .fg = COLOUR_RED, .attrs = ATTR_BLINK },
    [ROLE_WARNING] = { .fg = COLOUR_YELLOW, .attrs = ATTR_ITALIC },
    [ROLE_SIGNAL] = { .fg = COLOUR_RED, .attrs = ATTR_BOLD },
    [ROLE_DANGER] = { .fg = COLOUR_RED },
    [ROLE_NOTICE] = { .fg = COLOUR_CYAN, .attrs = ATTR_BOLD },
    [ROLE_REFUSAL] = { .fg = COLOUR_RED, .attrs = ATTR_BOLD },
    [ROLE_EMPHASIS] = { .attrs = ATTR_BOLD },
    [ROLE_SORTED] = { .attrs = ATTR_BOLD | ATTR_UNDERLINE },
    [ROLE_SELECTED] = { .fg = COLOUR_CYAN, .attrs = ATTR_BOLD },
    [ROLE_TAGGED] = { .fg = COLOUR_YELLOW, .attrs = ATTR_BOLD },
    [ROLE_TWIN] = { .attrs = ATTR_BOLD | ATTR_BLINK },
    [ROLE_FOREIGN] = { .attrs = ATTR_DIM },
    [ROLE_GONE] = { .fg = COLOUR_RED },
    [ROLE_CAUTION] = { .fg = COLOUR_YELLOW },
    [ROLE_KEY] = { .fg = COLOUR_MAGENTA, .attrs = ATTR_BOLD | ATTR_ITALIC },
    [ROLE_FAINT] = { .attrs = ATTR_DIM },
    [ROLE_PAUSED] = { .fg = COLOUR_YELLOW, .attrs = ATTR_BOLD },
    [ROLE_TITLE] = { .fg = COLOUR_CYAN, .attrs = ATTR_BOLD },
    [ROLE_BRANCH] = { .fg = COLOUR_GREEN, .attrs = ATTR_BOLD },
    [ROLE_VARIABLE] = { .fg = COLOUR_BLUE, .attrs = ATTR_BOLD },
    [ROLE_EQUALS] = { .fg = COLOUR_MAGENTA },
    [ROLE_LIGHT_WORD] = { .fg = COLOUR_GREEN, .attrs = ATTR_BOLD | ATTR_ITALIC },
    [ROLE_MODERATE_WORD] = { .fg = COLOUR_YELLOW, .attrs = ATTR_BOLD | ATTR_ITALIC },
    [ROLE_HEAVY_WORD] = { .fg = COLOUR_RED, .attrs = ATTR_BOLD | ATTR_ITALIC },
    [ROLE_LETTER] = { .attrs = ATTR_UNDERLINE },
    [ROLE_KEY_PROGRAM] = { .fg = COLOUR_GREEN, .attrs = ATTR_BOLD },
    [ROLE_KEY_ASIDE] = { .fg = COLOUR_BLUE, .attrs = ATTR_BOLD },
    [ROLE_KEY_ORDER] = { .fg = COLOUR_MAGENTA, .attrs = ATTR_BOLD },
};
static_assert(ARRAY_LEN(role_styles) == ROLE_COUNT, "one style per role");

struct style theme_style(const struct theme *theme, enum theme_role role)
{
    struct style style = role_styles[role];
    if (theme->kind == THEME_NONE)
        style.fg = style.bg = COLOUR_DEFAULT;
    return style;
}

/* Reversed, letters have the background colour, which on a light terminal is pale on a colour:
 * they are made black. */
struct style theme_reverse(const struct theme *theme, struct style style)
{
    style.attrs |= ATTR_REVERSE;
    bool is_coloured = style.fg != COLOUR_DEFAULT && style.fg != COLOUR_BLACK;
    if (theme->kind == THEME_LIGHT && is_coloured && style.bg == COLOUR_DEFAULT)
        style.bg = COLOUR_BLACK;
    return style;
}

struct style theme_pressed(struct style style)
{
    style.bg = style.fg;
    style.fg = COLOUR_DEFAULT;
    style.attrs |= ATTR_BOLD | ATTR_REVERSE;
    return style;
}

struct style theme_letter(struct style style)
{
    style.attrs |= ATTR_BOLD | ATTR_UNDERLINE;
    return style;
}

/* One channel of a colour wheel: `shift` is the channel's place on it in sixths. */
static uint32_t channel(double hue, double shift)
{
    const double saturation = 0.7, brightness = 0.8;
    double at = fmod(shift + hue * 6, 6);
    double dip = fmax(0, fmin(fmin(at, 4 - at), 1));
    return (uint32_t)lround(255 * (brightness - brightness * saturation * dip));
}

struct style theme_gradient(const struct theme *theme, double x)
{
    struct style style = { 0 };
    if (theme->kind == THEME_NONE)
        return style;
    x = fmax(0, fmin(x, 1));
    /* From 0.35 (green) down over 0 (red) to 0.85 (purple), in 160ths of the wheel, as the
     * screen that people know has it. */
    double hue = nearbyint((0.5 * (1 - x) - 0.15) * 160) / 160;
    hue -= floor(hue);
    style.fg = COLOUR_RGB;
    style.rgb = channel(hue, 5) << 16 | channel(hue, 3) << 8 | channel(hue, 1);
    return style;
}

enum theme_role theme_load(struct value percent, const int thresholds[2])
{
    if (percent.kind != NVITOP_INT && percent.kind != NVITOP_REAL)
        return ROLE_MODERATE_LOAD;
    /* As printed: what reads 10.0 % is not below a threshold of 10. */
    double used = text_round_tenth(value_number(percent, 0));
    if (used >= thresholds[1])
        return ROLE_HEAVY_LOAD;
    return used >= thresholds[0] ? ROLE_MODERATE_LOAD : ROLE_LIGHT_LOAD;
}
