/* `{…}` expressions and backslash escapes in scenario values. */
#ifndef NVITOP_SIM_EXPAND_H
#define NVITOP_SIM_EXPAND_H

struct arena;

/* A copy in which `{EXPRESSION}` and `{EXPRESSION:FORMAT}` are numbers: + - * / % ( ) over whole
 * numbers, `i` and `j`; FORMAT is [0][WIDTH](d|x|X). `{{` is a brace, `${NAME}` is left alone.
 * NULL with *ret_why a static sentence if it can't be read. */
char *expand_braces(struct arena *arena, const char *text, long i, long j, const char **ret_why);

/* A copy with \xHH, \n, \t and \\ replaced. NULL with *ret_why as above. */
char *expand_escapes(struct arena *arena, const char *text, const char **ret_why);

#endif
