/* Two of the bits are no trouble: that the GPU is idle, and that somebody chose its clocks. */
#include "core/clock_event.h"

#include <stddef.h>

const struct clock_event clock_events[] = {
    { 0x40, "hw_thermal_slowdown", "HW thermal", "therm", 0 },
    { 0x80, "hw_power_brake_slowdown", "power brake", "brake", 0 },
    { 0x8, "hw_slowdown", "HW slowdown", "HW", 0xc0 },
    { 0x20, "sw_thermal_slowdown", "SW thermal", "therm", 0 },
    { 0x4, "sw_power_cap", "power cap", "cap", 0 },
    { 0x10, "sync_boost", "sync boost", "sync", 0 },
    { 0x100, "display_clock_setting", "display clock", "displ", 0 },
    { 0x2, "applications_clocks_setting", NULL, NULL, 0 },
    { 0x1, "gpu_idle", NULL, NULL, 0 },
};
