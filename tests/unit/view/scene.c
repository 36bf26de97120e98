/* The fixtures. Whatever is not set is N/A, as it would be if nobody had asked. */
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "view/frame.h"
#include "view/theme.h"

#define MIB ((int64_t)1024 * 1024)

static struct value na(void)
{
    return value_na(NVITOP_WHY_NOT_SUPPORTED);
}

/* -1 stands for "not available" in the tables below. */
static struct value number(int64_t i)
{
    return i < 0 ? na() : value_int(i);
}

static struct value flag(int i)
{
    return i < 0 ? na() : value_bool(i != 0);
}

void scene_set(struct snapshot *snapshot, size_t device, int id, struct value value)
{
    snapshot->devices[device].values[id - NVITOP_DEV_NAME] = value;
}

void scene_set_process(struct snapshot *snapshot, size_t process, int id, struct value value)
{
    snapshot->processes[process].values[id - NVITOP_PROC_TYPE] = value;
}

void scene_set_host(struct snapshot *snapshot, int id, struct value value)
{
    snapshot->host[id - NVITOP_HOST_CPU_PERCENT] = value;
}

static void set_memory(struct snapshot *snapshot, size_t device, int64_t used, int64_t total)
{
    scene_set(snapshot, device, NVITOP_DEV_MEMORY_USED, value_int(used * MIB));
    scene_set(snapshot, device, NVITOP_DEV_MEMORY_TOTAL, value_int(total * MIB));
    scene_set(snapshot, device, NVITOP_DEV_MEMORY_PERCENT,
              value_real(100.0 * (double)used / (double)total));
    scene_set(snapshot, device, NVITOP_DEV_MEMORY_KIND, value_text("FB"));
}

static struct snapshot *new_scene(size_t devices, size_t processes)
{
    struct snapshot *snapshot = snapshot_new();
    snapshot->has_processes = true;
    struct arena *arena = &snapshot->arena;
    snapshot->epoch_us = UINT64_C(1795429389) * 1000000;
    snapshot->driver_version = value_text("515.65.01");
    snapshot->cuda_version = value_text("11.7");
    snapshot->devices = arena_array(arena, devices, sizeof(*snapshot->devices));
    snapshot->device_count = devices;
    snapshot->processes = arena_array(arena, processes, sizeof(*snapshot->processes));
    snapshot->process_count = processes;
    snapshot->user = "root";
    snapshot->hostname = "vm";
    snapshot->is_superuser = true;
    for (size_t i = 0; i < devices; i++) {
        snapshot->devices[i].physical = (int32_t)i;
        snapshot->devices[i].mig = -1;
        snapshot->devices[i].is_leaf = true;
    }
    scene_set_host(snapshot, NVITOP_HOST_MEMORY_PERCENT, value_real(2.7));
    scene_set_host(snapshot, NVITOP_HOST_MEMORY_USED, value_int(655 * MIB));
    scene_set_host(snapshot, NVITOP_HOST_SWAP_PERCENT, value_real(0));
    scene_set_host(snapshot, NVITOP_HOST_SWAP_USED, value_int(0));
    scene_set_host(snapshot, NVITOP_HOST_CPU_PERCENT, value_real(9.4));
    scene_set_host(snapshot, NVITOP_HOST_UPTIME, value_real(100000));
    scene_set_host(snapshot, NVITOP_HOST_LOAD1, value_real(0.35));
    scene_set_host(snapshot, NVITOP_HOST_LOAD5, value_real(12.5));
    scene_set_host(snapshot, NVITOP_HOST_LOAD15, value_real(123.456));
    return snapshot;
}

struct gpu {
    const char *name, *bus_id;
    int fan, temperature, pstate, power, limit, used, total;
    int util, bandwidth, ecc, persistence, display, compute, mig, sm_clock, memory_clock;
};

static void set_gpu(struct snapshot *snapshot, size_t i, const struct gpu *gpu)
{
    scene_set(snapshot, i, NVITOP_DEV_NAME, value_text(gpu->name));
    scene_set(snapshot, i, NVITOP_DEV_BUS_ID, value_text(gpu->bus_id));
    scene_set(snapshot, i, NVITOP_DEV_FAN_SPEED, number(gpu->fan));
    scene_set(snapshot, i, NVITOP_DEV_TEMPERATURE, number(gpu->temperature));
    scene_set(snapshot, i, NVITOP_DEV_PSTATE, number(gpu->pstate));
    scene_set(snapshot, i, NVITOP_DEV_POWER_USAGE, number(gpu->power));
    scene_set(snapshot, i, NVITOP_DEV_POWER_LIMIT, number(gpu->limit));
    if (gpu->limit > 0)
        scene_set(snapshot, i, NVITOP_DEV_POWER_PERCENT,
                  value_real(100.0 * gpu->power / gpu->limit));
    set_memory(snapshot, i, gpu->used, gpu->total);
    scene_set(snapshot, i, NVITOP_DEV_UTIL_GPU, number(gpu->util));
    scene_set(snapshot, i, NVITOP_DEV_UTIL_MEMORY, number(gpu->bandwidth));
    scene_set(snapshot, i, NVITOP_DEV_ECC_ERRORS, number(gpu->ecc));
    scene_set(snapshot, i, NVITOP_DEV_PERSISTENCE_MODE, flag(gpu->persistence));
    scene_set(snapshot, i, NVITOP_DEV_DISPLAY_ACTIVE, flag(gpu->display));
    scene_set(snapshot, i, NVITOP_DEV_COMPUTE_MODE, number(gpu->compute));
    scene_set(snapshot, i, NVITOP_DEV_MIG_MODE, flag(gpu->mig));
    scene_set(snapshot, i, NVITOP_DEV_CLOCK_SM, number(gpu->sm_clock));
    scene_set(snapshot, i, NVITOP_DEV_CLOCK_MEMORY, number(gpu->memory_clock));
}

static struct value type_word(unsigned types)
{
    static const char *const words[] = { NULL, "C", "G", "C+G" };
    return words[types] ? value_text(words[types]) : na();
}

static void set_process(struct snapshot *snapshot, size_t i, uint32_t pid, size_t device,
                        unsigned types, int64_t mib)
{
    struct snapshot_process *process = &snapshot->processes[i];
    process->pid = pid;
    process->device = device;
    process->types = types;
    scene_set_process(snapshot, i, NVITOP_PROC_TYPE, type_word(types));
    process->is_own = true;
    scene_set_process(snapshot, i, NVITOP_PROC_GPU_MEMORY, mib < 0 ? na() : value_int(mib * MIB));
    scene_set_process(snapshot, i, NVITOP_PROC_UTIL_SM, value_int(0));
    scene_set_process(snapshot, i, NVITOP_PROC_UTIL_MEMORY, value_int(0));
    scene_set_process(snapshot, i, NVITOP_PROC_USER, value_text("root"));
    scene_set_process(snapshot, i, NVITOP_PROC_CPU_PERCENT, value_real(0));
    scene_set_process(snapshot, i, NVITOP_PROC_RSS_PERCENT, value_real(0.04));
    scene_set_process(snapshot, i, NVITOP_PROC_RUNNING_TIME, value_real(70));
    scene_set_process(snapshot, i, NVITOP_PROC_COMMAND, value_text("python3 100000"));
}

static void set_util(struct snapshot *snapshot, size_t i, int sm, int bandwidth)
{
    scene_set_process(snapshot, i, NVITOP_PROC_UTIL_SM, value_int(sm));
    scene_set_process(snapshot, i, NVITOP_PROC_UTIL_MEMORY, value_int(bandwidth));
}

static void set_gone(struct snapshot *snapshot, size_t i)
{
    static const int ids[] = { NVITOP_PROC_USER, NVITOP_PROC_CPU_PERCENT, NVITOP_PROC_RSS_PERCENT,
                               NVITOP_PROC_RUNNING_TIME, NVITOP_PROC_COMMAND };
    snapshot->processes[i].presence = PROCESS_GONE;
    snapshot->processes[i].is_own = false;
    for (size_t j = 0; j < ARRAY_LEN(ids); j++)
        scene_set_process(snapshot, i, ids[j], value_na(NVITOP_WHY_GONE));
}

struct snapshot *scene_a(void)
{
    static const struct gpu gpus[] = {
        { "NVIDIA GeForce RTX 2080 Ti", "00000000:05:00.0", 22, 39, 2, 66051, 250000, 1041, 11019,
          17, 7, -1, 0, 0, 0, -1, 1815, 6800 },
        { "NVIDIA A100-SXM4-80GB", "00000000:15:00.0", -1, 33, 0, 401000, 400000, 79000, 81920, 100,
          55, 0, 1, 0, 3, 0, 1410, 1593 },
        { "Tesla K80 Special Very Long Name Edition", "00000000:25:00.0", 100, 101, 8, 5000, -1, 3,
          11441, 0, 0, 12345, 1, 1, 0, -1, 562, 2505 },
    };
    struct snapshot *snapshot = new_scene(3, 5);
    for (size_t i = 0; i < ARRAY_LEN(gpus); i++)
        set_gpu(snapshot, i, &gpus[i]);
    set_process(snapshot, 0, 16471, 0, PROCESS_TYPE_COMPUTE, 1031);
    set_util(snapshot, 0, 5, 3);
    set_process(snapshot, 1, 16472, 0, PROCESS_TYPE_COMPUTE | PROCESS_TYPE_GRAPHICS, 0);
    set_util(snapshot, 1, 12, 55);
    set_process(snapshot, 2, 16480, 1, PROCESS_TYPE_COMPUTE, 9000);
    snapshot->processes[2].is_own = false;
    scene_set_process(snapshot, 2, NVITOP_PROC_USER, value_text("nobody"));
    set_process(snapshot, 3, 16472, 1, PROCESS_TYPE_COMPUTE, 70000);
    set_util(snapshot, 3, 99, 40);
    set_process(snapshot, 4, 999999, 1, PROCESS_TYPE_GRAPHICS, -1);
    set_gone(snapshot, 4);
    return snapshot;
}

static void set_mig(struct snapshot *snapshot, size_t i, int mig, const char *name,
                    int gpu_instance)
{
    snapshot->devices[i].physical = 0;
    snapshot->devices[i].mig = mig;
    scene_set(snapshot, i, NVITOP_DEV_NAME, value_text(name));
    scene_set(snapshot, i, NVITOP_DEV_GPU_INSTANCE_ID, value_int(gpu_instance));
    scene_set(snapshot, i, NVITOP_DEV_COMPUTE_INSTANCE_ID, value_int(0));
}

static void set_bar1(struct snapshot *snapshot, size_t i, int used, int total)
{
    scene_set(snapshot, i, NVITOP_DEV_BAR1_USED, value_int(used * MIB));
    scene_set(snapshot, i, NVITOP_DEV_BAR1_PERCENT, value_real(100.0 * used / total));
}

struct snapshot *scene_m(void)
{
    static const struct gpu gpus[] = {
        { "NVIDIA A100-SXM4-40GB", "00000000:07:00.0", -1, 40, 0, 100000, 400000, 9000, 40536, -1,
          -1, 0, 1, 0, 0, 1, 1410, 1215 },
        { "NVIDIA A100-SXM4-40GB", "00000000:0F:00.0", -1, 40, 0, 100000, 400000, 9000, 40536, 33,
          20, 0, 1, 0, 0, 0, 1410, 1215 },
    };
    struct snapshot *snapshot = new_scene(4, 3);
    set_gpu(snapshot, 0, &gpus[0]);
    snapshot->devices[0].is_leaf = false;
    set_mig(snapshot, 1, 0, "NVIDIA A100-SXM4-40GB MIG 1g.5gb", 7);
    set_memory(snapshot, 1, 3000, 4864);
    set_bar1(snapshot, 1, 1, 8191);
    set_mig(snapshot, 2, 1, "NVIDIA A100-SXM4-40GB MIG 3g.20gb", 1);
    set_memory(snapshot, 2, 9000, 19968);
    set_bar1(snapshot, 2, 16000, 16383);
    snapshot->devices[3].physical = 1;
    set_gpu(snapshot, 3, &gpus[1]);
    for (uint32_t i = 0; i < 3; i++) {
        set_process(snapshot, i, 16471 + i, i + 1, PROCESS_TYPE_COMPUTE, 2000);
        if (i == 2)
            continue;
        scene_set_process(snapshot, i, NVITOP_PROC_UTIL_SM, na());
        scene_set_process(snapshot, i, NVITOP_PROC_UTIL_MEMORY, na());
    }
    return snapshot;
}

struct snapshot *scene_b(void)
{
    static const struct gpu gpu = { "NVIDIA GeForce RTX 3090",
                                    "00000000:01:00.0",
                                    45,
                                    59,
                                    2,
                                    329000,
                                    350000,
                                    13390,
                                    24576,
                                    93,
                                    55,
                                    -1,
                                    0,
                                    0,
                                    0,
                                    -1,
                                    1815,
                                    9501 };
    struct snapshot *snapshot = new_scene(1, 30);
    set_gpu(snapshot, 0, &gpu);
    for (uint32_t i = 0; i < 30; i++)
        set_process(snapshot, i, 20000 + i, 0, PROCESS_TYPE_COMPUTE, 100 + i);
    return snapshot;
}

struct snapshot *scene_z(void)
{
    return new_scene(0, 0);
}

struct snapshot *scene_server(size_t gpus, size_t processes)
{
    struct snapshot *snapshot = new_scene(gpus, processes);
    for (size_t i = 0; i < gpus; i++) {
        int load = (int)(i * 37 % 101);
        struct gpu gpu = {
            "NVIDIA H100 80GB HBM3",
            "00000000:01:00.0",
            -1,
            30 + load / 2,
            0,
            70000 + 6300 * load,
            700000,
            600 + load * 790,
            81559,
            load,
            load / 2,
            0,
            1,
            0,
            0,
            0,
            345 + load * 16,
            2619,
        };
        set_gpu(snapshot, i, &gpu);
    }
    for (size_t i = 0; i < processes; i++)
        set_process(snapshot, i, (uint32_t)(20000 + i), i * gpus / processes, PROCESS_TYPE_COMPUTE,
                    500);
    return snapshot;
}

static void set_relative(struct snapshot *snapshot, size_t i, uint32_t pid, uint32_t ppid,
                         const char *command)
{
    struct snapshot_process *process = &snapshot->relatives[i];
    *process = (struct snapshot_process){
        .pid = pid, .start_ticks = pid, .device = (size_t)SNAPSHOT_NO_DEVICE, .is_own = true
    };
    process->values[NVITOP_PROC_USER - NVITOP_PROC_TYPE] = value_text("root");
    process->values[NVITOP_PROC_PPID - NVITOP_PROC_TYPE] = value_int(ppid);
    process->values[NVITOP_PROC_THREADS - NVITOP_PROC_TYPE] = value_int(13);
    process->values[NVITOP_PROC_CPU_PERCENT - NVITOP_PROC_TYPE] = value_real(1.25);
    process->values[NVITOP_PROC_RSS_PERCENT - NVITOP_PROC_TYPE] = value_real(0.1);
    process->values[NVITOP_PROC_RUNNING_TIME - NVITOP_PROC_TYPE] = value_real(100000);
    process->values[NVITOP_PROC_COMMAND - NVITOP_PROC_TYPE] = value_text(command);
}

struct snapshot *scene_family(void)
{
    struct snapshot *snapshot = scene_a();
    snapshot->relatives = arena_array(&snapshot->arena, 4, sizeof(*snapshot->relatives));
    snapshot->relative_count = 4;
    snapshot->has_relatives = true;
    set_relative(snapshot, 0, 1, 0, "/sbin/init splash");
    set_relative(snapshot, 1, 800, 1, "/usr/sbin/sshd -D");
    set_relative(snapshot, 2, 16473, 16471, "python3 --workers 训练 --name loader");
    set_relative(snapshot, 3, 16481, 16480, "sh -c \"while true; do sleep 1; done\"");
    static const uint32_t parents[] = { 800, 16471, 1, 16471, 16471 };
    for (size_t i = 0; i < snapshot->process_count; i++) {
        snapshot->processes[i].start_ticks = snapshot->processes[i].pid;
        scene_set_process(snapshot, i, NVITOP_PROC_PPID, value_int(parents[i]));
        scene_set_process(snapshot, i, NVITOP_PROC_THREADS, value_int(4));
    }
    return snapshot;
}

struct view_options scene_options(int columns)
{
    return (struct view_options){
        .columns = columns,
        .gpu_thresholds = { 10, 75 },
        .memory_thresholds = { 10, 80 },
        .version = "1.0.0",
    };
}

char *scene_report(const struct snapshot *snapshot, const struct view_options *options,
                   bool is_ansi)
{
    struct str text = { 0 };
    struct frame *frame = report_draw(snapshot, options);
    frame_write(frame, is_ansi ? FRAME_ANSI : FRAME_PLAIN, &text);
    frame_free(frame);
    return str_take(&text);
}

struct model scene_model(const struct snapshot *snapshot, int rows, int columns)
{
    static const struct theme theme = { .gpu_thresholds = { 10, 75 },
                                        .memory_thresholds = { 10, 80 } };
    return (struct model){
        .snapshot = snapshot,
        .theme = &theme,
        .version = "1.0.0",
        .epoch_us = snapshot->epoch_us,
        .rows = rows,
        .columns = columns,
        .scroll_columns = SCROLL_START,
    };
}

/* A saw of that period, in percent. */
static struct value saw(int second, int period)
{
    return value_real(100.0 * (second % period) / period);
}

void scene_history(struct snapshot *snapshot, int seconds, struct histories *ret_histories)
{
    static const int host[] = { NVITOP_HOST_CPU_PERCENT, NVITOP_HOST_MEMORY_PERCENT,
                                NVITOP_HOST_SWAP_PERCENT };
    struct value kept[ARRAY_LEN(host)];
    *ret_histories = (struct histories){ 0 };
    for (size_t i = 0; i < ARRAY_LEN(host); i++)
        kept[i] = snapshot_host_value(snapshot, host[i]);
    for (int second = -seconds; second <= 0; second++) {
        for (size_t i = 0; i < ARRAY_LEN(host); i++)
            scene_set_host(snapshot, host[i],
                           second < -1 ? saw(second + seconds, 20 * (int)(i + 1)) : kept[i]);
        snapshot->mono_ns = (uint64_t)(100000 + second) * 1000000000;
        histories_push(ret_histories, snapshot);
    }
}

void scene_select(struct model *model, size_t process)
{
    const struct snapshot_process *row = &model->snapshot->processes[process];
    model->selection = (struct selection){
        .is_set = true,
        .process = { row->pid, row->start_ticks },
        .physical = model->snapshot->devices[row->device].physical,
        .mig = model->snapshot->devices[row->device].mig,
    };
}

char *scene_page(const struct model *model,
                 void (*draw)(const struct model *model, struct frame *frame), bool is_ansi)
{
    struct str text = { 0 };
    struct frame *frame = frame_new(model->rows, model->columns);
    draw(model, frame);
    frame_write(frame, is_ansi ? FRAME_ANSI : FRAME_PLAIN, &text);
    frame_free(frame);
    return str_take(&text);
}

static char *read_file(const char *path)
{
    struct str text = { 0 };
    char part[4096];
    size_t got;
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    while ((got = fread(part, 1, sizeof(part), file)) > 0)
        str_append_bytes(&text, part, got);
    fclose(file);
    return str_take(&text);
}

void scene_assert_frame(const char *name, char *text)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", getenv("NVITOP_FRAMES"), name);
    if (getenv("NVITOP_FRAMES_WRITE")) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(text, file);
        fclose(file);
    }
    char *expected = read_file(path);
    assert_non_null(expected);
    assert_string_equal(text, expected);
    free(expected);
    free(text);
}

const char *scene_line(const char *text, int row, char *ret_line, size_t size)
{
    for (; row > 0; row--) {
        const char *end = strchr(text, '\n');
        text = end ? end + 1 : "";
    }
    size_t len = MIN_OF(strcspn(text, "\n"), size - 1);
    memcpy(ret_line, text, len);
    ret_line[len] = 0;
    return ret_line;
}
