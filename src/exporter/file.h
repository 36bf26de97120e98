/* Certificates, keys and configurations are small files that are read whole, and never waited for.
 */
#ifndef NVITOP_EXPORTER_FILE_H
#define NVITOP_EXPORTER_FILE_H

#include <stdbool.h>

#include "base/str.h"

/* Appends a file of 1 MiB at most, or what is written into a pipe within a second. False: one line
 * in *err that begins with the path. */
bool file_read(const char *path, struct str *out, struct str *err);

/* Frees what may be secret, and leaves nothing of it in memory. */
void file_forget(struct str *text);

#endif
