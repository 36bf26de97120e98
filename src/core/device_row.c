/*
 * Rows by themselves: no driver is called here. A row without an answer is never left with numbers
 * that were read before; only what never changes stays.
 */
#include "core/device_row.h"

#include "base/mem.h"
#include "core/metric.h"
#include "nvml/nvml.h"
#include "nvml/nvml_abi.h"

bool device_code_is_drivers(int code)
{
    static const int codes[] = { NVML_ABI_ERROR_UNINITIALIZED, NVML_ABI_ERROR_DRIVER_NOT_LOADED,
                                 NVML_ABI_ERROR_OPERATING_SYSTEM,
                                 NVML_ABI_ERROR_LIB_RM_VERSION_MISMATCH, NVML_ABI_ERROR_UNKNOWN };
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (codes[i] == code)
            return true;
    return false;
}

void device_row_judge(struct snapshot_device *row, int look_up_code)
{
    row->code = look_up_code;
    if (look_up_code)
        row->condition = nvml_code_is_lost(look_up_code) ? DEVICE_LOST : DEVICE_ERROR;
    for (size_t i = 0; i < NVITOP_DEV_COUNT && row->condition == DEVICE_OK; i++)
        if (value_is_na(row->values[i]) && nvml_code_is_lost(row->values[i].code)) {
            row->condition = DEVICE_LOST;
            row->code = row->values[i].code;
        }
}

bool device_row_may_be_gone(const struct snapshot_device *row)
{
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++) {
        int code = value_is_na(row->values[i]) ? row->values[i].code : NVML_ABI_SUCCESS;
        if (code == NVML_ABI_ERROR_UNINITIALIZED || code == NVML_ABI_ERROR_INVALID_ARGUMENT ||
            code == NVML_ABI_ERROR_NOT_FOUND || nvml_code_is_lost(code))
            return true;
    }
    return false;
}

void device_row_fade(struct snapshot_device *row, enum device_condition condition,
                     enum nvitop_why why)
{
    row->condition = condition;
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++) {
        enum nvitop_why old = (enum nvitop_why)row->values[i].why;
        bool is_fact = metric_device[i].tier == TIER_STATIC && old != NVITOP_WHY_NOT_ASKED;
        if (!is_fact && old != NVITOP_WHY_NOT_APPLICABLE)
            row->values[i] = value_na(why);
    }
}

void device_row_blank(struct snapshot_device *row, int physical, enum device_condition condition,
                      enum nvitop_why why)
{
    *row = (struct snapshot_device){
        .physical = physical, .mig = -1, .condition = condition, .is_leaf = true
    };
    for (size_t i = 0; i < NVITOP_DEV_COUNT; i++)
        row->values[i] =
            value_na(metric_device[i].has == METRIC_MIG_ONLY ? NVITOP_WHY_NOT_APPLICABLE : why);
}
