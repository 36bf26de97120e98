/* The texts of Windows, UTF-16, and ours, UTF-8. */
#ifndef NVITOP_BASE_WIDE_WINDOWS_H
#define NVITOP_BASE_WIDE_WINDOWS_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/* Both malloc'd and ended by NUL; what is no text becomes U+FFFD. */
wchar_t *wide_from(const char *text);
char *wide_to(const wchar_t *text, size_t len);

/* Whether there is a file, and no folder, of that name. */
bool wide_is_file(const char *path);

/* Where a library is that this process has loaded, or the program itself for NULL; malloc'd, and
 * NULL if the system does not say. */
char *wide_module_path(void *module);

/* Arguments as one line, as the C library of Windows cuts it again; malloc'd. */
wchar_t *wide_command(const char *const argv[]);

#endif
