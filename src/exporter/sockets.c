/* What is the same on every system, by what sockets_posix.c and sockets_windows.c say of theirs. */
#include "exporter/sockets.h"

#include <assert.h>
#include <microhttpd.h>
#include <string.h>

#include "base/await.h"

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

bool sockets_wait(const struct sockets_wait *wait)
{
    struct awaited things[SOCKETS_OTHERS_MAX + SOCKETS_ARMED_MAX];
    struct awaited *own = things + wait->count;
    assert(wait->count <= SOCKETS_OTHERS_MAX);
    for (size_t i = 0; i < wait->count; i++)
        things[i] = (struct awaited){ .fd = wait->fds[i], .wanted = AWAIT_READ };
    await(things, wait->count + sockets_arm(wait, own), wait->patience_ms);
    sockets_disarm(own);
    bool is_any = false;
    for (size_t i = 0; i < wait->count; i++)
        is_any |= things[i].seen != 0;
    return is_any;
}
