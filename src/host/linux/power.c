/*
 * Which GPUs the kernel has put to sleep, from sysfs alone: reading there wakes nothing. The
 * driver numbers its GPUs by PCI address, so sorted addresses are its order.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "host/host.h"
#include "host/linux/procfile.h"

enum { ADDRESS_SIZE = 32, GPUS_MAX = 256, VENDOR_NVIDIA = 0x10de, FILE_LIMIT = 64 };

static bool read_text(int devices, const char *address, const char *file, struct str *text)
{
    char path[2 * ADDRESS_SIZE];
    snprintf(path, sizeof(path), "%.*s/%.*s", ADDRESS_SIZE - 1, address, ADDRESS_SIZE - 1, file);
    return procfile_read(devices, path, FILE_LIMIT, text) == 0;
}

static long read_hex(int devices, const char *address, const char *file, struct str *text)
{
    return read_text(devices, address, file, text) ? strtol(str_text(text), NULL, 16) : -1;
}

/* A display or 3D controller of NVIDIA that its driver holds (not one given to a guest). */
static bool is_gpu(int devices, const char *address, struct str *text)
{
    enum { CLASS_VGA = 0x0300, CLASS_3D = 0x0302 };
    char path[2 * ADDRESS_SIZE], target[256];
    long class = read_hex(devices, address, "class", text) >> 8;
    if (read_hex(devices, address, "vendor", text) != VENDOR_NVIDIA ||
        (class != CLASS_VGA && class != CLASS_3D))
        return false;
    snprintf(path, sizeof(path), "%.*s/driver", ADDRESS_SIZE - 1, address);
    ssize_t len = readlinkat(devices, path, target, sizeof(target) - 1);
    target[MAX_OF(len, 0)] = 0;
    const char *name = strrchr(target, '/');
    return name && strcmp(name, "/nvidia") == 0;
}

static int compare_addresses(const void *left, const void *right)
{
    return strcmp(left, right);
}

static size_t list_gpus(DIR *dir, char addresses[GPUS_MAX][ADDRESS_SIZE], struct str *text)
{
    size_t count = 0;
    for (struct dirent *entry; count < GPUS_MAX && (entry = readdir(dir));)
        if (strlen(entry->d_name) < ADDRESS_SIZE && entry->d_name[0] != '.' &&
            is_gpu(dirfd(dir), entry->d_name, text))
            strcpy(addresses[count++], entry->d_name);
    qsort(addresses, count, ADDRESS_SIZE, compare_addresses);
    return count;
}

size_t host_gpus_asleep(const char *sysfs, bool *ret_asleep, size_t cap)
{
    struct str path = { 0 }, text = { 0 };
    char addresses[GPUS_MAX][ADDRESS_SIZE];
    str_printf(&path, "%s/bus/pci/devices", sysfs ? sysfs : "/sys");
    DIR *dir = opendir(str_text(&path));
    size_t count = dir ? list_gpus(dir, addresses, &text) : 0;
    for (size_t i = 0; i < count && i < cap; i++)
        ret_asleep[i] = read_text(dirfd(dir), addresses[i], "power/runtime_status", &text) &&
                        str_has_prefix(str_text(&text), "suspended");
    if (dir)
        closedir(dir);
    str_done(&text);
    str_done(&path);
    return count;
}
