/*
 * The driver's bits as words, the gravest first. Two of its bits are no trouble: that the GPU is
 * idle (1), and that somebody chose its clocks (2).
 */
#include "view/device_slowed.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "core/snapshot.h"

static const struct {
    uint64_t bit;
    const char *words, *word;
    uint64_t unless; /* bits that say the same in more detail */
} reasons[] = {
    { 0x40, "HW thermal", "therm", 0 },     { 0x80, "power brake", "brake", 0 },
    { 0x8, "HW slowdown", "HW", 0xc0 },     { 0x20, "SW thermal", "therm", 0 },
    { 0x4, "power cap", "cap", 0 },         { 0x10, "sync boost", "sync", 0 },
    { 0x100, "display clock", "displ", 0 },
};

static bool is_active(const struct snapshot_device *device, size_t reason)
{
    struct value value = snapshot_device_value(device, NVITOP_DEV_EVENT_REASONS);
    uint64_t bits = value.kind == NVITOP_INT ? (uint64_t)value.i : 0;
    return bits & reasons[reason].bit && !(bits & reasons[reason].unless);
}

void device_slowed_text(const struct snapshot_device *device, char ret_text[TEXT_SIZE])
{
    ret_text[0] = 0;
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
        if (!is_active(device, i))
            continue;
        if (ret_text[0])
            strcat(ret_text, ", ");
        strcat(ret_text, reasons[i].words);
    }
}

void device_slowed_word(const struct snapshot_device *device, char ret_text[TEXT_SIZE])
{
    ret_text[0] = 0;
    for (size_t i = 0; i < ARRAY_LEN(reasons) && !ret_text[0]; i++)
        if (is_active(device, i))
            strcpy(ret_text, reasons[i].word);
}
