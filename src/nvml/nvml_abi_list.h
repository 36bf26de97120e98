/*
 * Every struct and field of nvml_abi.h beside its name in the Python binding, for the comparison
 * in tests/abi. Includers define NVML_ABI_STRUCT(type, official) and NVML_ABI_FIELD(type, field,
 * official) and expand NVML_ABI_STRUCT_LIST, tags by NVML_ABI_TAG_LIST(NVML_ABI_TAG_ROW(tag, type,
 * official constant or NULL)). A struct's fields follow its row.
 */
#ifndef NVITOP_NVML_NVML_ABI_LIST_H
#define NVITOP_NVML_NVML_ABI_LIST_H

#include "nvml/nvml_abi.h"

/* clang-format off */
#define NVML_ABI_STRUCT_LIST(STRUCT, FIELD)                                                        \
    STRUCT(struct nvml_abi_pci, "nvmlPciInfo_t") \
    FIELD(struct nvml_abi_pci, bus_id_legacy, "busIdLegacy") \
    FIELD(struct nvml_abi_pci, domain, "domain") \
    FIELD(struct nvml_abi_pci, bus, "bus") \
    FIELD(struct nvml_abi_pci, device, "device") \
    FIELD(struct nvml_abi_pci, device_id, "pciDeviceId") \
    FIELD(struct nvml_abi_pci, subsystem_id, "pciSubSystemId") \
    FIELD(struct nvml_abi_pci, bus_id, "busId") \
    STRUCT(struct nvml_abi_pci_v2, "nvmlPciInfo_v2_t") \
    FIELD(struct nvml_abi_pci_v2, bus_id, "busId") \
    FIELD(struct nvml_abi_pci_v2, domain, "domain") \
    FIELD(struct nvml_abi_pci_v2, bus, "bus") \
    FIELD(struct nvml_abi_pci_v2, device, "device") \
    FIELD(struct nvml_abi_pci_v2, device_id, "pciDeviceId") \
    FIELD(struct nvml_abi_pci_v2, subsystem_id, "pciSubSystemId") \
    STRUCT(struct nvml_abi_pci_ext, "nvmlPciInfoExt_v1_t") \
    FIELD(struct nvml_abi_pci_ext, version, "version") \
    FIELD(struct nvml_abi_pci_ext, domain, "domain") \
    FIELD(struct nvml_abi_pci_ext, bus, "bus") \
    FIELD(struct nvml_abi_pci_ext, device, "device") \
    FIELD(struct nvml_abi_pci_ext, device_id, "pciDeviceId") \
    FIELD(struct nvml_abi_pci_ext, subsystem_id, "pciSubSystemId") \
    FIELD(struct nvml_abi_pci_ext, base_class, "baseClass") \
    FIELD(struct nvml_abi_pci_ext, sub_class, "subClass") \
    FIELD(struct nvml_abi_pci_ext, bus_id, "busId") \
    STRUCT(struct nvml_abi_utilization, "c_nvmlUtilization_t") \
    FIELD(struct nvml_abi_utilization, gpu, "gpu") \
    FIELD(struct nvml_abi_utilization, memory, "memory") \
    STRUCT(struct nvml_abi_memory, "c_nvmlMemory_t") \
    FIELD(struct nvml_abi_memory, total, "total") \
    FIELD(struct nvml_abi_memory, free, "free") \
    FIELD(struct nvml_abi_memory, used, "used") \
    STRUCT(struct nvml_abi_memory_v2, "c_nvmlMemory_v2_t") \
    FIELD(struct nvml_abi_memory_v2, version, "version") \
    FIELD(struct nvml_abi_memory_v2, total, "total") \
    FIELD(struct nvml_abi_memory_v2, reserved, "reserved") \
    FIELD(struct nvml_abi_memory_v2, free, "free") \
    FIELD(struct nvml_abi_memory_v2, used, "used") \
    STRUCT(struct nvml_abi_bar1, "c_nvmlBAR1Memory_t") \
    FIELD(struct nvml_abi_bar1, total, "bar1Total") \
    FIELD(struct nvml_abi_bar1, free, "bar1Free") \
    FIELD(struct nvml_abi_bar1, used, "bar1Used") \
    STRUCT(struct nvml_abi_process_v2, "c_nvmlProcessInfo_v2_t") \
    FIELD(struct nvml_abi_process_v2, pid, "pid") \
    FIELD(struct nvml_abi_process_v2, used_memory, "usedGpuMemory") \
    FIELD(struct nvml_abi_process_v2, gpu_instance, "gpuInstanceId") \
    FIELD(struct nvml_abi_process_v2, compute_instance, "computeInstanceId") \
    STRUCT(struct nvml_abi_process_detail, "c_nvmlProcessDetail_v1_t") \
    FIELD(struct nvml_abi_process_detail, pid, "pid") \
    FIELD(struct nvml_abi_process_detail, used_memory, "usedGpuMemory") \
    FIELD(struct nvml_abi_process_detail, gpu_instance, "gpuInstanceId") \
    FIELD(struct nvml_abi_process_detail, compute_instance, "computeInstanceId") \
    FIELD(struct nvml_abi_process_detail, used_protected_memory, "usedGpuCcProtectedMemory") \
    STRUCT(struct nvml_abi_process_detail_list, "c_nvmlProcessDetailList_v1_t") \
    FIELD(struct nvml_abi_process_detail_list, version, "version") \
    FIELD(struct nvml_abi_process_detail_list, mode, "mode") \
    FIELD(struct nvml_abi_process_detail_list, count, "numProcArrayEntries") \
    FIELD(struct nvml_abi_process_detail_list, rows, "procArray") \
    STRUCT(struct nvml_abi_process_sample, "c_nvmlProcessUtilizationSample_t") \
    FIELD(struct nvml_abi_process_sample, pid, "pid") \
    FIELD(struct nvml_abi_process_sample, timestamp, "timeStamp") \
    FIELD(struct nvml_abi_process_sample, sm, "smUtil") \
    FIELD(struct nvml_abi_process_sample, memory, "memUtil") \
    FIELD(struct nvml_abi_process_sample, encoder, "encUtil") \
    FIELD(struct nvml_abi_process_sample, decoder, "decUtil") \
    STRUCT(struct nvml_abi_process_utilization, "c_nvmlProcessUtilizationInfo_v1_t") \
    FIELD(struct nvml_abi_process_utilization, timestamp, "timeStamp") \
    FIELD(struct nvml_abi_process_utilization, pid, "pid") \
    FIELD(struct nvml_abi_process_utilization, sm, "smUtil") \
    FIELD(struct nvml_abi_process_utilization, memory, "memUtil") \
    FIELD(struct nvml_abi_process_utilization, encoder, "encUtil") \
    FIELD(struct nvml_abi_process_utilization, decoder, "decUtil") \
    FIELD(struct nvml_abi_process_utilization, jpeg, "jpgUtil") \
    FIELD(struct nvml_abi_process_utilization, ofa, "ofaUtil") \
    STRUCT(struct nvml_abi_processes_utilization, "c_nvmlProcessesUtilizationInfo_v1_t") \
    FIELD(struct nvml_abi_processes_utilization, version, "version") \
    FIELD(struct nvml_abi_processes_utilization, count, "processSamplesCount") \
    FIELD(struct nvml_abi_processes_utilization, since, "lastSeenTimeStamp") \
    FIELD(struct nvml_abi_processes_utilization, rows, "procUtilArray") \
    STRUCT(union nvml_abi_value, "c_nvmlValue_t") \
    FIELD(union nvml_abi_value, f64, "dVal") \
    FIELD(union nvml_abi_value, u32, "uiVal") \
    FIELD(union nvml_abi_value, ulong, "ulVal") \
    FIELD(union nvml_abi_value, u64, "ullVal") \
    FIELD(union nvml_abi_value, i64, "sllVal") \
    FIELD(union nvml_abi_value, i32, "siVal") \
    FIELD(union nvml_abi_value, u16, "usVal") \
    STRUCT(struct nvml_abi_field_value, "c_nvmlFieldValue_t") \
    FIELD(struct nvml_abi_field_value, field_id, "fieldId") \
    FIELD(struct nvml_abi_field_value, scope_id, "scopeId") \
    FIELD(struct nvml_abi_field_value, timestamp, "timestamp") \
    FIELD(struct nvml_abi_field_value, latency_us, "latencyUsec") \
    FIELD(struct nvml_abi_field_value, value_type, "valueType") \
    FIELD(struct nvml_abi_field_value, code, "nvmlReturn") \
    FIELD(struct nvml_abi_field_value, value, "value") \
    STRUCT(struct nvml_abi_sample, "c_nvmlSample_t") \
    FIELD(struct nvml_abi_sample, timestamp, "timeStamp") \
    FIELD(struct nvml_abi_sample, value, "sampleValue") \
    STRUCT(struct nvml_abi_event, "c_nvmlEventData_t") \
    FIELD(struct nvml_abi_event, device, "device") \
    FIELD(struct nvml_abi_event, type, "eventType") \
    FIELD(struct nvml_abi_event, data, "eventData") \
    FIELD(struct nvml_abi_event, gpu_instance, "gpuInstanceId") \
    FIELD(struct nvml_abi_event, compute_instance, "computeInstanceId") \
    STRUCT(struct nvml_abi_gpm_support, "c_nvmlGpmSupport_t") \
    FIELD(struct nvml_abi_gpm_support, version, "version") \
    FIELD(struct nvml_abi_gpm_support, is_supported, "isSupportedDevice") \
    STRUCT(struct nvml_abi_gpm_metric, "c_nvmlGpmMetric_t") \
    FIELD(struct nvml_abi_gpm_metric, id, "metricId") \
    FIELD(struct nvml_abi_gpm_metric, code, "nvmlReturn") \
    FIELD(struct nvml_abi_gpm_metric, value, "value") \
    FIELD(struct nvml_abi_gpm_metric, info, "metricInfo") \
    STRUCT(struct nvml_abi_gpm_metrics, "c_nvmlGpmMetricsGet_t") \
    FIELD(struct nvml_abi_gpm_metrics, version, "version") \
    FIELD(struct nvml_abi_gpm_metrics, count, "numMetrics") \
    FIELD(struct nvml_abi_gpm_metrics, sample1, "sample1") \
    FIELD(struct nvml_abi_gpm_metrics, sample2, "sample2") \
    FIELD(struct nvml_abi_gpm_metrics, metrics, "metrics") \
    STRUCT(struct nvml_abi_temperature, "c_nvmlTemperature_v1_t") \
    FIELD(struct nvml_abi_temperature, version, "version") \
    FIELD(struct nvml_abi_temperature, sensor, "sensorType") \
    FIELD(struct nvml_abi_temperature, temperature, "temperature") \
    STRUCT(struct nvml_abi_margin_temperature, "c_nvmlMarginTemperature_v1_t") \
    FIELD(struct nvml_abi_margin_temperature, version, "version") \
    FIELD(struct nvml_abi_margin_temperature, margin, "marginTemperature") \
    STRUCT(struct nvml_abi_fan_speed, "c_nvmlFanSpeedInfo_t") \
    FIELD(struct nvml_abi_fan_speed, version, "version") \
    FIELD(struct nvml_abi_fan_speed, fan, "fan") \
    FIELD(struct nvml_abi_fan_speed, rpm, "speed") \
    STRUCT(struct nvml_abi_attributes, "c_nvmlDeviceAttributes") \
    FIELD(struct nvml_abi_attributes, multiprocessors, "multiprocessorCount") \
    FIELD(struct nvml_abi_attributes, copy_engines, "sharedCopyEngineCount") \
    FIELD(struct nvml_abi_attributes, decoders, "sharedDecoderCount") \
    FIELD(struct nvml_abi_attributes, encoders, "sharedEncoderCount") \
    FIELD(struct nvml_abi_attributes, jpegs, "sharedJpegCount") \
    FIELD(struct nvml_abi_attributes, ofas, "sharedOfaCount") \
    FIELD(struct nvml_abi_attributes, gpu_slices, "gpuInstanceSliceCount") \
    FIELD(struct nvml_abi_attributes, compute_slices, "computeInstanceSliceCount") \
    FIELD(struct nvml_abi_attributes, memory_mb, "memorySizeMB") \
    STRUCT(struct nvml_abi_gpu_placement, "c_nvmlGpuInstancePlacement_t") \
    FIELD(struct nvml_abi_gpu_placement, start, "start") \
    FIELD(struct nvml_abi_gpu_placement, size, "size") \
    STRUCT(struct nvml_abi_compute_placement, "c_nvmlComputeInstancePlacement_t") \
    FIELD(struct nvml_abi_compute_placement, start, "start") \
    FIELD(struct nvml_abi_compute_placement, size, "size") \
    STRUCT(struct nvml_abi_gpu_instance, "c_nvmlGpuInstanceInfo_t") \
    FIELD(struct nvml_abi_gpu_instance, device, "device") \
    FIELD(struct nvml_abi_gpu_instance, id, "id") \
    FIELD(struct nvml_abi_gpu_instance, profile, "profileId") \
    FIELD(struct nvml_abi_gpu_instance, placement, "placement") \
    STRUCT(struct nvml_abi_compute_instance, "c_nvmlComputeInstanceInfo_t") \
    FIELD(struct nvml_abi_compute_instance, device, "device") \
    FIELD(struct nvml_abi_compute_instance, gpu_instance, "gpuInstance") \
    FIELD(struct nvml_abi_compute_instance, id, "id") \
    FIELD(struct nvml_abi_compute_instance, profile, "profileId") \
    FIELD(struct nvml_abi_compute_instance, placement, "placement") \
    STRUCT(struct nvml_abi_protected_memory, "c_nvmlConfComputeMemSizeInfo_t") \
    FIELD(struct nvml_abi_protected_memory, protected_kib, "protectedMemSizeKib") \
    FIELD(struct nvml_abi_protected_memory, unprotected_kib, "unprotectedMemSizeKib") \
    STRUCT(struct nvml_abi_ecc_sram, "c_nvmlEccSramErrorStatus_v1_t") \
    FIELD(struct nvml_abi_ecc_sram, version, "version") \
    FIELD(struct nvml_abi_ecc_sram, aggregate_parity, "aggregateUncParity") \
    FIELD(struct nvml_abi_ecc_sram, aggregate_sec_ded, "aggregateUncSecDed") \
    FIELD(struct nvml_abi_ecc_sram, aggregate_corrected, "aggregateCor") \
    FIELD(struct nvml_abi_ecc_sram, volatile_parity, "volatileUncParity") \
    FIELD(struct nvml_abi_ecc_sram, volatile_sec_ded, "volatileUncSecDed") \
    FIELD(struct nvml_abi_ecc_sram, volatile_corrected, "volatileCor") \
    FIELD(struct nvml_abi_ecc_sram, bucket_l2, "aggregateUncBucketL2") \
    FIELD(struct nvml_abi_ecc_sram, bucket_sm, "aggregateUncBucketSm") \
    FIELD(struct nvml_abi_ecc_sram, bucket_pcie, "aggregateUncBucketPcie") \
    FIELD(struct nvml_abi_ecc_sram, bucket_mcu, "aggregateUncBucketMcu") \
    FIELD(struct nvml_abi_ecc_sram, bucket_other, "aggregateUncBucketOther") \
    FIELD(struct nvml_abi_ecc_sram, is_over_threshold, "bThresholdExceeded")

#define NVML_ABI_TAG_LIST(TAG) \
    TAG(NVML_ABI_TAG_PCI_EXT, struct nvml_abi_pci_ext, "nvmlPciInfoExt_v1") \
    TAG(NVML_ABI_TAG_MEMORY_V2, struct nvml_abi_memory_v2, "nvmlMemory_v2") \
    TAG(NVML_ABI_TAG_PROCESS_DETAIL_LIST, struct nvml_abi_process_detail_list, "nvmlProcessDetailList_v1") \
    TAG(NVML_ABI_TAG_PROCESSES_UTILIZATION, struct nvml_abi_processes_utilization, NULL) \
    TAG(NVML_ABI_TAG_TEMPERATURE, struct nvml_abi_temperature, "nvmlTemperature_v1") \
    TAG(NVML_ABI_TAG_MARGIN_TEMPERATURE, struct nvml_abi_margin_temperature, "nvmlMarginTemperature_v1") \
    TAG(NVML_ABI_TAG_FAN_SPEED, struct nvml_abi_fan_speed, "nvmlFanSpeedInfo_v1") \
    TAG(NVML_ABI_TAG_ECC_SRAM, struct nvml_abi_ecc_sram, "nvmlEccSramErrorStatus_v1")
/* clang-format on */

#endif
