/* What was chosen in the monitor, kept in the configuration file. */
#ifndef NVITOP_CMD_REMEMBER_H
#define NVITOP_CMD_REMEMBER_H

struct app_settings;

/* Writes the settings into the file that config_read reads, beside what else stands there: every
 * line of another key, remarks included, stays as it is. NULL, or in words why not (static). */
const char *remember_settings(const struct app_settings *settings);

#endif
