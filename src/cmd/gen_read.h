/* Whole files, for the programs of the build. */
#ifndef NVITOP_CMD_GEN_READ_H
#define NVITOP_CMD_GEN_READ_H

#include <stdbool.h>

struct str;

/* Appends the file to the text. False, and a line on stderr, if it cannot be read. */
bool gen_read(const char *program, const char *path, struct str *text);

#endif
