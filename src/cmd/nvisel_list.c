/* What came from the driver is made printable: a UUID is a text from outside. */
#include "cmd/nvisel_list.h"

#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "cmd/nvisel_choose.h"
#include "cmd/options_nvisel.h"
#include "core/snapshot.h"

static void put_uuid(const struct select_verdict *verdict, struct str *out)
{
    struct arena arena = { 0 };
    const char *uuid =
        value_text_or(snapshot_device_value(verdict->device, NVITOP_DEV_UUID), "N/A");
    str_append(out, utf8_printable(&arena, uuid, strlen(uuid)));
    arena_done(&arena);
}

void nvisel_list(const struct chooser *chooser, const struct choice *choice, const char *between,
                 struct str *out)
{
    const struct selection *selection = &choice->selection;
    bool is_uuid = chooser->settings->format == NVISEL_UUID || selection->is_mig;
    for (size_t i = 0; i < selection->count; i++) {
        const struct select_verdict *verdict = &selection->verdicts[i];
        if (verdict->fate != SELECT_TAKEN)
            continue;
        if (verdict->place > 1)
            str_append(out, between);
        if (is_uuid)
            put_uuid(verdict, out);
        else
            str_printf(out, "%d", (int)verdict->device->physical);
    }
}
