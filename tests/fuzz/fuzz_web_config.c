/*
 * The file with certificates and users. One that is refused says why in one line that begins with
 * its name; one that is taken has pairs that belong together, and users with names and hashes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/str.h"
#include "exporter/web_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int is_true)
{
    if (!is_true)
        abort();
}

static void check_error(const char *path, const char *text)
{
    demand(strncmp(text, path, strlen(path)) == 0);
    for (; *text; text++)
        demand((unsigned char)*text >= ' ' && *text != 0x7f);
}

static void check_config(const struct web_config *config)
{
    demand(!config->tls.certfile == !config->tls.keyfile);
    demand(!config->tls.certfile || (config->tls.certfile[0] && config->tls.keyfile[0]));
    demand(!config->tls.client_cafile || config->tls.certfile);
    demand((config->tls.client == TLS_CLIENT_ANY) == !config->tls.client_cafile);
    for (size_t i = 0; i < config->user_count; i++) {
        demand(config->users[i].name[0] && !strchr(config->users[i].name, ':'));
        demand(auth_hash_is_known(config->users[i].hash));
        demand(auth_hash_cost(config->users[i].hash) <= AUTH_COST_MAX);
        for (size_t before = 0; before < i; before++)
            demand(strcmp(config->users[before].name, config->users[i].name) != 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("web.yml", MFD_CLOEXEC);
    char path[64];
    struct web_config config = { 0 };
    struct str err = { 0 };
    demand(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    if (web_config_read(path, &config, &err))
        check_config(&config);
    else
        check_error(path, str_text(&err));
    str_done(&err);
    web_config_done(&config);
    close(fd);
    return 0;
}
