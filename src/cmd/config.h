/* The configuration file: defaults for options, read before environment and command line. */
#ifndef NVITOP_CMD_CONFIG_H
#define NVITOP_CMD_CONFIG_H

#include <stdio.h>

struct options_run;

/* $XDG_CONFIG_HOME/nvitop/config.ini, else ~/.config/nvitop/config.ini, on Windows
 * %APPDATA%\nvitop\config.ini; no file is fine.
 * What is wrong in it goes to run->warnings, a line each with file and line number. */
void config_read(struct options_run *run);

/* The same from an open file; `path` is what the warnings call it. */
void config_read_stream(struct options_run *run, FILE *file, const char *path);

/* Where the file is by this process's environment, to be freed; NULL: nowhere. */
char *config_path(void);

#endif
