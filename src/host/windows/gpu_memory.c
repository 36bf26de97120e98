/*
 * The memory of a process on a GPU, as Windows counts it: where it hands that memory out itself
 * (WDDM), the driver does not know whose it is. The counters are those that the task manager shows;
 * which GPU one belongs to is told by a number, the LUID, and the kernel tells where on the PCI bus
 * the GPU of a LUID is.
 *
 * All counters are read at once, and are good for as long as a look at everything takes. Of a
 * system that has none (before Windows 10, version 1709) nothing is asked again.
 */
#include <pdh.h>
#include <pdhmsg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/wide_windows.h"
#include "host/gpu_usage.h"
#include "host/windows/internal.h"

enum { GOOD_MS = 400, ADAPTERS_MAX = 64, ADAPTER_ADDRESS = 6 };

/* As the kernel takes and gives them (d3dkmthk.h of Microsoft's driver kit). */
struct kernel_adapter {
    UINT handle;
    LUID luid;
    ULONG sources;
    BOOL has_precise_regions;
};
struct kernel_adapters {
    ULONG count;
    struct kernel_adapter *items;
};
struct kernel_question {
    UINT adapter, type;
    void *answer;
    UINT size;
};
struct kernel_address {
    UINT bus, device, function;
};
struct kernel_close {
    UINT adapter;
};

typedef NTSTATUS(APIENTRY *enumerate_fn)(struct kernel_adapters *);
typedef NTSTATUS(APIENTRY *query_fn)(struct kernel_question *);
typedef NTSTATUS(APIENTRY *close_fn)(const struct kernel_close *);

struct gpu_memory {
    PDH_HQUERY query;
    PDH_HCOUNTER counter;
    bool has_counter;
    uint64_t read_ns; /* 0: never */
    struct gpu_usage usage;
    struct gpu_adapter adapters[ADAPTERS_MAX];
    size_t adapter_count;
    enumerate_fn enumerate;
    query_fn ask;
    close_fn close;
};

static void look_up(HMODULE library, const char *name, void *ret_function)
{
    FARPROC found = library ? GetProcAddress(library, name) : NULL;
    memcpy(ret_function, &found, sizeof(found));
}

struct gpu_memory *gpu_memory_new(void)
{
    struct gpu_memory *memory = xcalloc(1, sizeof(*memory));
    HMODULE library = LoadLibraryExW(L"gdi32.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
    look_up(library, "D3DKMTEnumAdapters2", &memory->enumerate);
    look_up(library, "D3DKMTQueryAdapterInfo", &memory->ask);
    look_up(library, "D3DKMTCloseAdapter", &memory->close);
    if (!memory->enumerate || !memory->ask || !memory->close ||
        PdhOpenQueryW(NULL, 0, &memory->query) != ERROR_SUCCESS)
        return memory;
    memory->has_counter =
        PdhAddEnglishCounterW(memory->query, L"\\GPU Process Memory(*)\\Dedicated Usage", 0,
                              &memory->counter) == ERROR_SUCCESS;
    return memory;
}

void gpu_memory_free(struct gpu_memory *memory)
{
    if (!memory)
        return;
    if (memory->query)
        PdhCloseQuery(memory->query);
    gpu_usage_done(&memory->usage);
    free(memory);
}

/* ---- the GPUs ---- */

/* One whose place is not told is kept too, or it would be new at each look. */
static void add_adapter(struct gpu_memory *memory, const struct kernel_adapter *adapter)
{
    struct kernel_address address = { 0 };
    struct kernel_question question = { .adapter = adapter->handle,
                                        .type = ADAPTER_ADDRESS,
                                        .answer = &address,
                                        .size = sizeof(address) };
    const struct kernel_close close = { adapter->handle };
    bool is_told = memory->ask(&question) >= 0;
    memory->adapters[memory->adapter_count++] = (struct gpu_adapter){
        .luid = (uint64_t)(uint32_t)adapter->luid.HighPart << 32 | adapter->luid.LowPart,
        .bus = address.bus,
        .device = address.device,
        .function = address.function,
        .is_placeless = !is_told,
    };
    memory->close(&close);
}

static void read_adapters(struct gpu_memory *memory)
{
    struct kernel_adapter items[ADAPTERS_MAX];
    struct kernel_adapters adapters = { .count = ADAPTERS_MAX, .items = items };
    memory->adapter_count = 0;
    if (memory->enumerate(&adapters) < 0)
        return;
    for (ULONG i = 0; i < MIN_OF(adapters.count, (ULONG)ADAPTERS_MAX); i++)
        add_adapter(memory, &items[i]);
}

/* ---- the counters ---- */

static void add_counters(struct gpu_memory *memory, const PDH_FMT_COUNTERVALUE_ITEM_W *items,
                         DWORD count)
{
    for (DWORD i = 0; i < count; i++) {
        char *name = wide_to(items[i].szName, wcslen(items[i].szName));
        if (items[i].FmtValue.CStatus == PDH_CSTATUS_VALID_DATA ||
            items[i].FmtValue.CStatus == PDH_CSTATUS_NEW_DATA)
            gpu_usage_add(&memory->usage, name, items[i].FmtValue.largeValue);
        free(name);
    }
}

static void read_counters(struct gpu_memory *memory)
{
    DWORD size = 0, count = 0;
    gpu_usage_clear(&memory->usage);
    if (PdhCollectQueryData(memory->query) != ERROR_SUCCESS ||
        (DWORD)PdhGetFormattedCounterArrayW(memory->counter, PDH_FMT_LARGE, &size, &count, NULL) !=
            (DWORD)PDH_MORE_DATA)
        return;
    PDH_FMT_COUNTERVALUE_ITEM_W *items = xcalloc(1, size);
    if (PdhGetFormattedCounterArrayW(memory->counter, PDH_FMT_LARGE, &size, &count, items) ==
        ERROR_SUCCESS)
        add_counters(memory, items, count);
    free(items);
}

bool host_counts_gpu_memory(void)
{
    return true;
}

struct value host_gpu_memory(struct host *host, pid_t pid, const char *bus_id)
{
    uint64_t now_ns = clock_mono_ns();
    if (!host->gpu_memory)
        host->gpu_memory = gpu_memory_new();
    struct gpu_memory *memory = host->gpu_memory;
    if (!memory->has_counter)
        return value_na(NVITOP_WHY_NOT_SUPPORTED);
    if (!memory->read_ns || now_ns - memory->read_ns > GOOD_MS * CLOCK_NS_PER_MS) {
        read_counters(memory);
        if (gpu_usage_has_unknown(&memory->usage, memory->adapters, memory->adapter_count))
            read_adapters(memory);
        memory->read_ns = now_ns;
    }
    return gpu_usage_of(&memory->usage, memory->adapters, memory->adapter_count, (uint32_t)pid,
                        bus_id);
}
