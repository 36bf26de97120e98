/*
 * The names that dcgm-exporter has without a configuration, and SM_ACTIVE. What it tells and is not
 * here has no metric of ours: the last XID (ours counts each), NVLink bandwidth in a unit that no
 * page of its tells, licences of vGPUs, and DCGM_FI_PROF_GR_ENGINE_ACTIVE.
 *
 * A MIG device is told under its GPU's index, name and uuid, with its profile and instance.
 */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "core/snapshot.h"
#include "report/prometheus_compat.h"
#include "report/prometheus_walk.h"

#define PER_MIB (1 / 1048576.0)

#define ROW(NAME, ID, FACTOR, HELP, IS_COUNTER)                                                    \
    {                                                                                              \
        NAME, NULL, HELP, NVITOP_DEV_##ID, 0, FACTOR, IS_COUNTER                                   \
    }
#define GAUGE(NAME, ID, FACTOR, HELP) ROW(NAME, ID, FACTOR, HELP, false)
#define COUNTER(NAME, ID, FACTOR, HELP) ROW(NAME, ID, FACTOR, HELP, true)

static const struct compat_row rows[] = {
    GAUGE("DCGM_FI_DEV_SM_CLOCK", CLOCK_SM, 1, "Present SM clock (in MHz)."),
    GAUGE("DCGM_FI_DEV_MEM_CLOCK", CLOCK_MEMORY, 1, "Present memory clock (in MHz)."),
    GAUGE("DCGM_FI_DEV_MEMORY_TEMP", TEMPERATURE_MEMORY, 1, "Temperature of the memory (in C)."),
    GAUGE("DCGM_FI_DEV_GPU_TEMP", TEMPERATURE, 1, "Temperature of the core (in C)."),
    GAUGE("DCGM_FI_DEV_POWER_USAGE", POWER_USAGE, 0.001, "Power drawn (in W)."),
    COUNTER("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", ENERGY, 1,
            "Energy since the driver was loaded (in mJ)."),
    COUNTER("DCGM_FI_DEV_PCIE_REPLAY_COUNTER", PCIE_REPLAYS, 1, "Packets sent again over PCIe."),
    GAUGE("DCGM_FI_DEV_GPU_UTIL", UTIL_GPU, 1, "Share of time in which a kernel ran (in %)."),
    GAUGE("DCGM_FI_DEV_MEM_COPY_UTIL", UTIL_MEMORY, 1,
          "Share of time in which memory was read or written (in %)."),
    GAUGE("DCGM_FI_DEV_ENC_UTIL", UTIL_ENCODER, 1, "Load of the video encoder (in %)."),
    GAUGE("DCGM_FI_DEV_DEC_UTIL", UTIL_DECODER, 1, "Load of the video decoder (in %)."),
    GAUGE("DCGM_FI_DEV_FB_FREE", MEMORY_FREE, PER_MIB, "Memory that is left (in MiB)."),
    GAUGE("DCGM_FI_DEV_FB_USED", MEMORY_USED, PER_MIB, "Memory in use (in MiB)."),
    GAUGE("DCGM_FI_DEV_FB_RESERVED", MEMORY_RESERVED, PER_MIB,
          "Memory that the driver keeps for itself (in MiB)."),
    COUNTER("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", REMAPPED_UNCORRECTABLE, 1,
            "Rows of memory replaced for uncorrectable errors."),
    COUNTER("DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS", REMAPPED_CORRECTABLE, 1,
            "Rows of memory replaced for correctable errors."),
    GAUGE("DCGM_FI_DEV_ROW_REMAP_FAILURE", REMAPPED_FAILURE, 1,
          "Replacing a row has failed at some time."),
    GAUGE("DCGM_FI_PROF_SM_ACTIVE", SM_ACTIVE, 0.01, "Share of multiprocessors that were busy."),
    GAUGE("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", TENSOR_ACTIVE, 0.01,
          "Share of time in which the tensor cores were busy."),
    GAUGE("DCGM_FI_PROF_DRAM_ACTIVE", DRAM_ACTIVE, 0.01, "Share of the memory's bandwidth in use."),
    GAUGE("DCGM_FI_PROF_PCIE_TX_BYTES", PCIE_TX, 1024,
          "Data sent over PCIe (in bytes per second)."),
    GAUGE("DCGM_FI_PROF_PCIE_RX_BYTES", PCIE_RX, 1024,
          "Data received over PCIe (in bytes per second)."),
};

/* The GPU that a MIG device is part of, which stands before it; else the device itself. */
static const struct walk_device *gpu_of(const struct walk *walk, const struct walk_device *device)
{
    while (device > walk->devices && device->row->mig >= 0)
        device--;
    return device;
}

/* What is told of a GPU instance is the same on all its compute instances: the first stands for
 * them. */
static bool has_device(const struct walk *walk, const struct walk_device *device)
{
    const struct walk_device *gpu = gpu_of(walk, device);
    struct value instance = snapshot_device_value(device->row, NVITOP_DEV_GPU_INSTANCE_ID);
    for (const struct walk_device *at = gpu; device->row->mig >= 0 && at < device; at++) {
        struct value other = snapshot_device_value(at->row, NVITOP_DEV_GPU_INSTANCE_ID);
        if (at->row->mig >= 0 && value_number(other, -1) == value_number(instance, -1))
            return false;
    }
    return true;
}

/* The last word of a MIG device's name, without the share of a compute instance: 1c.3g.40gb. */
static const char *profile_of(const struct walk_device *device)
{
    const char *name = value_text_or(snapshot_device_value(device->row, NVITOP_DEV_NAME), "");
    const char *blank = strrchr(name, ' ');
    size_t digits = blank ? strspn(blank + 1, "0123456789") : 0;
    if (digits && strncmp(blank + 1 + digits, "c.", 2) == 0)
        return blank + 1 + digits + 2;
    return blank ? blank + 1 : NULL;
}

static const struct walk_fact identity[] = {
    { "UUID", NVITOP_DEV_UUID },
    { "pci_bus_id", NVITOP_DEV_BUS_ID },
    { "modelName", NVITOP_DEV_NAME },
};

static void label_device(struct walk *walk, const struct walk_device *device)
{
    char node[24];
    snprintf(node, sizeof(node), "nvidia%d", (int)device->row->physical);
    walk_label_value(walk, "gpu", value_int(device->row->physical));
    walk_label(walk, "device", node);
    walk_device_facts(walk, gpu_of(walk, device), identity, ARRAY_LEN(identity));
    if (device->row->mig >= 0) {
        walk_label(walk, "GPU_I_PROFILE", profile_of(device));
        walk_label_value(walk, "GPU_I_ID",
                         snapshot_device_value(device->row, NVITOP_DEV_GPU_INSTANCE_ID));
    }
    compat_label_hostname(walk, "Hostname"); /* of old releases, and of most dashboards */
    compat_label_hostname(walk, "hostname");
}

const struct compat_peer compat_dcgm = {
    .word = "dcgm",
    .rows = rows,
    .row_count = ARRAY_LEN(rows),
    .has_device = has_device,
    .label_device = label_device,
};
