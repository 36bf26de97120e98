"""Every method of every kind of device. Counters go on while the clock stands still: of them the form."""

import copy
import pickle

DEVICES = {
    'a100x8': ['Device(0)', 'Device(7)', 'CudaDevice(3)'],
    'mig': ['Device(0)', 'Device(2)', 'Device((2, 0))', 'Device((5, 2))', 'CudaDevice(0)'],
    'two': ['Device(0)', 'Device(1)'],
    'lost': ['Device(1)', 'Device(2)'],
}
devices = {text: eval(text) for text in DEVICES.get(SCENE, ['Device(0)'])}

for text, d in devices.items():
    at(text)
    d
    d.index
    d.nvml_index
    d.physical_index
    d.cuda_index
    d.handle is None
    d.name()
    d.uuid()
    d.bus_id()
    d.serial()
    d.memory_info()
    d.memory_total()
    d.memory_used()
    d.memory_free()
    d.memory_total_human()
    d.memory_used_human()
    d.memory_free_human()
    d.memory_percent()
    d.memory_usage()
    d.bar1_memory_info()
    d.bar1_memory_total()
    d.bar1_memory_used()
    d.bar1_memory_free()
    d.bar1_memory_total_human()
    d.bar1_memory_used_human()
    d.bar1_memory_free_human()
    d.bar1_memory_percent()
    d.bar1_memory_usage()
    d.utilization_rates()
    d.gpu_utilization()
    d.gpu_percent()
    d.memory_utilization()
    d.encoder_utilization()
    d.decoder_utilization()
    d.clock_infos()
    d.clocks()
    d.max_clock_infos()
    d.max_clocks()
    d.clock_speed_infos()
    d.graphics_clock()
    d.sm_clock()
    d.memory_clock()
    d.video_clock()
    d.max_graphics_clock()
    d.max_sm_clock()
    d.max_memory_clock()
    d.max_video_clock()
    d.fan_speed()
    d.temperature()
    d.power_usage()
    d.power_draw()
    d.power_limit()
    d.power_status()
    form(d.pcie_throughput())
    form(d.pcie_tx_throughput())
    form(d.pcie_rx_throughput())
    form(d.pcie_tx_throughput_human())
    form(d.pcie_rx_throughput_human())
    d.nvlink_link_count()
    d.display_active()
    d.display_mode()
    d.persistence_mode()
    d.current_driver_model()
    d.driver_model()
    d.performance_state()
    d.total_volatile_uncorrected_ecc_errors()
    d.compute_mode()
    d.cuda_compute_capability()
    d.is_mig_device()
    d.mig_mode()
    d.is_mig_mode_enabled()
    d.max_mig_device_count()
    d.mig_devices()
    d.mig_device(0)
    d.mig_device(99)
    d.is_leaf_device()
    d.to_leaf_devices()
    list(d.processes())
    sorted(d.processes().items())
    [(p.pid, p.type, p.gpu_memory(), p.gpu_instance_id(), p.compute_instance_id(), p.gpu_sm_utilization(),
      p.gpu_memory_utilization(), p.gpu_encoder_utilization(), p.gpu_decoder_utilization())
     for _, p in sorted(d.processes().items())]
    d.is_available()
    d.driver_version()
    d.max_cuda_version()
    d.cuda_driver_version()
    d.cuda_runtime_version()
    d.cudart_version()
    type(d).count()
    d.all()
    d.from_indices() == d.all()
    d.from_cuda_indices() == d.from_cuda_visible_devices()
    d.from_cuda_visible_devices()
    d.parse_cuda_visible_devices()
    d.normalize_cuda_visible_devices()
    d.cuda
    d.minor_number()
    d.no_such_thing()
    d.supported_event_types()
    d.pci_info_v3().busId
    d.temperature_threshold(0)
    hash(d) == hash(pickle.loads(pickle.dumps(d)))
    pickle.loads(pickle.dumps(d)) == d
    copy.copy(d) == d
    d == Device(d.index)
    d is Device(d.index)
    d == CudaDevice(0)
    d != 0
    [base.__name__ for base in type(d).__mro__ if base.__name__.endswith('Device')]
    [(name, form(value) if 'pcie' in name else value) for name, value in d.as_snapshot().__dict__.items()
     if name not in ('real', 'timestamp')]
    d.as_snapshot().real is d
    with d.oneshot():
        d.memory_info()
        d.power_usage()
        d.as_snapshot().uuid
    d.SNAPSHOT_KEYS
    d.UUID_PATTERN.match(str(d.uuid())) and d.UUID_PATTERN.match(d.uuid()).groupdict()
    type(d.memory_info())
    type(d.utilization_rates())
    type(d.clock_infos())
    type(d.clock_speed_infos())
    type(d.pcie_throughput())
    d.GPU_PROCESS_CLASS

for text in devices if SCENE == 'mig' else ():
    d = devices[text]
    at(text)
    if d.is_mig_device():
        d.mig_index
        d.parent
        d.gpu_instance_id()
        d.compute_instance_id()

# Each of these waits for a counter to go on, so one device of each kind is enough.
for text, d in {type(device): (text, device) for text, device in devices.items()}.values():
    at(text)
    form(d.nvlink_throughput())
    form(d.nvlink_throughput(interval=0.01))
    form(d.nvlink_total_throughput())
    form(d.nvlink_mean_throughput())
    form(d.nvlink_tx_throughput())
    form(d.nvlink_rx_throughput())
    form(d.nvlink_mean_tx_throughput())
    form(d.nvlink_mean_rx_throughput())
    form(d.nvlink_total_tx_throughput())
    form(d.nvlink_total_rx_throughput())
    form(d.nvlink_tx_throughput_human())
    form(d.nvlink_rx_throughput_human())
    form(d.nvlink_mean_tx_throughput_human())
    form(d.nvlink_mean_rx_throughput_human())
    form(d.nvlink_total_tx_throughput_human())
    form(d.nvlink_total_rx_throughput_human())
