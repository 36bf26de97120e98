/*
 * The driver's bits as words, the gravest first. Two of its bits are no trouble: that the GPU is
 * idle (1), and that somebody chose its clocks (2).
 */
#include "view/device_slowed.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "core/snapshot.h"

static const struct {
    uint64_t bit;
    const char *words;
    uint64_t unless; /* a bit that says the same in more detail */
} reasons[] = {
    { 0x40, "HW thermal", 0 },     { 0x80, "power brake", 0 }, { 0x8, "HW slowdown", 0xc0 },
    { 0x20, "SW thermal", 0 },     { 0x4, "power cap", 0 },    { 0x10, "sync boost", 0 },
    { 0x100, "display clock", 0 },
};

void device_slowed_text(const struct snapshot_device *device, char ret_text[TEXT_SIZE])
{
    struct value value = snapshot_device_value(device, NVITOP_DEV_EVENT_REASONS);
    uint64_t bits = value.kind == NVITOP_INT ? (uint64_t)value.i : 0;
    ret_text[0] = 0;
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
        if (!(bits & reasons[i].bit) || bits & reasons[i].unless)
            continue;
        if (ret_text[0])
            strcat(ret_text, ", ");
        strcat(ret_text, reasons[i].words);
    }
}
