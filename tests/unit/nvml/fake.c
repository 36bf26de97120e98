/* The functions behind fake.h. A struct with a tag is written after its tag. */
#include "fake.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

struct fake fake;

static void touch(nvml_handle handle)
{
    fake.null_handles += handle == NULL;
}

static size_t mig_of(nvml_handle handle)
{
    return (size_t)((char *)handle - fake.things) - 1;
}

#define NUMBER(slot)                                                                               \
    static int32_t fake_##slot(nvml_handle handle, uint32_t *ret)                                  \
    {                                                                                              \
        touch(handle);                                                                             \
        fake.slot.calls++;                                                                         \
        if (!fake.slot.code)                                                                       \
            *ret = fake.slot.n[0];                                                                 \
        return fake.slot.code;                                                                     \
    }
FAKE_NUMBERS(NUMBER)

#define PAIR(slot)                                                                                 \
    static int32_t fake_##slot(nvml_handle handle, uint32_t *ret_a, uint32_t *ret_b)               \
    {                                                                                              \
        touch(handle);                                                                             \
        fake.slot.calls++;                                                                         \
        if (!fake.slot.code) {                                                                     \
            *ret_a = fake.slot.n[0];                                                               \
            *ret_b = fake.slot.n[1];                                                               \
        }                                                                                          \
        return fake.slot.code;                                                                     \
    }
FAKE_PAIRS(PAIR)

/* 0xEEEE0000 + code as a number makes that one choice fail. */
#define CHOICE(slot)                                                                               \
    static int32_t fake_##slot(nvml_handle handle, uint32_t which, uint32_t *ret)                  \
    {                                                                                              \
        touch(handle);                                                                             \
        fake.slot.calls++;                                                                         \
        if (fake.slot.code)                                                                        \
            return fake.slot.code;                                                                 \
        if (fake.slot.n[which] >> 16 == 0xEEEE)                                                    \
            return (int32_t)(fake.slot.n[which] & 0xffff);                                         \
        *ret = fake.slot.n[which];                                                                 \
        return 0;                                                                                  \
    }
FAKE_CHOICES(CHOICE)

/* Like the driver: no end is written if the text fills the buffer. */
static int32_t give_text(const struct fake_text *answer, char *ret_text, uint32_t size)
{
    if (answer->code || !answer->text)
        return answer->code;
    for (uint32_t i = 0; i < size; i++)
        if (!(ret_text[i] = answer->text[i]))
            break;
    return 0;
}

#define TEXT(slot)                                                                                 \
    static int32_t fake_##slot(nvml_handle handle, char *ret_text, uint32_t size)                  \
    {                                                                                              \
        touch(handle);                                                                             \
        return give_text(&fake.slot, ret_text, size);                                              \
    }
FAKE_TEXTS(TEXT)

static int32_t fake_uuid(nvml_handle handle, char *ret_text, uint32_t size)
{
    touch(handle);
    if ((char *)handle == fake.things)
        return give_text(&fake.uuid, ret_text, size);
    const struct fake_mig *mig = &fake.migs[mig_of(handle)];
    return give_text(&(struct fake_text){ mig->uuid_code, mig->uuid }, ret_text, size);
}

static int32_t give_struct(struct fake_struct *answer, size_t size, void *ret)
{
    answer->calls++;
    uint32_t tag = 0;
    if (answer->tag)
        memcpy(&tag, ret, sizeof(tag));
    if (tag != answer->tag)
        return NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH;
    size_t skip = answer->tag ? sizeof(tag) : 0;
    if (!answer->code)
        memcpy((char *)ret + skip, answer->bytes + skip, size - skip);
    return answer->code;
}

#define STRUCT(slot, type)                                                                         \
    static int32_t fake_##slot(nvml_handle handle, void *ret)                                      \
    {                                                                                              \
        touch(handle);                                                                             \
        return give_struct(&fake.slot, sizeof(struct type), ret);                                  \
    }
STRUCT(memory_v2, nvml_abi_memory_v2)
STRUCT(memory, nvml_abi_memory)
STRUCT(bar1, nvml_abi_bar1)
STRUCT(utilization, nvml_abi_utilization)
STRUCT(temperature_v, nvml_abi_temperature)
STRUCT(temperature_margin, nvml_abi_margin_temperature)
STRUCT(fan_rpm, nvml_abi_fan_speed)
STRUCT(attributes, nvml_abi_attributes)

void fake_set(struct fake_struct *answer, uint32_t tag, const void *bytes, size_t size)
{
    answer->tag = tag;
    memcpy(answer->bytes, bytes, size);
}

static int32_t give_two(struct fake_number *answer, nvml_handle handle, uint32_t *ret_a,
                        uint32_t *ret_b)
{
    touch(handle);
    answer->calls++;
    if (!answer->code) {
        *ret_a = answer->n[0];
        *ret_b = answer->n[1];
    }
    return answer->code;
}

static int32_t model_v2(nvml_handle handle, uint32_t *ret_a, uint32_t *ret_b)
{
    return give_two(&fake.driver_model[0], handle, ret_a, ret_b);
}

static int32_t model(nvml_handle handle, uint32_t *ret_a, uint32_t *ret_b)
{
    return give_two(&fake.driver_model[1], handle, ret_a, ret_b);
}

static int32_t give_u64(struct fake_number *answer, nvml_handle handle, uint64_t *ret)
{
    touch(handle);
    answer->calls++;
    if (!answer->code)
        *ret = (uint64_t)answer->n[1] << 32 | answer->n[0];
    return answer->code;
}

static int32_t reasons_new(nvml_handle handle, uint64_t *ret)
{
    return give_u64(&fake.event_reasons[0], handle, ret);
}

static int32_t reasons_old(nvml_handle handle, uint64_t *ret)
{
    return give_u64(&fake.event_reasons[1], handle, ret);
}

static int32_t energy(nvml_handle handle, uint64_t *ret)
{
    return give_u64(&fake.energy, handle, ret);
}

static int32_t ecc(nvml_handle handle, uint32_t type, uint32_t counter, uint64_t *ret)
{
    return type < 2 && counter < 2 ? give_u64(&fake.ecc[type][counter], handle, ret)
                                   : NVML_ABI_ERROR_INVALID_ARGUMENT;
}

static int32_t capability(nvml_handle handle, int32_t *ret_major, int32_t *ret_minor)
{
    touch(handle);
    *ret_major = (int32_t)fake.capability.n[0];
    *ret_minor = (int32_t)fake.capability.n[1];
    return fake.capability.code;
}

static int32_t give_pci(int version, nvml_handle handle, void *ret)
{
    touch(handle);
    if (!fake.pci[version].code) {
        size_t place = version == NVML_V3 ? offsetof(struct nvml_abi_pci, bus_id) : 0;
        strcpy((char *)ret + place, fake.pci[version].bus_id);
    }
    return fake.pci[version].code;
}

static int32_t pci_v3(nvml_handle handle, void *ret)
{
    return give_pci(NVML_V3, handle, ret);
}

static int32_t pci_v2(nvml_handle handle, void *ret)
{
    return give_pci(NVML_V2, handle, ret);
}

static int32_t pci_v1(nvml_handle handle, void *ret)
{
    return give_pci(NVML_V1, handle, ret);
}

static int32_t fields(nvml_handle handle, int32_t count, struct nvml_abi_field_value *values)
{
    touch(handle);
    fake.field_calls++;
    for (int32_t i = 0; i < count; i++)
        for (size_t j = 0; j < ARRAY_LEN(fake.fields); j++)
            if (values[i].field_id == fake.fields[j].field_id &&
                values[i].scope_id == fake.fields[j].scope_id)
                values[i] = fake.fields[j];
    if (fake.writes_past_fields)
        memset(&values[count], 0xff, sizeof(values[count]));
    return fake.fields_code;
}

static void write_row(const struct fake_list *list, uint32_t i, unsigned char *at)
{
    struct nvml_abi_process_detail row;
    memset(&row, 0, sizeof(row));
    row.pid = list->pids[i];
    row.used_memory = list->memory[i];
    row.gpu_instance = list->gpu_instance;
    row.used_protected_memory = list->protected_memory;
    row.compute_instance = list->gpu_instance ? 0 : NVML_ABI_NO_INSTANCE;
    memset(at, 0, list->stride);
    memcpy(at, &row, MIN_OF(list->stride, sizeof(row)));
}

static int32_t give_list(enum nvml_list_kind kind, unsigned version, nvml_handle handle,
                         uint32_t *count, unsigned char *rows)
{
    struct fake_list *list = &fake.lists[kind];
    uint32_t room = *count;
    touch(handle);
    list->calls++;
    fake.last_version[kind] = version;
    if (list->code)
        return list->code;
    if (list->growing) {
        list->growing--;
        *count = room + 1;
        return NVML_ABI_ERROR_INSUFFICIENT_SIZE;
    }
    *count = list->count;
    if (list->count > room)
        return NVML_ABI_ERROR_INSUFFICIENT_SIZE;
    for (uint32_t i = 0; i < list->count; i++)
        write_row(list, i, rows + i * list->stride);
    if (list->has_dirty_tail)
        memset(rows + list->count * list->stride, 0, 7);
    return 0;
}

#define LIST(kind, version)                                                                        \
    static int32_t list_##kind##_##version(nvml_handle handle, uint32_t *count, void *rows)        \
    {                                                                                              \
        return give_list(NVML_LIST_##kind, NVML_##version, handle, count, rows);                   \
    }
LIST(COMPUTE, V3)
LIST(COMPUTE, V2)
LIST(COMPUTE, V1)
LIST(GRAPHICS, V3)
LIST(GRAPHICS, V2)
LIST(GRAPHICS, V1)
LIST(MPS, V3)
LIST(MPS, V2)
LIST(MPS, V1)

static int32_t samples(nvml_handle handle, struct nvml_abi_process_sample *ret, uint32_t *count,
                       uint64_t since)
{
    uint32_t room = *count;
    touch(handle);
    fake.sample_calls++;
    fake.sample_since = since;
    if (fake.sample_code)
        return fake.sample_code;
    *count = fake.sample_count;
    if (fake.sample_count > room)
        return NVML_ABI_ERROR_INSUFFICIENT_SIZE;
    memcpy(ret, fake.samples, fake.sample_count * sizeof(*ret));
    return 0;
}

static int32_t mig_by_index(nvml_handle handle, uint32_t index, nvml_handle *ret)
{
    touch(handle);
    if (!fake.migs[index].code)
        *ret = (nvml_handle)(void *)&fake.things[1 + index];
    return fake.migs[index].code;
}

static int32_t handle_by_index(uint32_t index, nvml_handle *ret)
{
    if (!fake.handle.code)
        *ret = (nvml_handle)(void *)&fake.things[index];
    return fake.handle.code;
}

static int32_t gpm_support(nvml_handle handle, struct nvml_abi_gpm_support *support)
{
    touch(handle);
    support->is_supported = fake.gpm.code != NVML_ABI_ERROR_NOT_SUPPORTED;
    return support->version == NVML_ABI_GPM_SUPPORT_VERSION
               ? 0
               : NVML_ABI_ERROR_ARGUMENT_VERSION_MISMATCH;
}

static int32_t gpm_alloc(nvml_gpm_sample *sample)
{
    *sample = (nvml_gpm_sample)(void *)&fake.things[fake.gpm_samples++];
    return 0;
}

static int32_t gpm_free(nvml_gpm_sample sample)
{
    (void)sample;
    fake.gpm_samples--;
    return 0;
}

static int32_t gpm_take(nvml_handle handle, nvml_gpm_sample sample)
{
    (void)sample;
    touch(handle);
    return 0;
}

static int32_t gpm_metrics(struct nvml_abi_gpm_metrics *metrics)
{
    static const uint32_t ids[] = { 2, 5, 10 };
    fake.gpm.calls++;
    if (metrics->sample1 == metrics->sample2)
        return NVML_ABI_ERROR_INVALID_ARGUMENT;
    for (uint32_t i = 0; i < metrics->count; i++)
        for (size_t k = 0; k < ARRAY_LEN(ids); k++)
            if (metrics->metrics[i].id == ids[k]) {
                metrics->metrics[i].code = 0;
                metrics->metrics[i].value = fake.gpm.n[k] / 1e9;
            }
    return fake.gpm.code;
}

static int32_t present(nvml_handle handle, void *ret)
{
    (void)handle;
    (void)ret;
    return NVML_ABI_ERROR_NOT_SUPPORTED;
}

static int32_t nothing(void)
{
    return 0;
}

static uint64_t now(void)
{
    return fake.now_ns;
}

#define SLOT(slot) ret_symbols->slot = fake_##slot;
#define LISTS(kind)                                                                                \
    ret_symbols->lists[NVML_LIST_##kind][NVML_V3] = list_##kind##_V3;                              \
    ret_symbols->lists[NVML_LIST_##kind][NVML_V2] = list_##kind##_V2;                              \
    ret_symbols->lists[NVML_LIST_##kind][NVML_V1] = list_##kind##_V1;

void fake_symbols(struct nvml_symbols *ret_symbols)
{
    *ret_symbols = (struct nvml_symbols){
        .init = nothing,
        .shutdown = nothing,
        .handle_by_index = handle_by_index,
        .uuid = fake_uuid,
        .driver_model = { model_v2, model },
        .event_reasons = { reasons_new, reasons_old },
        .energy = energy,
        .ecc_errors = ecc,
        .compute_capability = capability,
        .pci = { pci_v3, pci_v2, pci_v1 },
        .protected_memory = present,
        .process_details = present,
        .fields = fields,
        .mig_by_index = mig_by_index,
        .gpm_support = gpm_support,
        .gpm_sample_alloc = gpm_alloc,
        .gpm_sample_free = gpm_free,
        .gpm_sample_get = gpm_take,
        .gpm_metrics_get = gpm_metrics,
        .process_samples = samples,
    };
    FAKE_NUMBERS(SLOT)
    FAKE_PAIRS(SLOT)
    FAKE_CHOICES(SLOT)
    FAKE_TEXTS(SLOT)
    FAKE_STRUCTS(SLOT)
    LISTS(COMPUTE)
    LISTS(GRAPHICS)
    LISTS(MPS)
}

void fake_reset(void)
{
    memset(&fake, 0, sizeof(fake));
    fake.now_ns = 2 * CLOCK_NS_PER_S;
    fake.name.text = "NVIDIA A100";
    fake.uuid.text = "GPU-11111111-aaaa-bbbb-cccc-000000000000";
    for (int i = 0; i < NVML_LIST_COUNT; i++)
        fake.lists[i].stride = 24;
    for (int i = 0; i < NVML_VERSION_COUNT; i++)
        fake.pci[i].bus_id = "00000000:07:00.0";
    for (size_t i = 0; i < ARRAY_LEN(fake.migs); i++)
        fake.migs[i].code = NVML_ABI_ERROR_NOT_FOUND;
    fake.memory_v2.tag = NVML_ABI_TAG_MEMORY_V2;
    fake.temperature_v.tag = NVML_ABI_TAG_TEMPERATURE;
    fake.temperature_margin.tag = NVML_ABI_TAG_MARGIN_TEMPERATURE;
    fake.fan_rpm.tag = NVML_ABI_TAG_FAN_SPEED;
}

struct nvml *fake_open_with(const struct nvml_symbols *symbols)
{
    struct nvml *nvml = nvml_new(symbols, NULL);
    nvml->now_ns = now;
    return nvml;
}

struct nvml *fake_open(void)
{
    struct nvml_symbols symbols;
    fake_symbols(&symbols);
    return fake_open_with(&symbols);
}

struct value fake_ask(struct nvml_device *device, enum nvml_query query, enum nvitop_metric metric,
                      struct arena *arena)
{
    struct value values[NVITOP_DEV_COUNT] = { 0 };
    values[metric - NVITOP_DEV_NAME] = value_na(NVITOP_WHY_NOT_ASKED);
    nvml_device_ask(device, query, arena, values);
    return values[metric - NVITOP_DEV_NAME];
}
