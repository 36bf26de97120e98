/* CPU % needs two samples; nobody waits for the second, it is taken if it is time. */
#include "core/totals.h"

#include "base/clock.h"
#include "host/host.h"

enum { SPAN_MS = 100 };

void totals_refresh(struct totals *totals, struct host *host)
{
    uint64_t now = clock_mono_ns();
    if (totals->read_ns && now - totals->read_ns < SPAN_MS * CLOCK_NS_PER_MS)
        return;
    host_read_totals(host, totals->values);
    totals->read_ns = now;
}
