/* Processes as the host knows them. Rows and texts are in one arena, whose head lies before them.
 */
#include <stddef.h>
#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/mem.h"

struct block {
    struct arena arena;
    max_align_t rows[];
};

static struct nvitop_host_process row_of(uint32_t pid, const struct session_fact *fact)
{
    return (struct nvitop_host_process){
        .pid = pid,
        .presence = api_presence(fact->presence),
        .start_ticks = fact->start_ticks,
        .read_ns = fact->read_ns,
        .uid = api_value(fact->uid),
        .user = api_value(fact->user),
        .ppid = api_value(fact->ppid),
        .threads = api_value(fact->threads),
        .state = api_value(fact->state),
        .name = api_value(fact->name),
        .command = api_value(fact->command),
        .rss = api_value(fact->rss),
        .cpu_seconds = api_value(fact->cpu_seconds),
        .running_time = api_value(fact->running_time),
        .comm = fact->comm,
        .argv = fact->argv,
        .argv_len = fact->argv_len,
    };
}

/* Rows as far apart as the caller's are. */
static struct block *make_block(struct arena *arena, const uint32_t *pids, size_t count,
                                const struct session_fact *facts, size_t row_size)
{
    struct block *block = arena_alloc(arena, sizeof(*block) + count * row_size);
    for (size_t i = 0; i < count; i++) {
        struct nvitop_host_process row = row_of(pids[i], &facts[i]);
        memcpy((char *)block->rows + i * row_size, &row, MIN_OF(row_size, sizeof(row)));
    }
    block->arena = *arena;
    return block;
}

int nvitop_host_processes(struct nvitop_session *session, const uint32_t *pids, size_t count,
                          uint32_t flags, size_t row_size, struct nvitop_host_process **ret_rows)
{
    enum { FIRST_SIZE = offsetof(struct nvitop_host_process, argv_len) + sizeof(size_t) };
    enum { SIZE_MAX_SANE = 1 << 16, COUNT_MAX = 1 << 22 };
    bool is_good = ret_rows && (pids || !count) && row_size >= FIRST_SIZE &&
                   row_size <= SIZE_MAX_SANE && !(flags & ~(uint32_t)NVITOP_HOST_PROCESS_COMMAND);
    struct arena arena = { 0 };
    int status = !is_good ? NVITOP_EINVAL : count > COUNT_MAX ? NVITOP_ETOOBIG : api_begin(session);
    if (status < 0)
        return status;
    struct session_fact *facts = arena_array(&arena, count, sizeof(*facts));
    status = session_facts(session->core, pids, count, flags != 0, &arena, facts);
    api_end(session);
    if (status < 0) {
        arena_done(&arena);
        return status;
    }
    struct block *block = make_block(&arena, pids, count, facts, row_size);
    *ret_rows = (struct nvitop_host_process *)block->rows;
    return NVITOP_OK;
}

void nvitop_host_processes_free(struct nvitop_host_process *rows)
{
    if (!rows)
        return;
    struct block *block = (struct block *)((char *)rows - offsetof(struct block, rows));
    struct arena arena = block->arena; /* the block itself lives in it */
    arena_done(&arena);
}
