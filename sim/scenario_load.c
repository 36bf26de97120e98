/* Reading a scenario file: all of it into memory, up to a size that no scenario needs. */
#include "sim/scenario.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "nvitop/nvitop.h"
#include "sim/scenario_read.h"
#include "sim/system.h"

enum { FILE_SIZE_MAX = 4 * 1024 * 1024 };

/* The whole file; NULL with errno. */
static char *read_file(const char *path, size_t *ret_len)
{
    int fd = system_open(path);
    if (fd < 0)
        return NULL;
    struct str text = { 0 };
    char block[4096];
    ssize_t got;
    while ((got = read(fd, block, sizeof(block))) > 0 && text.len < FILE_SIZE_MAX)
        str_append_bytes(&text, block, (size_t)got);
    int saved = got > 0 ? EFBIG : got < 0 ? errno : 0;
    close(fd);
    *ret_len = text.len;
    if (saved) {
        str_done(&text);
        errno = saved;
        return NULL;
    }
    return str_take(&text);
}

int scenario_load(const char *path, struct scenario **ret_scenario,
                  struct scenario_error *ret_error)
{
    size_t len;
    char *text = read_file(path, &len);
    *ret_error = (struct scenario_error){ 0 };
    if (!text) {
        scenario_complain(ret_error, 0, "can't be read: %s", strerror(errno));
        return NVITOP_ENOTFOUND;
    }
    int status = scenario_parse(path, text, len, ret_scenario, ret_error);
    free(text);
    return status;
}
