/* The driver's bits as words, the gravest first; those that are no trouble have none. */
#include "view/device_slowed.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/clock_event.h"
#include "core/snapshot.h"

static bool is_active(const struct snapshot_device *device, size_t reason)
{
    struct value value = snapshot_device_value(device, NVITOP_DEV_EVENT_REASONS);
    uint64_t bits = value.kind == NVITOP_INT ? (uint64_t)value.i : 0;
    const struct clock_event *event = &clock_events[reason];
    return event->words && bits & event->bit && !(bits & event->unless);
}

void device_slowed_text(const struct snapshot_device *device, char ret_text[TEXT_SIZE])
{
    ret_text[0] = 0;
    for (size_t i = 0; i < CLOCK_EVENT_COUNT; i++) {
        if (!is_active(device, i))
            continue;
        if (ret_text[0])
            strcat(ret_text, ", ");
        strcat(ret_text, clock_events[i].words);
    }
}

void device_slowed_word(const struct snapshot_device *device, char ret_text[TEXT_SIZE])
{
    ret_text[0] = 0;
    for (size_t i = 0; i < CLOCK_EVENT_COUNT && !ret_text[0]; i++)
        if (is_active(device, i))
            strcpy(ret_text, clock_events[i].word);
}
