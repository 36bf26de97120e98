/*
 * The names of nvitop-exporter 1.7.2. What it tells and is not here has no metric of ours: free
 * memory of the host (ours is what can still be had), networks, disks and mounted file systems,
 * and the rates of NVLinks, of which we have the counters.
 */
#include "base/mem.h"
#include "core/snapshot.h"
#include "report/exposition.h"
#include "report/prometheus_compat.h"
#include "report/prometheus_options.h"
#include "report/prometheus_walk.h"

#define PER_MIB (1 / 1048576.0)

#define ROW(NAME, UNIT, ID, FACTOR, HELP)                                                          \
    {                                                                                              \
        NAME, UNIT, HELP, NVITOP_##ID, 0, FACTOR, false                                            \
    }

static const struct compat_row rows[] = {
    ROW("host_uptime", "Second", HOST_UPTIME, 1, "Time since the host was started."),
    ROW("host_cpu_percent", "Percentage", HOST_CPU_PERCENT, 1, "CPU use of all cores."),
    ROW("host_virtual_memory_total", "MiB", HOST_MEMORY_TOTAL, PER_MIB,
        "Usable memory of the host."),
    ROW("host_virtual_memory_used", "MiB", HOST_MEMORY_USED, PER_MIB,
        "Memory that programs cannot get any more."),
    ROW("host_virtual_memory_percent", "Percentage", HOST_MEMORY_PERCENT, 1,
        "Used memory of the host's total."),
    ROW("host_swap_memory_total", "MiB", HOST_SWAP_TOTAL, PER_MIB, "Swap space."),
    ROW("host_swap_memory_used", "MiB", HOST_SWAP_USED, PER_MIB, "Swap space in use."),
    { "host_swap_memory_free", "MiB", "Swap space that is left.", NVITOP_HOST_SWAP_TOTAL,
      NVITOP_HOST_SWAP_USED, PER_MIB, false },
    ROW("host_swap_memory_percent", "Percentage", HOST_SWAP_PERCENT, 1,
        "Used swap space of its total."),
    ROW("host_load_average_1m", "Percentage", HOST_LOAD1, 1, "Load average over 1 minute."),
    ROW("host_load_average_5m", "Percentage", HOST_LOAD5, 1, "Load average over 5 minutes."),
    ROW("host_load_average_15m", "Percentage", HOST_LOAD15, 1, "Load average over 15 minutes."),
    ROW("gpu_utilization", "Percentage", DEV_UTIL_GPU, 1, "Share of time in which a kernel ran."),
    ROW("gpu_memory_utilization", "Percentage", DEV_UTIL_MEMORY, 1,
        "Share of time in which memory was read or written."),
    ROW("gpu_encoder_utilization", "Percentage", DEV_UTIL_ENCODER, 1, "Load of the video encoder."),
    ROW("gpu_decoder_utilization", "Percentage", DEV_UTIL_DECODER, 1, "Load of the video decoder."),
    ROW("gpu_memory_total", "MiB", DEV_MEMORY_TOTAL, PER_MIB, "Memory of the GPU."),
    ROW("gpu_memory_used", "MiB", DEV_MEMORY_USED, PER_MIB, "Memory in use."),
    ROW("gpu_memory_free", "MiB", DEV_MEMORY_FREE, PER_MIB, "Memory that is left."),
    ROW("gpu_memory_percent", "Percentage", DEV_MEMORY_PERCENT, 1, "Used memory of the total."),
    ROW("gpu_clock_sm", "MHz", DEV_CLOCK_SM, 1, "Present SM clock."),
    ROW("gpu_clock_memory", "MHz", DEV_CLOCK_MEMORY, 1, "Present memory clock."),
    ROW("gpu_clock_graphics", "MHz", DEV_CLOCK_GRAPHICS, 1, "Present graphics clock."),
    ROW("gpu_clock_video", "MHz", DEV_CLOCK_VIDEO, 1, "Present video clock."),
    ROW("gpu_power_usage", "W", DEV_POWER_USAGE, 0.001, "Power drawn now."),
    ROW("gpu_power_limit", "W", DEV_POWER_LIMIT, 0.001, "Power that it may draw."),
    ROW("gpu_temperature", "C", DEV_TEMPERATURE, 1, "Temperature of the core."),
    ROW("gpu_fan_speed", "Percentage", DEV_FAN_SPEED, 1, "Intended speed of the fan."),
    ROW("gpu_pcie_tx_throughput", "MiBps", DEV_PCIE_TX, 1 / 1024.0, "Data sent over PCIe."),
    ROW("gpu_pcie_rx_throughput", "MiBps", DEV_PCIE_RX, 1 / 1024.0, "Data received over PCIe."),
    ROW("process_running_time", "Second", PROC_RUNNING_TIME, 1, "Time since the process started."),
    ROW("process_cpu_percent", "Percentage", PROC_CPU_PERCENT, 1,
        "CPU use of the process; 100 is one core."),
    ROW("process_rss_memory", "MiB", PROC_RSS, PER_MIB, "Resident memory of the process."),
    ROW("process_memory_percent", "Percentage", PROC_RSS_PERCENT, 1,
        "Resident memory of the host's total."),
    ROW("process_gpu_memory", "MiB", PROC_GPU_MEMORY, PER_MIB,
        "GPU memory of the process on this device."),
    ROW("process_gpu_sm_utilization", "Percentage", PROC_UTIL_SM, 1,
        "SM utilization by the process."),
    ROW("process_gpu_memory_utilization", "Percentage", PROC_UTIL_MEMORY, 1,
        "Memory bandwidth that the process uses."),
    ROW("process_gpu_encoder_utilization", "Percentage", PROC_UTIL_ENCODER, 1,
        "Load of the encoder by the process."),
    ROW("process_gpu_decoder_utilization", "Percentage", PROC_UTIL_DECODER, 1,
        "Load of the decoder by the process."),
};

static void label_host(struct walk *walk)
{
    compat_label_hostname(walk, "hostname");
}

static const struct walk_fact device_labels[] = {
    { "devicename", NVITOP_DEV_NAME },
    { "uuid", NVITOP_DEV_UUID },
};

/* The index of a MIG device is `GPU:INSTANCE`. */
static void label_device(struct walk *walk, const struct walk_device *device)
{
    struct str index = { 0 };
    str_printf(&index, "%d", (int)device->row->physical);
    if (device->row->mig >= 0)
        str_printf(&index, ":%d", (int)device->row->mig);
    label_host(walk);
    walk_label(walk, "index", str_text(&index));
    walk_device_facts(walk, device, device_labels, ARRAY_LEN(device_labels));
    str_done(&index);
}

static void label_process(struct walk *walk, const struct walk_process *process)
{
    label_device(walk, process->device);
    walk_label_value(walk, "pid", value_int(process->row->pid));
    walk_label_value(walk, "username", snapshot_process_value(process->row, NVITOP_PROC_USER));
}

/* ---- what is no row ---- */

static void put_info(struct walk *walk)
{
    const struct snapshot *snapshot = walk->snapshot;
    exposition_family(walk->exposition, "nvitop", "_info",
                      "GPUs, and versions of driver and CUDA.");
    walk_begin(walk, "");
    label_host(walk);
    walk_label_value(walk, "device_count", value_int(snapshot->driver_device_count));
    walk_label_value(walk, "driver_version", snapshot->driver_version);
    walk_label_value(walk, "cuda_driver_version", snapshot->cuda_version);
    walk_sample(walk, 1);
}

/* The words of psutil for the letters of the kernel. */
static const struct {
    char letter;
    const char *word;
} states[] = {
    { 'R', "running" }, { 'S', "sleeping" },     { 'D', "disk-sleep" }, { 'T', "stopped" },
    { 'Z', "zombie" },  { 't', "tracing-stop" }, { 'I', "idle" },       { 'P', "parked" },
    { 'X', "dead" },    { 'x', "dead" },         { 'W', "waking" },     { 'K', "wake-kill" },
};

static const char *state_of(const struct walk_process *process)
{
    const char *letter =
        value_text_or(snapshot_process_value(process->row, NVITOP_PROC_STATE), NULL);
    for (size_t i = 0; letter && i < ARRAY_LEN(states); i++)
        if (*letter == states[i].letter)
            return states[i].word;
    return NULL;
}

static void put_process_info(struct walk *walk)
{
    exposition_family(walk->exposition, "process_info", "_info",
                      "State of the process, and its command.");
    for (size_t i = 0; i < walk->process_count; i++) {
        const struct walk_process *process = &walk->processes[i];
        walk_begin(walk, "");
        label_process(walk, process);
        walk_label(walk, "status", state_of(process));
        if (walk->how->has_commands)
            walk_label_value(walk, "command",
                             snapshot_process_value(process->row, NVITOP_PROC_COMMAND));
        walk_sample(walk, 1);
    }
}

static void put_more(struct walk *walk)
{
    put_info(walk);
    put_process_info(walk);
}

const struct compat_peer compat_nvitop = {
    .word = "nvitop",
    .rows = rows,
    .row_count = ARRAY_LEN(rows),
    .label_device = label_device,
    .label_process = label_process,
    .label_host = label_host,
    .put_more = put_more,
};
