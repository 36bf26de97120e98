/* The processes of one device, as the driver lists them. */
#include <stddef.h>
#include <string.h>

#include "api/api.h"
#include "base/mem.h"

static struct nvitop_process row_of(const struct device_process *process,
                                    struct session_start start)
{
    return (struct nvitop_process){
        .pid = process->row.pid,
        .gi_id = process->row.gpu_instance,
        .ci_id = process->row.compute_instance,
        .type_bits = (uint8_t)process->row.types,
        .is_foreign = start.is_foreign,
        .start_ticks = start.ticks,
        .gpu_memory = api_value(process->row.used_memory),
        .sm = api_value(process->sm),
        .mem = api_value(process->memory),
        .enc = api_value(process->encoder),
        .dec = api_value(process->decoder),
    };
}

/* A device that is lost has no processes; of one that would not say, it is not known. */
static int status_of(struct value why)
{
    static const int statuses[NVITOP_WHY_COUNT] = {
        [NVITOP_WHY_NOT_SUPPORTED] = NVITOP_ENOTSUP,
        [NVITOP_WHY_NO_PERMISSION] = NVITOP_EPERM,
        [NVITOP_WHY_NO_SYMBOL] = NVITOP_ENOSYMBOL,
        [NVITOP_WHY_NOT_RESPONDING] = NVITOP_ETIMEOUT,
    };
    if (why.why == NVITOP_WHY_NONE || why.why == NVITOP_WHY_LOST)
        return NVITOP_OK;
    return statuses[why.why] ? statuses[why.why] : NVITOP_EUNKNOWN;
}

/* Rows as far apart as the caller's are, which may be those of an older or a newer header. */
static void copy_rows(const struct session_processes *processes, struct nvitop_process *ret_rows,
                      size_t row_size, size_t cap)
{
    for (size_t i = 0; i < MIN_OF(cap, processes->count); i++) {
        struct nvitop_process row = row_of(&processes->rows[i], processes->starts[i]);
        char *at = (char *)ret_rows + i * row_size;
        memset(at, 0, row_size);
        memcpy(at, &row, MIN_OF(row_size, sizeof(row)));
    }
}

int nvitop_device_processes(struct nvitop_device *device, struct nvitop_process *ret_rows,
                            size_t row_size, size_t cap, size_t *ret_count)
{
    enum { FIRST_SIZE = offsetof(struct nvitop_process, dec) + sizeof(struct nvitop_value) };
    struct session_processes processes;
    struct arena arena = { 0 };
    bool is_good = device && row_size >= FIRST_SIZE && api_is_array(ret_rows, cap, ret_count);
    int status = is_good ? api_begin(device->session) : NVITOP_EINVAL;
    if (status < 0)
        return status;
    status = session_processes(device->session->core, device->index, &arena, &processes);
    if (status == NVITOP_OK && !processes.count)
        status = status_of(processes.why);
    if (status == NVITOP_OK) {
        copy_rows(&processes, ret_rows, row_size, cap);
        *ret_count = processes.count;
    }
    arena_done(&arena);
    api_end(device->session);
    return status;
}
