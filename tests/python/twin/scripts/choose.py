"""Making devices, choosing among them, and what CUDA sees of them."""

from nvitop import libnvml

uuids = [device.uuid() for device in Device.all()]
for text in ('0', '(0, 0)', '(1, 0)', '(2, 0)', '-1', '99', '"0"', '1.5', '[0, 0]', '(0, 0, 0)', 'None', 'True', '""',
             'uuids[0]', 'uuids[0].lower()', 'uuids[0][:12]', '"GPU-00000000-0000-0000-0000-000000000000"',
             '"MIG-00000000-0000-0000-0000-000000000000"', 'index=0', 'uuid=uuids[-1]', 'bus_id=Device(0).bus_id()',
             'bus_id="00000000:FF:00.0"', '0, uuid=uuids[0]', '', 'index=None', '0, 0, 0'):
    at(text)
    eval(f'Device({text})')
    eval(f'CudaDevice({text})')
    eval(f'PhysicalDevice({text})')
    eval(f'MigDevice({text})')
at()
CudaDevice(nvml_index=0)
CudaDevice(uuid=uuids[0])
CudaDevice(nvml_index=99)
CudaMigDevice(0)
Device(5) in Device.all()
{Device(0): 1}[Device(0)]
for cls in (Device, PhysicalDevice, MigDevice, CudaDevice, CudaMigDevice):
    at(cls.__name__)
    cls.all()
    cls.count()
    cls.is_available()
    cls.driver_version()
    cls.cuda_driver_version()
    cls.max_cuda_version()
    cls.cuda_runtime_version()
    cls.cudart_version()
    cls.from_indices() == cls.all()
    cls.from_indices(0)
    cls.from_indices([0])
    cls.from_indices([])
    cls.from_indices([(0, 0)])
    cls.from_indices('0')
    cls.from_indices(99)
    cls.from_cuda_indices() == cls.from_cuda_visible_devices()
    cls.from_cuda_indices(0)
    cls.from_cuda_indices([0, 99])
    cls.from_cuda_visible_devices()
    cls.parse_cuda_visible_devices('0')
    cls.normalize_cuda_visible_devices('0')
    cls.cuda is CudaDevice
    cls.SNAPSHOT_KEYS
at()
for value in (None, '', '0', '1,0', '0, 1', '0,99,1', '-1', '0,-1,1', 'all', '0,0', '+1', '1abc', ',0', ','.join(uuids[::-1]),
              uuids[-1], f'0,{uuids[-1]}', f'{uuids[-1]},0', 'GPU-00000000'):
    at(repr(value))
    parse_cuda_visible_devices(value)
    normalize_cuda_visible_devices(value)
at()
parse_cuda_visible_devices(5)
parse_cuda_visible_devices()
normalize_cuda_visible_devices()

select_devices()
for text in ('format="uuid"', 'format="device"', 'format="nope"', 'force_index=True', 'min_count=1', 'min_count=99', 'max_count=1',
             'max_count=0', 'min_count=2, max_count=1', 'min_free_memory="1GiB"', 'min_free_memory=1 << 60', 'min_free_memory="nope"',
             'min_total_memory="8GiB"', 'min_total_memory="1PiB"', 'max_gpu_utilization=50', 'max_gpu_utilization=100',
             'max_memory_utilization=10', 'tolerance=100', 'tolerance=-1', 'tolerance=101', 'sort=False',
             'free_accounts=["root"]', 'free_accounts=[]', 'Device.all()[::-1], sort=False', '[]', 'Device.all()[:1]',
             'CudaDevice.all()', 'Device(0)', 'min_count=1, max_count=2, format="device", sort=False', '5'):
    at(text)
    eval(f'select_devices({text})')
