/*
 * Two sessions over two copies of the driver's library, each with a scenario of its own beside it,
 * in one process: first by turns, then at once. Nothing of one is ever seen in the other.
 *
 * usage: twins LIBRARY NAME GPUS LIBRARY NAME GPUS
 *   NAME is what all GPUs of that scenario are called.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress.h"

enum { DEVICES_MAX = 64, TURNS = 40, THREADS_EACH = 3 };

struct twin {
    const char *library, *name;
    size_t gpu_count;
    struct nvitop_session *session;
};

static void need_name(const struct twin *twin, const struct nvitop_value *value)
{
    NEED(value->kind == NVITOP_TEXT);
    NEED(strcmp(value->u.text, twin->name) == 0);
}

static void use(const struct twin *twin)
{
    static const int id = NVITOP_DEV_NAME;
    struct nvitop_device *devices[DEVICES_MAX];
    struct nvitop_value value;
    struct nvitop_snapshot *snapshot;
    size_t count;
    GOES_WELL(nvitop_device_list(twin->session, 0, devices, DEVICES_MAX, &count));
    NEED(count == twin->gpu_count);
    for (size_t i = 0; i < count; i++) {
        GOES_WELL(nvitop_device_cache_clear(devices[i]));
        GOES_WELL(nvitop_device_read(devices[i], &id, 1, &value));
        need_name(twin, &value);
    }
    GOES_WELL(nvitop_snapshot_take(twin->session, NULL, &snapshot));
    NEED(nvitop_snapshot_device_count(snapshot) == count);
    for (size_t i = 0; i < count; i++) {
        GOES_WELL(nvitop_snapshot_get(snapshot, id, i, &value));
        need_name(twin, &value);
    }
    nvitop_snapshot_unref(snapshot);
}

static void *use_often(void *arg)
{
    for (int i = 0; i < TURNS; i++)
        use(arg);
    return NULL;
}

static void need_strangers(const struct twin *a, const struct twin *b)
{
    struct nvitop_device *devices[2], *found;
    struct nvitop_index first = { 0, -1 };
    struct nvitop_value uuid;
    static const int id = NVITOP_DEV_UUID;
    GOES_WELL(nvitop_device_by_index(a->session, first, &devices[0]));
    GOES_WELL(nvitop_device_by_index(b->session, first, &devices[1]));
    NEED(devices[0] != devices[1]);
    GOES_WELL(nvitop_device_read(devices[0], &id, 1, &uuid));
    NEED(uuid.kind == NVITOP_TEXT);
    GIVES(NVITOP_ENOTFOUND, nvitop_device_by_uuid(b->session, uuid.u.text, &found));
    GOES_WELL(nvitop_device_by_uuid(a->session, uuid.u.text, &found));
}

int main(int argc, char **argv)
{
    struct twin twins[2];
    NEED(argc == 7);
    for (int i = 0; i < 2; i++) {
        char **words = argv + 1 + 3 * i;
        twins[i] = (struct twin){ words[0], words[1], (size_t)strtoul(words[2], NULL, 10),
                                  open_session(words[0], 0, 0) };
    }
    for (int i = 0; i < TURNS; i++)
        use(&twins[i % 2]);
    need_strangers(&twins[0], &twins[1]);
    need_strangers(&twins[1], &twins[0]);
    for (int i = 0; i < 2 * THREADS_EACH; i++)
        start_thread(use_often, &twins[i % 2]);
    join_threads();
    nvitop_session_close(twins[0].session); /* the other one goes on */
    use(&twins[1]);
    twins[0].session = open_session(twins[0].library, 0, 0);
    use(&twins[0]);
    nvitop_session_close(twins[1].session);
    use(&twins[0]);
    nvitop_session_close(twins[0].session);
    return 0;
}
