/*
 * What a session keeps for those who hold pointers to it. Invariant: an element is whole before it
 * is the head of its list, and never changes or goes afterwards.
 */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/mem.h"
#include "core/lock.h"

struct api_text {
    struct api_text *next;
    char text[];
};

/* ---- devices ---- */

struct nvitop_device *api_device_known(struct nvitop_session *session, struct nvitop_index index)
{
    struct nvitop_device *device = atomic_load(&session->devices);
    while (device && (device->index.physical != index.physical || device->index.mig != index.mig))
        device = device->next;
    return device;
}

/* With the lock. */
static struct nvitop_device *get_or_add(struct nvitop_session *session, struct nvitop_index index,
                                        struct nvitop_device *parent)
{
    struct nvitop_device *device = api_device_known(session, index);
    if (device)
        return device;
    device = xcalloc(1, sizeof(*device));
    *device = (struct nvitop_device){ session, index, parent, atomic_load(&session->devices) };
    atomic_store(&session->devices, device);
    return device;
}

struct nvitop_device *api_device(struct nvitop_session *session, struct nvitop_index index)
{
    struct nvitop_index gpu = { index.physical, -1 };
    lock_take(session->lock);
    struct nvitop_device *device = get_or_add(session, gpu, NULL);
    if (index.mig >= 0)
        device = get_or_add(session, index, device);
    lock_give(session->lock);
    return device;
}

/* ---- texts ---- */

static size_t list_of(const char *text)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash % API_TEXT_LISTS;
}

const char *api_text(struct nvitop_session *session, const char *text)
{
    struct api_text *_Atomic *list = &session->texts[list_of(text)];
    lock_take(session->lock);
    struct api_text *kept = atomic_load(list);
    while (kept && strcmp(kept->text, text) != 0)
        kept = kept->next;
    if (!kept) {
        size_t size = strlen(text) + 1;
        kept = xmalloc(sizeof(*kept) + size);
        kept->next = atomic_load(list);
        memcpy(kept->text, text, size);
        atomic_store(list, kept);
    }
    lock_give(session->lock);
    return kept->text;
}

void api_keep_done(struct nvitop_session *session)
{
    for (struct nvitop_device *device = atomic_load(&session->devices), *next; device;
         device = next) {
        next = device->next;
        free(device);
    }
    for (size_t i = 0; i < API_TEXT_LISTS; i++)
        for (struct api_text *kept = atomic_load(&session->texts[i]), *next; kept; kept = next) {
            next = kept->next;
            free(kept);
        }
}
