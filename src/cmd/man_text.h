/* Pages in man(7) macros: their text, and templates that are filled in. */
#ifndef NVITOP_CMD_MAN_TEXT_H
#define NVITOP_CMD_MAN_TEXT_H

#include <stddef.h>

struct str;

/* A character as it stands: hyphens and backslashes mean something in a manual's source. */
void man_char(char c, struct str *out);

void man_text(const char *text, struct str *out);

/* Prose, ended by a line end: a new sentence on a new line, as manual sources want it; bold is what
 * stands between backquotes, and names of the library. */
void man_prose(const char *text, struct str *out);

/* A line `MACRO TEXT`. */
void man_line(const char *macro, const char *text, struct str *out);

/* A place in a template, @NAME@, and who fills it; the name may end in a line end. */
struct man_part {
    const char *name;
    void (*print)(const void *arg, struct str *out);
};

/* The template with its parts filled in. NULL, or the part that nobody knows. */
const char *man_fill(const char *template, const struct man_part *parts, size_t count,
                     const void *arg, struct str *out);

#endif
