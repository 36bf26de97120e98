/*
 * Every key a scenario may hold: one row each. The enumerators, the parser, the list that the
 * documentation is compared with are made from these rows.
 *
 * X(ENUMERATOR, "key", type, "default", "meaning"). The default is written as in a file; an
 * empty one leaves the key unset. `{i}` is the device's (process's) number, `{j}` a MIG device's.
 */
#ifndef NVITOP_SIM_SCENARIO_KEYS_H
#define NVITOP_SIM_SCENARIO_KEYS_H

enum scenario_section {
    SCENARIO_SYSTEM,
    SCENARIO_LAUNCHER,
    SCENARIO_DEVICE,
    SCENARIO_MIG,
    SCENARIO_PROCESS,
    SCENARIO_SECTION_COUNT
};

enum scenario_type {
    SCENARIO_TEXT,    /* \xHH, \n, \t, \\ are escapes */
    SCENARIO_NUMBER,  /* a curve without a unit, or an error's name */
    SCENARIO_PERCENT, /* a curve whose noise stays within 0 and 100 */
    SCENARIO_BYTES,   /* a curve of bytes */
    SCENARIO_WATTS,   /* a curve of milliwatts */
    SCENARIO_SECONDS, /* a constant */
    SCENARIO_JOULES,  /* a curve of millijoules */
    SCENARIO_FLAG,    /* yes or no */
    SCENARIO_FAULT    /* short for an error. key */
};

/* clang-format off */
#define SCENARIO_SYSTEM_KEYS(X)                                                                    \
    X(SYSTEM_DRIVER_VERSION, "driver_version", TEXT, "580.65.06", "The driver's version.")         \
    X(SYSTEM_NVML_VERSION, "nvml_version", TEXT, "",                                               \
      "The library's version; unset: the CUDA major version and driver_version.")                  \
    X(SYSTEM_CUDA_VERSION, "cuda_version", NUMBER, "13000", "Major * 1000 + minor * 10.")          \
    X(SYSTEM_ERA, "era", TEXT, "",                                                                 \
      "The driver whose symbols and row sizes are shown; unset: driver_version.")                  \
    X(SYSTEM_HIDE, "hide", TEXT, "", "Symbols (a list, `*` at the end) that dlsym doesn't find.")  \
    X(SYSTEM_STUB, "stub", TEXT, "", "Symbols that are there and answer FUNCTION_NOT_FOUND.")      \
    X(SYSTEM_CLOCK, "clock", SECONDS, "", "The scenario's time stands still here.")                \
    X(SYSTEM_SEED, "seed", NUMBER, "0", "Changes noise and the made-up UUIDs and serials.")        \
    X(SYSTEM_PROCESS_STRIDE, "process_stride", NUMBER, "0",                                        \
      "Row size of the newest process list: 16, 24, 32; 0: what the era had.")                     \
    X(SYSTEM_SAMPLE_PERIOD, "sample_period", SECONDS, "0.2s",                                      \
      "Real time between two utilization samples of a process.")                                   \
    X(SYSTEM_FREEZE_DIR, "freeze_dir", TEXT, "",                                                   \
      "Freezer cgroup for freeze. keys; NVITOP_SIM_FREEZER comes first.")                          \
    X(SYSTEM_INIT_ERROR, "init_error", FAULT, "", "Short for error.nvmlInit*.")                    \
    X(SYSTEM_COUNT_ERROR, "count_error", FAULT, "", "Short for error.nvmlDeviceGetCount*.")

#define SCENARIO_LAUNCHER_KEYS(X)                                                                  \
    X(LAUNCHER_DESCRIPTION, "description", TEXT, "", "One line for the list of scenarios.")        \
    X(LAUNCHER_PID_NAMESPACE, "pid_namespace", TEXT, "private",                                    \
      "`host`: pids are of a namespace the program can't see; `kernel`: those of this machine.")   \
    X(LAUNCHER_ENV, "env", TEXT, "", "NAME=VALUE … added to the environment of the command.")

#define SCENARIO_DEVICE_KEYS(X)                                                                    \
    X(DEVICE_NAME, "name", TEXT, "NVIDIA Simulated GPU", "Marketing name.")                        \
    X(DEVICE_UUID, "uuid", TEXT, "", "GPU-…; unset: made from seed and number.")                   \
    X(DEVICE_SERIAL, "serial", TEXT, "NOT_SUPPORTED", "Board serial, or an error.")                \
    X(DEVICE_VBIOS, "vbios", TEXT, "94.02.42.80.0E", "Version of the firmware, or an error.")      \
    X(DEVICE_PART_NUMBER, "part_number", TEXT, "NOT_SUPPORTED", "Board part number, or an error.") \
    X(DEVICE_BUS_ID, "bus_id", TEXT, "00000000:{i*3+1:02X}:00.0", "PCI address.")                  \
    X(DEVICE_PCI_ID, "pci_id", TEXT, "220410de", "PCI device and vendor, hexadecimal.")            \
    X(DEVICE_PCI_SUBSYSTEM, "pci_subsystem", TEXT, "147d10de", "PCI subsystem, hexadecimal.")      \
    X(DEVICE_MINOR, "minor", NUMBER, "{i}", "N of /dev/nvidiaN.")                                  \
    X(DEVICE_ARCH, "arch", NUMBER, "7", "Architecture (7 Ampere, 8 Ada, 9 Hopper, 10 Blackwell).") \
    X(DEVICE_BRAND, "brand", NUMBER, "5", "Brand (5 GeForce, 12 Quadro RTX, 14 NVIDIA).")          \
    X(DEVICE_CC, "cc", TEXT, "8.6", "CUDA compute capability, or an error.")                       \
    X(DEVICE_VIRTUALIZATION, "virtualization", NUMBER, "0", "0 none, 1 passthrough, 2 vGPU.")      \
    X(DEVICE_BUS_WIDTH, "bus_width", NUMBER, "384", "Memory bus, bits.")                           \
    X(DEVICE_MEM_TOTAL, "mem_total", BYTES, "24GiB",                                               \
      "Memory; `host`: the machine's own; 0 or NOT_SUPPORTED: unified memory boards.")             \
    X(DEVICE_MEM_USED, "mem_used", BYTES, "auto 300MiB", "`auto BASE`: base + all processes.")     \
    X(DEVICE_MEM_RESERVED, "mem_reserved", BYTES, "0", "The driver's reserve, in v1's used only.") \
    X(DEVICE_BAR1_TOTAL, "bar1_total", BYTES, "256MiB", "BAR1 size.")                              \
    X(DEVICE_BAR1_USED, "bar1_used", BYTES, "2MiB", "BAR1 used.")                                  \
    X(DEVICE_GPU_UTIL, "gpu_util", PERCENT, "0", "Percent; under MIG always NOT_SUPPORTED.")       \
    X(DEVICE_MEM_UTIL, "mem_util", PERCENT, "0", "Memory bandwidth, percent of time.")             \
    X(DEVICE_ENC_UTIL, "enc_util", PERCENT, "0", "Encoder, percent.")                              \
    X(DEVICE_DEC_UTIL, "dec_util", PERCENT, "0", "Decoder, percent.")                              \
    X(DEVICE_JPG_UTIL, "jpg_util", PERCENT, "0", "JPEG engine, percent.")                          \
    X(DEVICE_OFA_UTIL, "ofa_util", PERCENT, "0", "Optical flow engine, percent.")                  \
    X(DEVICE_SM_ACTIVE, "sm_active", PERCENT, "NOT_SUPPORTED", "GPM, from Hopper on.")             \
    X(DEVICE_TENSOR_ACTIVE, "tensor_active", PERCENT, "NOT_SUPPORTED", "GPM.")                     \
    X(DEVICE_DRAM_ACTIVE, "dram_active", PERCENT, "NOT_SUPPORTED", "GPM.")                         \
    X(DEVICE_CLOCK_GRAPHICS, "clock_graphics", NUMBER, "210", "MHz.")                              \
    X(DEVICE_CLOCK_SM, "clock_sm", NUMBER, "210", "MHz.")                                          \
    X(DEVICE_CLOCK_MEM, "clock_mem", NUMBER, "405", "MHz.")                                        \
    X(DEVICE_CLOCK_VIDEO, "clock_video", NUMBER, "555", "MHz.")                                    \
    X(DEVICE_MAX_CLOCK_GRAPHICS, "max_clock_graphics", NUMBER, "2100", "MHz.")                     \
    X(DEVICE_MAX_CLOCK_SM, "max_clock_sm", NUMBER, "2100", "MHz.")                                 \
    X(DEVICE_MAX_CLOCK_MEM, "max_clock_mem", NUMBER, "9751", "MHz.")                               \
    X(DEVICE_MAX_CLOCK_VIDEO, "max_clock_video", NUMBER, "1950", "MHz.")                           \
    X(DEVICE_FAN, "fan", PERCENT, "30", "Percent of the maximum; may exceed 100.")                 \
    X(DEVICE_NUM_FANS, "num_fans", NUMBER, "1", "Fans.")                                           \
    X(DEVICE_FAN_RPM, "fan_rpm", NUMBER, "1100", "Turns a minute.")                                \
    X(DEVICE_TEMPERATURE, "temperature", NUMBER, "35", "°C.")                                      \
    X(DEVICE_MEM_TEMPERATURE, "mem_temperature", NUMBER, "NOT_SUPPORTED", "°C.")                   \
    X(DEVICE_TEMPERATURE_MARGIN, "temperature_margin", NUMBER, "NOT_SUPPORTED", "°C to slowdown.") \
    X(DEVICE_TEMP_SHUTDOWN, "temp_shutdown", NUMBER, "98", "Threshold, °C.")                       \
    X(DEVICE_TEMP_SLOWDOWN, "temp_slowdown", NUMBER, "95", "Threshold, °C.")                       \
    X(DEVICE_TEMP_MEM_MAX, "temp_mem_max", NUMBER, "NOT_SUPPORTED", "Threshold, °C.")              \
    X(DEVICE_TEMP_GPU_MAX, "temp_gpu_max", NUMBER, "93", "Threshold, °C.")                         \
    X(DEVICE_POWER, "power", WATTS, "20W", "Draw; also the field for instant power.")              \
    X(DEVICE_POWER_AVERAGE, "power_average", WATTS, "", "Field for average power; unset: power.")  \
    X(DEVICE_POWER_LIMIT, "power_limit", WATTS, "350W", "Software limit.")                         \
    X(DEVICE_POWER_ENFORCED_LIMIT, "power_enforced_limit", WATTS, "",                              \
      "Smallest of all limits; unset: power_limit.")                                               \
    X(DEVICE_POWER_MIN_LIMIT, "power_min_limit", WATTS, "100W", "Smallest limit that can be set.") \
    X(DEVICE_POWER_MAX_LIMIT, "power_max_limit", WATTS, "", "Greatest; unset: power_limit.")       \
    X(DEVICE_ENERGY, "energy", JOULES, "auto 1000kJ", "`auto BASE`: base + power * time.")         \
    X(DEVICE_PSTATE, "pstate", NUMBER, "8", "Performance state 0 to 15, 32 unknown.")              \
    X(DEVICE_ECC_MODE, "ecc_mode", NUMBER, "NOT_SUPPORTED", "0 off, 1 on.")                        \
    X(DEVICE_ECC_ERRORS, "ecc_errors", NUMBER, "NOT_SUPPORTED", "Uncorrected since boot.")         \
    X(DEVICE_ECC_CORRECTED, "ecc_corrected", NUMBER, "NOT_SUPPORTED", "Corrected since boot.")     \
    X(DEVICE_ECC_ERRORS_EVER, "ecc_errors_ever", NUMBER, "",                                       \
      "Uncorrected in its life; unset: ecc_errors.")                                               \
    X(DEVICE_ECC_CORRECTED_EVER, "ecc_corrected_ever", NUMBER, "",                                 \
      "Corrected in its life; unset: ecc_corrected.")                                              \
    X(DEVICE_PCIE_GEN, "pcie_gen", NUMBER, "1", "Link generation now.")                            \
    X(DEVICE_PCIE_WIDTH, "pcie_width", NUMBER, "16", "Link width now.")                            \
    X(DEVICE_PCIE_GEN_MAX, "pcie_gen_max", NUMBER, "4", "Greatest link generation.")               \
    X(DEVICE_PCIE_WIDTH_MAX, "pcie_width_max", NUMBER, "16", "Greatest link width.")               \
    X(DEVICE_PCIE_TX, "pcie_tx", NUMBER, "0", "KB/s; also drives the byte counter fields.")        \
    X(DEVICE_PCIE_RX, "pcie_rx", NUMBER, "0", "KB/s; also drives the byte counter fields.")        \
    X(DEVICE_PCIE_WAIT, "pcie_wait", SECONDS, "20ms", "How long the throughput call blocks.")      \
    X(DEVICE_NVLINK_COUNT, "nvlink_count", NUMBER, "NOT_SUPPORTED", "Links.")                      \
    X(DEVICE_NVLINK_SPEED, "nvlink_speed", NUMBER, "25781", "MB/s per link.")                      \
    X(DEVICE_NVLINK_TX, "nvlink_tx", NUMBER, "NOT_SUPPORTED", "KiB/s over all links.")             \
    X(DEVICE_NVLINK_RX, "nvlink_rx", NUMBER, "NOT_SUPPORTED", "KiB/s over all links.")             \
    X(DEVICE_NVLINK_EACH, "nvlink_each", FLAG, "yes", "Counters of each link too.")                \
    X(DEVICE_EVENT_REASONS, "event_reasons", NUMBER, "0", "Bits: why the clocks are held.")        \
    X(DEVICE_XID, "xid", NUMBER, "", "`steps XID@TIME …`: critical errors, each at its time.")     \
    X(DEVICE_PCIE_REPLAYS, "pcie_replays", NUMBER, "0", "Packets sent again over PCIe.")           \
    X(DEVICE_RETIRED_SBE, "retired_sbe", NUMBER, "NOT_SUPPORTED",                                  \
      "Pages retired for single-bit errors.")                                                      \
    X(DEVICE_RETIRED_DBE, "retired_dbe", NUMBER, "NOT_SUPPORTED",                                  \
      "Pages retired for double-bit errors.")                                                      \
    X(DEVICE_RETIRED_PENDING, "retired_pending", NUMBER, "NOT_SUPPORTED",                          \
      "0 or 1: pages wait for it.")                                                                \
    X(DEVICE_REMAPPED_COR, "remapped_cor", NUMBER, "NOT_SUPPORTED",                                \
      "Rows replaced, correctable errors.")                                                        \
    X(DEVICE_REMAPPED_UNC, "remapped_unc", NUMBER, "NOT_SUPPORTED",                                \
      "Rows replaced, uncorrectable errors.")                                                      \
    X(DEVICE_REMAPPED_PENDING, "remapped_pending", NUMBER, "NOT_SUPPORTED",                        \
      "0 or 1: rows wait for it.")                                                                 \
    X(DEVICE_REMAPPED_FAILURE, "remapped_failure", NUMBER, "NOT_SUPPORTED",                        \
      "0 or 1: it has failed.")                                                                    \
    X(DEVICE_VIOLATION_POWER, "violation_power", NUMBER, "0",                                      \
      "ms that the clocks were held down by it.")                                                  \
    X(DEVICE_VIOLATION_THERMAL, "violation_thermal", NUMBER, "0",                                  \
      "ms that the clocks were held down by it.")                                                  \
    X(DEVICE_VIOLATION_SYNC_BOOST, "violation_sync_boost", NUMBER, "0",                            \
      "ms that the clocks were held down by it.")                                                  \
    X(DEVICE_VIOLATION_BOARD_LIMIT, "violation_board_limit", NUMBER, "0",                          \
      "ms that the clocks were held down by it.")                                                  \
    X(DEVICE_VIOLATION_LOW_UTILIZATION, "violation_low_utilization", NUMBER, "0",                  \
      "ms that the clocks were held down by it.")                                                  \
    X(DEVICE_VIOLATION_RELIABILITY, "violation_reliability", NUMBER, "0",                          \
      "ms that the clocks were held down by it.")                                                  \
    X(DEVICE_VIOLATION_APP_CLOCKS, "violation_app_clocks", NUMBER, "0",                            \
      "ms that the clocks were held down by it.")                                                  \
    X(DEVICE_VIOLATION_BASE_CLOCKS, "violation_base_clocks", NUMBER, "0",                          \
      "ms that the clocks were held down by it.")                                                  \
    X(DEVICE_DISPLAY_ACTIVE, "display_active", NUMBER, "0", "0 or 1.")                             \
    X(DEVICE_DISPLAY_MODE, "display_mode", NUMBER, "0", "0 or 1.")                                 \
    X(DEVICE_PERSISTENCE, "persistence", NUMBER, "0", "0 or 1.")                                   \
    X(DEVICE_COMPUTE_MODE, "compute_mode", NUMBER, "0",                                            \
      "0 default, 1 exclusive thread, 2 prohibited, 3 exclusive process.")                         \
    X(DEVICE_DRIVER_MODEL, "driver_model", NUMBER, "NOT_SUPPORTED", "0 WDDM, 1 WDM, 2 MCDM.")      \
    X(DEVICE_MIG_MODE, "mig_mode", NUMBER, "NOT_SUPPORTED", "0 off, 1 on.")                        \
    X(DEVICE_MIG_PENDING, "mig_pending", NUMBER, "", "Mode after a reset; unset: mig_mode.")       \
    X(DEVICE_MIG_MAX, "mig_max", NUMBER, "7", "How many MIG devices there can be.")                \
    X(DEVICE_MIG_PRIVATE, "mig_private", FLAG, "no",                                               \
      "The caller has no right to the parent's memory and processes (NO_PERMISSION).")             \
    X(DEVICE_HANDLE_ERROR, "handle_error", FAULT, "",                                              \
      "Short for error.nvmlDeviceGetHandleBy* of this device: lost from the start.")               \
    X(DEVICE_LOST_AT, "lost_at", SECONDS, "", "From then on every call answers GPU_IS_LOST.")      \
    X(DEVICE_BACK_AT, "back_at", SECONDS, "", "… until then.")                                     \
    X(DEVICE_PROCESS_GROWTH, "process_growth", NUMBER, "0",                                        \
      "How often a filling process-list call finds the list grown (INSUFFICIENT_SIZE).")           \
    X(DEVICE_GARBAGE, "garbage", TEXT, "",                                                         \
      "Bad utilization samples: a list of huge, unlisted, duplicates, unsorted.")

#define SCENARIO_MIG_KEYS(X)                                                                       \
    X(MIG_PROFILE, "profile", TEXT, "1g.10gb", "Profile; the name is the GPU's, `MIG`, profile.")  \
    X(MIG_UUID, "uuid", TEXT, "", "MIG-…; unset: made from seed and numbers.")                     \
    X(MIG_GI, "gi", NUMBER, "{j+1}", "GPU instance id.")                                           \
    X(MIG_CI, "ci", NUMBER, "0", "Compute instance id.")                                           \
    X(MIG_SMS, "sms", NUMBER, "14", "Multiprocessors.")                                            \
    X(MIG_GI_SLICES, "gi_slices", NUMBER, "1", "Slices of the GPU instance.")                      \
    X(MIG_CI_SLICES, "ci_slices", NUMBER, "1", "Slices of the compute instance.")                  \
    X(MIG_COPY_ENGINES, "copy_engines", NUMBER, "1", "Copy engines.")                              \
    X(MIG_DECODERS, "decoders", NUMBER, "0", "Decoders.")                                          \
    X(MIG_ENCODERS, "encoders", NUMBER, "0", "Encoders.")                                          \
    X(MIG_JPEGS, "jpegs", NUMBER, "0", "JPEG engines.")                                            \
    X(MIG_OFAS, "ofas", NUMBER, "0", "Optical flow engines.")                                      \
    X(MIG_MEM_TOTAL, "mem_total", BYTES, "10GiB", "Memory.")                                       \
    X(MIG_MEM_USED, "mem_used", BYTES, "auto 13MiB", "`auto BASE`: base + its processes.")         \
    X(MIG_MEM_RESERVED, "mem_reserved", BYTES, "0", "The driver's reserve.")                       \
    X(MIG_BAR1_TOTAL, "bar1_total", BYTES, "16GiB", "BAR1 size.")                                  \
    X(MIG_BAR1_USED, "bar1_used", BYTES, "1MiB", "BAR1 used.")                                     \
    X(MIG_FROM, "from", SECONDS, "", "The instance is there from then on.")                        \
    X(MIG_UNTIL, "until", SECONDS, "", "… until then.")                                            \
    X(MIG_RECREATED_AT, "recreated_at", SECONDS, "",                                               \
      "Destroyed and made again with the same ids; UUID and handle are new.")                      \
    X(MIG_REUSE_HANDLE, "reuse_handle", FLAG, "no", "… but the handle is the old one.")

#define SCENARIO_PROCESS_KEYS(X)                                                                   \
    X(PROCESS_PID, "pid", TEXT, "",                                                                \
      "A number, or ${NAME}: looked up in the pid map; unset: ${name of the section}.")            \
    X(PROCESS_DEVICE, "device", TEXT, "0", "N, N:MIG, N-M, a list of them, or `all`.")             \
    X(PROCESS_TYPE, "type", TEXT, "C", "Lists that name it: C, G, M (MPS) or several.")            \
    X(PROCESS_MEM, "mem", BYTES, "0", "Memory; `unavailable`: all ones.")                          \
    X(PROCESS_PROTECTED_MEM, "protected_mem", BYTES, "0", "Confidential-compute memory.")          \
    X(PROCESS_SM, "sm", PERCENT, "0", "Sample: SM, percent. A process with all four 0 has none.")  \
    X(PROCESS_MEM_UTIL, "mem_util", PERCENT, "0", "Sample: memory bandwidth, percent.")            \
    X(PROCESS_ENC, "enc", PERCENT, "0", "Sample: encoder, percent.")                               \
    X(PROCESS_DEC, "dec", PERCENT, "0", "Sample: decoder, percent.")                               \
    X(PROCESS_JPG, "jpg", PERCENT, "0", "Sample: JPEG engine, percent.")                           \
    X(PROCESS_OFA, "ofa", PERCENT, "0", "Sample: optical flow engine, percent.")                   \
    X(PROCESS_FROM, "from", SECONDS, "", "On the GPU from then on.")                               \
    X(PROCESS_UNTIL, "until", SECONDS, "", "… until then.")                                        \
    X(PROCESS_LISTED, "listed", TEXT, "alive",                                                     \
      "`alive`: not once its pid has gone; `always`. Literal pids are always listed.")             \
    X(PROCESS_COUNT, "count", NUMBER, "",                                                          \
      "So many of them, NAME0 to NAME(N-1); `{i}` in its values is the number.")                   \
    X(PROCESS_COMMAND, "command", TEXT, "", "Launcher: command line; quotes group.")               \
    X(PROCESS_USER, "user", TEXT, "", "Launcher: user, if it is root itself.")                     \
    X(PROCESS_PARENT, "parent", TEXT, "", "Launcher: name of the parent process.")                 \
    X(PROCESS_CPU, "cpu", NUMBER, "0", "Launcher: CPU use, percent (total ≤ 40).")                 \
    X(PROCESS_STATE, "state", TEXT, "live", "Launcher: live, zombie, or gone (a pid nobody has).") \
    X(PROCESS_UID, "uid", NUMBER, "", "Launcher: number of the user where the name is unknown.")   \
    X(PROCESS_COMM, "comm", TEXT, "", "Launcher: short name; unset: the file name of the command.") \
    X(PROCESS_THREADS, "threads", NUMBER, "1", "Launcher: threads, 1 to 256.")                     \
    X(PROCESS_COMMAND_PAD, "command_pad", NUMBER, "0",                                             \
      "Launcher: arguments are added until cmdline has so many bytes.")                            \
    X(PROCESS_NO_ARGV, "no_argv", FLAG, "no", "Launcher: not even an empty argument.")             \
    X(PROCESS_ENV, "env", TEXT, "", "Launcher: NAME=VALUE … added to its environment.")

/* clang-format on */

#define SCENARIO_ENUMERATOR(enumerator, key, type, unset, help) enumerator,
enum scenario_system_key { SCENARIO_SYSTEM_KEYS(SCENARIO_ENUMERATOR) SYSTEM_KEY_COUNT };
enum scenario_launcher_key { SCENARIO_LAUNCHER_KEYS(SCENARIO_ENUMERATOR) LAUNCHER_KEY_COUNT };
enum scenario_device_key { SCENARIO_DEVICE_KEYS(SCENARIO_ENUMERATOR) DEVICE_KEY_COUNT };
enum scenario_mig_key { SCENARIO_MIG_KEYS(SCENARIO_ENUMERATOR) MIG_KEY_COUNT };
enum scenario_process_key { SCENARIO_PROCESS_KEYS(SCENARIO_ENUMERATOR) PROCESS_KEY_COUNT };

struct scenario_key {
    const char *name;
    enum scenario_type type;
    const char *unset; /* default */
    const char *help;
};

struct scenario_section_keys {
    const char *name;  /* "device" */
    const char *shape; /* "device N, device N-M" */
    const struct scenario_key *keys;
    unsigned key_count;
    int takes_faults; /* error., delay., hang., freeze. keys */
};

extern const struct scenario_section_keys scenario_sections[SCENARIO_SECTION_COUNT];
extern const char *const scenario_type_names[]; /* "text", "number", … */

#endif
