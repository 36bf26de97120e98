"""What the simulated driver says of GPUs, read through an independent binding."""

from __future__ import annotations

import pytest

OPEN = '''
n.nvmlInit()
h = n.nvmlDeviceGetHandleByIndex(0)
'''

EVERYTHING = '''
[system]
driver_version = 580.65.06
cuda_version = 13020
clock = 3
[device 0]
name = NVIDIA Test \\xFF\\xFE\\n
uuid = GPU-11111111-aaaa-bbbb-cccc-000000000000
serial = 0323918005123
bus_id = 00000000:C7:00.0
pci_id = 20b210de
minor = 5
arch = 9
brand = 14
cc = 9.0
bar1_total = 128GiB
bar1_used = 20MiB
gpu_util = ramp 0 100 10s
mem_util = 31
enc_util = 11
dec_util = 12
jpg_util = 13
ofa_util = 14
clock_graphics = 1000
clock_sm = 1001
clock_mem = 1002
clock_video = 1003
max_clock_graphics = 2000
max_clock_sm = 2001
max_clock_mem = 2002
max_clock_video = 2003
fan = 103
num_fans = 2
fan_rpm = 1800
temperature = -5
mem_temperature = 92
temperature_margin = -7
temp_shutdown = 98
temp_slowdown = 95
temp_gpu_max = 90
power = 1400W
power_average = 1300W
power_limit = 1500W
power_enforced_limit = 1450W
power_min_limit = 100W
power_max_limit = 1600W
pstate = 32
ecc_mode = 1
ecc_errors = 3
ecc_corrected = 12
pcie_gen = 3
pcie_width = 8
pcie_gen_max = 5
pcie_width_max = 16
pcie_tx = 1111
pcie_rx = 2222
event_reasons = 0x44
display_active = 1
display_mode = 1
persistence = 1
compute_mode = 3
virtualization = 1
'''


def test_every_answer_of_a_device(driver):
    driver.write(EVERYTHING)
    driver.env['NVITOP_SIM_CLOCK'] = ''
    answer = driver.probe(OPEN + '''
clocks = lambda call: [call(h, i) for i in range(4)]
pci = n.nvmlDeviceGetPciInfo(h)
show(driver=n.nvmlSystemGetDriverVersion(), nvml=n.nvmlSystemGetNVMLVersion(), cuda=n.nvmlSystemGetCudaDriverVersion(),
     uuid=n.nvmlDeviceGetUUID(h), serial=n.nvmlDeviceGetSerial(h), pci=[pci.busId, pci.busIdLegacy, pci.bus, pci.pciDeviceId],
     minor=n.nvmlDeviceGetMinorNumber(h), arch=n.nvmlDeviceGetArchitecture(h), brand=n.nvmlDeviceGetBrand(h),
     cc=n.nvmlDeviceGetCudaComputeCapability(h), bar1=n.nvmlDeviceGetBAR1MemoryInfo(h).bar1Used,
     util=[n.nvmlDeviceGetUtilizationRates(h).gpu, n.nvmlDeviceGetUtilizationRates(h).memory],
     engines=[n.nvmlDeviceGetEncoderUtilization(h)[0], n.nvmlDeviceGetDecoderUtilization(h)[0],
              n.nvmlDeviceGetJpgUtilization(h)[0], n.nvmlDeviceGetOfaUtilization(h)[0]],
     clocks=clocks(n.nvmlDeviceGetClockInfo), max_clocks=clocks(n.nvmlDeviceGetMaxClockInfo),
     fan=[n.nvmlDeviceGetFanSpeed(h), n.nvmlDeviceGetFanSpeed_v2(h, 1), n.nvmlDeviceGetNumFans(h),
          n.nvmlDeviceGetFanSpeedRPM(h)],
     temperature=n.nvmlDeviceGetTemperatureV(h, n.NVML_TEMPERATURE_GPU), margin=n.nvmlDeviceGetMarginTemperature(h),
     thresholds=[n.nvmlDeviceGetTemperatureThreshold(h, i) for i in (0, 1, 3)],
     no_threshold=code(n.nvmlDeviceGetTemperatureThreshold, h, 2),
     power=[n.nvmlDeviceGetPowerUsage(h), n.nvmlDeviceGetPowerManagementLimit(h), n.nvmlDeviceGetEnforcedPowerLimit(h),
            *n.nvmlDeviceGetPowerManagementLimitConstraints(h)],
     pstate=n.nvmlDeviceGetPerformanceState(h), ecc=[n.nvmlDeviceGetTotalEccErrors(h, 1, 0), n.nvmlDeviceGetTotalEccErrors(h, 0, 0)],
     pcie=[n.nvmlDeviceGetCurrPcieLinkGeneration(h), n.nvmlDeviceGetCurrPcieLinkWidth(h),
           n.nvmlDeviceGetMaxPcieLinkGeneration(h), n.nvmlDeviceGetMaxPcieLinkWidth(h),
           n.nvmlDeviceGetPcieThroughput(h, 0), n.nvmlDeviceGetPcieThroughput(h, 1)],
     reasons=n.nvmlDeviceGetCurrentClocksEventReasons(h), virtualization=n.nvmlDeviceGetVirtualizationMode(h),
     flags=[n.nvmlDeviceGetDisplayActive(h), n.nvmlDeviceGetDisplayMode(h), n.nvmlDeviceGetPersistenceMode(h),
            n.nvmlDeviceGetComputeMode(h)],
     model=code(n.nvmlDeviceGetDriverModel, h), mig=code(n.nvmlDeviceGetMigMode, h))''')
    assert answer == {
        'driver': '580.65.06', 'nvml': '13.580.65.06', 'cuda': 13020,
        'uuid': 'GPU-11111111-aaaa-bbbb-cccc-000000000000', 'serial': '0323918005123',
        'pci': ['00000000:C7:00.0', '0000:C7:00.0', 0xC7, 0x20b210de], 'minor': 5, 'arch': 9, 'brand': 14, 'cc': [9, 0],
        'bar1': 20 << 20, 'util': [30, 31], 'engines': [11, 12, 13, 14], 'clocks': [1000, 1001, 1002, 1003],
        'max_clocks': [2000, 2001, 2002, 2003], 'fan': [103, 103, 2, 1800], 'temperature': -5, 'margin': -7,
        'thresholds': [98, 95, 90], 'no_threshold': 3, 'power': [1400000, 1500000, 1450000, 100000, 1600000],
        'pstate': 32, 'ecc': [3, 12], 'pcie': [3, 8, 5, 16, 1111, 2222], 'reasons': 0x44, 'virtualization': 1,
        'flags': [1, 1, 1, 3], 'model': 3, 'mig': 3,
    }


def test_a_name_may_hold_any_bytes(driver):
    driver.write(EVERYTHING)
    answer = driver.probe('''
        library = ctypes.CDLL(LIBRARY)
        library.nvmlInit_v2()
        handle = ctypes.c_void_p()
        library.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(handle))
        name = ctypes.create_string_buffer(96)
        show(code=library.nvmlDeviceGetName(handle, name, 96), name=list(name.value),
             small=library.nvmlDeviceGetName(handle, name, 5))''', with_binding=False)
    assert answer == {'code': 0, 'name': list(b'NVIDIA Test \xff\xfe\n'), 'small': 7}


def test_handles_by_uuid_serial_and_bus(driver):
    driver.write('[device 0-3]\nserial = 77{i}\n')
    answer = driver.probe('''
        n.nvmlInit()
        handles = [n.nvmlDeviceGetHandleByIndex(i) for i in range(4)]
        same = lambda a, b: ctypes.cast(a, ctypes.c_void_p).value == ctypes.cast(b, ctypes.c_void_p).value
        h = handles[2]
        uuid = n.nvmlDeviceGetUUID(h)
        show(uuid=same(n.nvmlDeviceGetHandleByUUID(uuid), h), serial=same(n.nvmlDeviceGetHandleBySerial('772'), h),
             bus=[same(n.nvmlDeviceGetHandleByPciBusId(b), h) for b in ('00000000:07:00.0', '0:7:0', '7:0.0')],
             uuids=len({n.nvmlDeviceGetUUID(i) for i in handles}), length=len(uuid),
             unknown=[code(n.nvmlDeviceGetHandleByUUID, uuid[:-1]), code(n.nvmlDeviceGetHandleByPciBusId, '0:8:0'),
                      code(n.nvmlDeviceGetHandleByPciBusId, 'x'), code(n.nvmlDeviceGetHandleByIndex, 4)])''')
    assert answer == {'uuid': True, 'serial': True, 'bus': [True] * 3, 'uuids': 4, 'length': 40, 'unknown': [6, 6, 2, 2]}


MEMORY = OPEN + '''
def memory(version):
    try:
        m = n.nvmlDeviceGetMemoryInfo(h, version=version)
    except n.NVMLError as error:
        return error.value
    return [m.total >> 20, getattr(m, 'reserved', 0) >> 20, m.used >> 20, m.free >> 20]
show(v1=memory(n.nvmlMemory_v1) if hasattr(n, 'nvmlMemory_v1') else memory(None), v2=memory(n.nvmlMemory_v2))
'''


def test_memory_v1_counts_the_reserve_as_used_and_v2_does_not(driver):
    driver.write('[device 0]\nmem_total = 80GiB\nmem_reserved = 600MiB\nmem_used = auto 7MiB\n'
                 '[process a]\npid = 7\nmem = 1000MiB\n[process b]\npid = 8\nmem = unavailable\n')
    assert driver.probe(MEMORY) == {'v1': [81920, 0, 1607, 80313], 'v2': [81920, 600, 1007, 80313]}


def test_memory_v2_refuses_another_tag(driver):
    driver.write('[device 0]\n')
    answer = driver.probe('''
        library = ctypes.CDLL(LIBRARY)
        library.nvmlInit_v2()
        handle = ctypes.c_void_p()
        library.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(handle))
        def ask(tag):
            memory = (ctypes.c_uint64 * 5)(tag)
            return library.nvmlDeviceGetMemoryInfo_v2(handle, memory)
        show(codes=[ask(2), ask(0x01000018), ask(0x02000028)])''', with_binding=False)
    assert answer['codes'] == [25, 25, 0]


@pytest.mark.parametrize(('total', 'expected'), [('NOT_SUPPORTED', 3), ('0', [0, 0, 0, 0]), ('NO_PERMISSION', 4)])
def test_unified_memory_boards(driver, total, expected):
    driver.write(f'[device 0]\nmem_total = {total}\n')
    assert driver.probe(MEMORY) == {'v1': expected, 'v2': expected}


def test_the_hosts_memory_as_the_gpus(driver, tmp_path):
    (tmp_path / 'meminfo').write_text('MemTotal: 131072 kB\nMemFree: 1 kB\nMemAvailable: 31744 kB\n')
    driver.env['NVITOP_PROCFS'] = str(tmp_path)
    driver.write('[device 0]\nmem_total = host\nmem_used = host\n')
    assert driver.probe(MEMORY)['v2'] == [128, 0, 97, 31]


def test_curves_follow_the_clock(driver):
    driver.write('[device 0]\ngpu_util = square 0 100 8s\ntemperature = steps 40@0s 80@5s\n')
    answer = driver.probe(OPEN + '''
seen = []
for t in (0, 3.9, 4, 5, 8):
    at(t)
    seen.append([n.nvmlDeviceGetUtilizationRates(h).gpu, n.nvmlDeviceGetTemperature(h, 0)])
show(seen=seen)''')
    assert answer['seen'] == [[0, 40], [0, 40], [100, 40], [100, 80], [0, 80]]


def test_noise_depends_on_seed_and_time_only(driver):
    body = OPEN + '''
seen = []
for t in range(8):
    at(t)
    seen.append(n.nvmlDeviceGetUtilizationRates(h).gpu)
show(seen=seen)'''
    runs = []
    for seed in (1, 1, 2):
        driver.write(f'[system]\nseed = {seed}\n[device 0]\ngpu_util = 50 noise 20\n')
        runs.append(driver.probe(body)['seen'])
    assert runs[0] == runs[1] != runs[2]
    assert all(30 <= value <= 70 for run in runs for value in run) and len(set(runs[0])) > 3


FIELDS = OPEN + '''
def ask(*ids):
    return [(v.nvmlReturn, v.valueType, v.value.ullVal if v.valueType == 3 else v.value.siVal)
            for v in n.nvmlDeviceGetFieldValues(h, list(ids))]
'''


def test_field_values(driver):
    driver.write(EVERYTHING.replace('pstate = 32', 'nvlink_count = 12'))
    answer = driver.probe(FIELDS + 'show(fields=ask(186, 185, 82, 91, 90, 190, 194, 138, 99999))')
    assert answer['fields'] == [[0, 1, 1400000], [0, 1, 1300000], [0, 1, 92], [0, 1, 12], [0, 1, 25781],
                                [0, 1, 1450000], [0, 5, -5], [3, 3, 0], [3, 0, 0]]


def test_counters_grow_at_their_rate_even_while_the_clock_stands(driver):
    driver.write('[device 0]\npower = 100W\npcie_tx = 1000\nnvlink_count = 1\nnvlink_tx = 5000\n')
    answer = driver.probe(FIELDS + '''
def once():
    return time.monotonic(), ask(197, 138, 83)
then, first = once()
while time.monotonic() < then + 0.2:
    pass
now, second = once()
show(rates=[(b[2] - a[2]) / (now - then) for a, b in zip(first, second)])''')
    for rate, expected in zip(answer['rates'], (1000 * 1000, 5000, 100000)):
        assert rate == pytest.approx(expected, rel=0.1)


def test_recent_samples(driver):
    driver.write('[system]\nsample_period = 0.2s\n[device 0]\ngpu_util = 42\n')
    answer = driver.probe(OPEN + '''
since = int((time.time() - 1.9) * 1e6)
kind, rows = n.nvmlDeviceGetSamples(h, n.NVML_GPU_UTILIZATION_SAMPLES, since)
stamps = [row.timeStamp for row in rows]
show(kind=kind, values=[row.sampleValue.uiVal for row in rows], ordered=stamps == sorted(stamps), newer=min(stamps) > since)''')
    assert 9 <= len(answer['values']) <= 10 and set(answer['values']) == {42}
    assert (answer['kind'], answer['ordered'], answer['newer']) == (1, True, True)


def test_an_error_in_place_of_a_number(driver):
    driver.write('[device 0]\ngpu_util = NOT_SUPPORTED\nfan = GPU_IS_LOST\nuuid = NOT_SUPPORTED\nname = UNKNOWN\ncc = NOT_SUPPORTED\n')
    answer = driver.probe(OPEN + '''
show(codes=[code(f, h) for f in (n.nvmlDeviceGetUtilizationRates, n.nvmlDeviceGetFanSpeed, n.nvmlDeviceGetUUID,
                                 n.nvmlDeviceGetName, n.nvmlDeviceGetCudaComputeCapability, n.nvmlDeviceGetPowerUsage)])''')
    assert answer['codes'] == [3, 15, 3, 999, 3, 0]


def test_the_error_words_are_there_for_every_code(driver):
    driver.write('[device 0]\n')
    answer = driver.probe('''
        library = ctypes.CDLL(LIBRARY)
        library.nvmlErrorString.restype = ctypes.c_char_p
        show(words=[library.nvmlErrorString(i).decode() for i in (*range(31), 999, 12345)])''', with_binding=False)
    assert len(set(answer['words'])) == 32 and all(answer['words'])
