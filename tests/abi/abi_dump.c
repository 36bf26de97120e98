/* Prints our own idea of the driver's binary interface as JSON, for the comparison with an
 * independent binding. */
#include <stdio.h>

#include "nvml/nvml_abi_list.h"

static const char *comma = "";

/* A struct of ours may have no official name. */
static const char *name_or_empty(const char *official)
{
    return official ? official : "";
}

#define PRINT_STRUCT(type, official)                                                               \
    printf("%s\n[\"struct\", \"%s\", \"%s\", %zu]", comma, #type, official, sizeof(type));         \
    comma = ",";
#define PRINT_FIELD(type, field, official)                                                         \
    printf(",\n[\"field\", \"%s\", \"%s\", %zu, %zu]", #type, official, offsetof(type, field),     \
           sizeof(((type *)NULL)->field));
#define PRINT_TAG(tag, type, official)                                                             \
    printf(",\n[\"tag\", \"%s\", \"%s\", %u]", #type, name_or_empty(official), (unsigned)(tag));
#define PRINT_CONSTANT(name, value)                                                                \
    printf(",\n[\"constant\", \"NVML_%s\", %lld]", #name, (long long)(value));
#define PRINT_REASON(name, official, value)                                                        \
    printf(",\n[\"constant\", \"nvmlClocksThrottleReason%s\", %lld]", official, (long long)(value));
#define PRINT_FREE_CONSTANT(official, value)                                                       \
    printf(",\n[\"constant\", \"%s\", %llu]", official, (unsigned long long)(value));

int main(void)
{
    printf("[");
    NVML_ABI_STRUCT_LIST(PRINT_STRUCT, PRINT_FIELD)
    NVML_ABI_TAG_LIST(PRINT_TAG)
    NVML_ABI_CONSTANTS(PRINT_CONSTANT)
    NVML_ABI_EVENT_REASONS(PRINT_REASON)
    PRINT_FREE_CONSTANT("NVML_DEVICE_ARCH_UNKNOWN", NVML_ABI_DEVICE_ARCH_UNKNOWN)
    PRINT_FREE_CONSTANT("NVML_VALUE_NOT_AVAILABLE_uint", NVML_ABI_NOT_AVAILABLE_U32)
    PRINT_FREE_CONSTANT("NVML_VALUE_NOT_AVAILABLE_ulonglong", NVML_ABI_NOT_AVAILABLE_U64)
    printf("\n]\n");
    return 0;
}
