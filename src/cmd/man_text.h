/* Text for a page in man(7) macros. */
#ifndef NVITOP_CMD_MAN_TEXT_H
#define NVITOP_CMD_MAN_TEXT_H

struct str;

/* A character as it stands: hyphens and backslashes mean something in a manual's source. */
void man_char(char c, struct str *out);

void man_text(const char *text, struct str *out);

/* Prose, ended by a line end: a new sentence on a new line, as manual sources want it; bold is what
 * stands between backquotes, and names of the library. */
void man_prose(const char *text, struct str *out);

/* A line `MACRO TEXT`. */
void man_line(const char *macro, const char *text, struct str *out);

#endif
