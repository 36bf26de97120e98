/* What is the same on every system, by what sockets_posix.c and sockets_windows.c say of theirs. */
#include "exporter/sockets.h"

#include <assert.h>
#include <microhttpd.h>
#include <string.h>

#include "base/await.h"
#include "base/mem.h"

enum { UNARMED_MS = 50 };

size_t sockets_bytes(const struct sockaddr *address, unsigned char ret_bytes[SOCKETS_V6_LEN])
{
    for (size_t i = 0; address && i < SOCKETS_FAMILIES; i++) {
        const struct sockets_family *family = &sockets_families[i];
        if (address->sa_family == family->number) {
            memcpy(ret_bytes, (const char *)address + family->offset, family->len);
            return family->len;
        }
    }
    return 0;
}

/* Where nothing can be waited with, the daemon is looked at now and then. */
bool sockets_wait(const struct sockets_wait *wait)
{
    struct awaited things[SOCKETS_OTHERS_MAX + SOCKETS_ARMED_MAX];
    struct awaited *own = things + wait->count;
    assert(wait->count <= SOCKETS_OTHERS_MAX);
    for (size_t i = 0; i < wait->count; i++)
        things[i] = (struct awaited){ .fd = wait->fds[i], .wanted = AWAIT_READ };
    size_t armed = sockets_arm(wait, own);
    await(things, wait->count + armed,
          armed ? wait->patience_ms : MIN_OF(wait->patience_ms, UNARMED_MS));
    sockets_disarm(own, armed);
    bool is_any = false;
    for (size_t i = 0; i < wait->count; i++)
        is_any |= things[i].seen != 0;
    return is_any;
}
