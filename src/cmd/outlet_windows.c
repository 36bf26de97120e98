/*
 * Windows tells of no pipe whether it has room, so lines are written as they come, and a reader who
 * is slow holds the loop up; that costs him the looks between, as elsewhere, and nobody else
 * anything. Ctrl-C ends the program meanwhile, too. A reader who leaves is an error of writing.
 */
#include "cmd/outlet.h"

#include <errno.h>

#include "base/await.h"
#include "base/descriptors.h"

enum { STDOUT = 1, ALWAYS_READY = -1 };

void outlet_open(struct outlet *outlet)
{
    *outlet = (struct outlet){ .fd = ALWAYS_READY };
}

void outlet_close(struct outlet *outlet)
{
    str_done(&outlet->pending);
}

unsigned outlet_wants(const struct outlet *outlet, bool is_waiting)
{
    return is_waiting || outlet->pending.len ? AWAIT_WRITE : 0U;
}

enum outlet_state outlet_go_on(struct outlet *outlet, unsigned seen)
{
    if (!outlet->pending.len)
        return OUTLET_READY;
    if (!(seen & AWAIT_WRITE))
        return OUTLET_BUSY;
    int why = descriptors_write(STDOUT, outlet->pending.data, outlet->pending.len);
    str_clear(&outlet->pending);
    errno = why;
    if (!why)
        return OUTLET_READY;
    return why == EPIPE || why == EINVAL ? OUTLET_GONE : OUTLET_ERROR;
}

void outlet_put(struct outlet *outlet, struct str *lines)
{
    str_done(&outlet->pending);
    outlet->pending = *lines;
    *lines = (struct str){ 0 };
}

void outlet_finish(struct outlet *outlet, uint64_t deadline_ns)
{
    (void)deadline_ns;
    outlet_go_on(outlet, AWAIT_WRITE);
}
