/* What was chosen in the monitor, kept in the configuration file. */
#ifndef NVITOP_CMD_REMEMBER_H
#define NVITOP_CMD_REMEMBER_H

struct app_settings;

/* Writes those of the settings that were changed (bits of enum app_setting) into the file that
 * config_read reads: every other line, remarks included, stays as it is. NULL, or in words why not
 * (static). */
const char *remember_settings(const struct app_settings *settings, unsigned changed);

#endif
