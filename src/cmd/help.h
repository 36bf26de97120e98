/* Usage line and help page, printed from the table of options. */
#ifndef NVITOP_CMD_HELP_H
#define NVITOP_CMD_HELP_H

#include <stdbool.h>

struct option_program;
struct str;

/* Both wrap to two columns less than the terminal's. */
void help_usage(const struct option_program *program, int columns, struct str *out);
void help_print(const struct option_program *program, int columns, bool is_colour, struct str *out);

#endif
