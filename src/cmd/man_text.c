/* Text for manual pages: escaped at one place. */
#include "cmd/man_text.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

void man_char(char c, struct str *out)
{
    if (c == '-')
        str_append(out, "\\-");
    else if (c == '\\')
        str_append(out, "\\e");
    else if (c == '"')
        str_append(out, "\\(dq");
    else if (c == '\'')
        str_append(out, "\\(aq");
    else
        str_append_char(out, c);
}

void man_text(const char *text, struct str *out)
{
    for (; *text; text++)
        man_char(*text, out);
}

void man_line(const char *macro, const char *text, struct str *out)
{
    str_printf(out, "%s ", macro);
    man_text(text, out);
    str_append_char(out, '\n');
}

static bool is_name(const char *text)
{
    return str_has_prefix(text, "nvitop_") || str_has_prefix(text, "NVITOP_");
}

/* A word is bold as a whole if it is a name. Returns its length. */
static size_t put_word(const char *text, bool is_bold, struct str *out)
{
    size_t len = strspn(text, NAME_LETTERS);
    bool is_own = !is_bold && is_name(text);
    str_append(out, is_own ? "\\fB" : "");
    str_append_bytes(out, text, len);
    str_append(out, is_own ? "\\fR" : "");
    return len;
}

/* Does the sentence end at this blank? Not behind "…, " and the like, only behind a full stop. */
static bool is_sentence_end(const char *start, const char *at)
{
    return *at == ' ' && at > start && at[-1] == '.';
}

void man_prose(const char *text, struct str *out)
{
    bool is_bold = false;
    for (const char *at = text; *at;) {
        if (strspn(at, NAME_LETTERS)) {
            at += put_word(at, is_bold, out);
            continue;
        }
        if (*at == '`') {
            is_bold = !is_bold;
            str_append(out, is_bold ? "\\fB" : "\\fR");
        } else if (is_sentence_end(text, at)) {
            str_append_char(out, '\n');
        } else {
            man_char(*at, out);
        }
        at++;
    }
    str_append_char(out, '\n');
}

const char *man_fill(const char *template, const struct man_part *parts, size_t count,
                     const void *arg, struct str *out)
{
    for (const char *at = template; *at;) {
        size_t plain = strcspn(at, "@"), part = 0;
        str_append_bytes(out, at, plain);
        at += plain;
        if (!*at)
            break;
        while (part < count && !str_has_prefix(at, parts[part].name))
            part++;
        if (part == count)
            return at;
        parts[part].print(arg, out);
        at += strlen(parts[part].name);
    }
    return NULL;
}
