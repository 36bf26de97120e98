/*
 * What the public objects are made of, for the files of this folder.
 *
 * Devices and texts that a session has given out live as long as it does. They are kept in lists
 * that only grow at their heads, each head one atomic pointer, so that a child of a fork finds them
 * whole, whatever another thread of its parent was doing.
 */
#ifndef NVITOP_API_API_H
#define NVITOP_API_API_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"
#include "core/metric.h"
#include "core/session.h"
#include "core/snapshot.h"
#include "nvitop/nvitop.h"

struct lock;
struct api_collector_place;
struct api_text;

enum { API_TEXT_LISTS = 64 };

struct nvitop_device {
    struct nvitop_session *session;
    struct nvitop_index index;
    struct nvitop_device *parent, *next;
};

struct nvitop_session {
    struct session *core;
    char *cuda_helper; /* NULL: none */
    atomic_long pid;   /* whose locks these are; -pid while a child makes them its own */
    struct lock *lock; /* for whoever adds to the lists */
    struct nvitop_device *_Atomic devices;
    struct api_text *_Atomic texts[API_TEXT_LISTS];
    struct api_collector_place *_Atomic collectors;
};

/* Whose process `object` belongs to: in another one, a single thread renews it, and the others
 * wait. *owner is -pid meanwhile. */
void api_adopt(atomic_long *owner, void (*renew)(void *object), void *object);

/* The first thing every function does with a session: NVITOP_EINVAL for NULL. In a child of a fork
 * that has not said so (nvitop_session_after_fork), the session becomes the child's. */
int api_enter(struct nvitop_session *session);

/* The same, and from begin to end nothing of the session is freed. NVITOP_ESTATE: it is being
 * closed. */
int api_begin(struct nvitop_session *session);
void api_end(struct nvitop_session *session);

/* ---- keep.c ---- */

/* The one device with this index; a MIG device's GPU is its parent. */
struct nvitop_device *api_device(struct nvitop_session *session, struct nvitop_index index);
struct nvitop_device *api_device_known(struct nvitop_session *session, struct nvitop_index index);
/* The same text, for as long as the session lives. */
const char *api_text(struct nvitop_session *session, const char *text);
void api_keep_done(struct nvitop_session *session);

/* ---- value.c ---- */

/* The same fact; its text is whose it was. */
struct nvitop_value api_value(struct value value);
/* The same with a text that lives as long as the session. */
struct nvitop_value api_value_kept(struct nvitop_session *session, struct value value);

/* ---- snapshot.c ---- */

int32_t api_presence(enum process_presence presence); /* enum nvitop_presence */

/* ---- collector.c ---- */

/* Ends all of the session's. False: at the deadline a thread of one had not come back, which may
 * still be on its way into the session. */
bool api_collectors_end(struct nvitop_session *session, uint64_t deadline_ns);

/* ---- args.c: what is checked of arguments ---- */

/* Whether `(array, cap, ret_count)` can be written to. */
bool api_is_array(const void *array, size_t cap, const size_t *ret_count);
/* Structs that grow start with their size: copies as much as both know. False: there is no size. */
bool api_copy_in(void *to, size_t to_size, const void *from);
bool api_copy_out(void *to, const void *from, size_t from_size);
/* Whether all of them are there and of this session. */
bool api_are_devices_of(const struct nvitop_session *session, struct nvitop_device *const *devices,
                        size_t count);
/* All of them as a set; false: one is no device metric. */
bool api_device_set(const int *ids, size_t count, struct metric_set *ret_set);

/* ---- survey.c: who is there ---- */

/* All devices of now with their UUID, bus id, MIG mode and instances, read as a snapshot is. Free
 * it with snapshot_unref. */
int api_survey(struct nvitop_session *session, struct snapshot **ret_survey);

/* ---- snapshots: the public one is that of the core ---- */

static inline struct snapshot *api_snapshot(struct nvitop_snapshot *snapshot)
{
    return (struct snapshot *)snapshot;
}

static inline const struct snapshot *api_snapshot_const(const struct nvitop_snapshot *snapshot)
{
    return (const struct snapshot *)snapshot;
}

#endif
