"""MIG devices: holes, lifetimes, what answers there and what does not."""

from __future__ import annotations

SCENARIO = '''
[system]
driver_version = {driver}
[device 0]
name = NVIDIA A100-SXM4-80GB
uuid = GPU-11111111-aaaa-bbbb-cccc-000000000000
mig_mode = 1
mem_total = 80GiB
[mig 0:1]
profile = 3g.40gb
gi = 2
ci = 0
sms = 42
gi_slices = 3
ci_slices = 3
mem_total = 40GiB
bar1_total = 32GiB
bar1_used = 2MiB
{one}
[mig 0:4]
profile = 1g.10gb
gi = 9
[process a]
pid = 7
device = 0:1
mem = 1000MiB
[process b]
pid = 8
device = 0:4
mem = 10MiB
'''


def write(driver, version='550.54.14', one=''):
    driver.write(SCENARIO.format(driver=version, one=one))


OPEN = '''
n.nvmlInit()
h = n.nvmlDeviceGetHandleByIndex(0)
'''


def test_indices_have_holes(driver):
    write(driver)
    assert driver.probe(OPEN + '''
show(mode=n.nvmlDeviceGetMigMode(h), max=n.nvmlDeviceGetMaxMigDeviceCount(h),
     codes=[code(n.nvmlDeviceGetMigDeviceHandleByIndex, h, i) for i in range(7)])''') == {
        'mode': [1, 1], 'max': 7, 'codes': [6, 0, 6, 6, 0, 6, 6]}


def test_what_a_mig_device_answers(driver):
    write(driver)
    answer = driver.probe(OPEN + '''
m = n.nvmlDeviceGetMigDeviceHandleByIndex(h, 1)
a = n.nvmlDeviceGetAttributes(m)
show(name=n.nvmlDeviceGetName(m), uuid=n.nvmlDeviceGetUUID(m)[:4], index=n.nvmlDeviceGetIndex(m),
     ids=[n.nvmlDeviceGetGpuInstanceId(m), n.nvmlDeviceGetComputeInstanceId(m)],
     is_mig=[n.nvmlDeviceIsMigDeviceHandle(x).value for x in (h, m)],
     parent=n.nvmlDeviceGetUUID(n.nvmlDeviceGetDeviceHandleFromMigDeviceHandle(m)),
     by_uuid=n.nvmlDeviceGetIndex(n.nvmlDeviceGetHandleByUUID(n.nvmlDeviceGetUUID(m))),
     memory=[n.nvmlDeviceGetMemoryInfo(m).total >> 20, n.nvmlDeviceGetMemoryInfo(m).used >> 20],
     bar1=n.nvmlDeviceGetBAR1MemoryInfo(m).bar1Used >> 20, attributes=[a.multiprocessorCount, a.gpuInstanceSliceCount, a.memorySizeMB],
     processes=[(p.pid, p.gpuInstanceId, p.computeInstanceId) for p in n.nvmlDeviceGetComputeRunningProcesses(m)],
     codes=[code(f, m) for f in (n.nvmlDeviceGetUtilizationRates, n.nvmlDeviceGetPowerUsage, n.nvmlDeviceGetFanSpeed,
                                 n.nvmlDeviceGetEncoderUtilization, n.nvmlDeviceGetMigMode, n.nvmlDeviceGetMinorNumber)],
     no_mig=[code(n.nvmlDeviceGetGpuInstanceId, h), code(n.nvmlDeviceGetAttributes, h)])''')
    assert answer == {
        'name': 'NVIDIA A100-SXM4-80GB MIG 3g.40gb', 'uuid': 'MIG-', 'index': 1, 'ids': [2, 0], 'is_mig': [0, 1],
        'parent': 'GPU-11111111-aaaa-bbbb-cccc-000000000000', 'by_uuid': 1, 'memory': [40960, 1013], 'bar1': 2,
        'attributes': [42, 3, 40960], 'processes': [[7, 2, 0]], 'codes': [3] * 6, 'no_mig': [2, 3]}


def test_the_parent_adds_up_and_has_no_utilization(driver):
    write(driver)
    assert driver.probe(OPEN + '''
show(used=n.nvmlDeviceGetMemoryInfo(h).used >> 20,
     processes=[(p.pid, p.gpuInstanceId) for p in n.nvmlDeviceGetComputeRunningProcesses(h)],
     codes=[code(n.nvmlDeviceGetUtilizationRates, h), code(n.nvmlDeviceGetProcessUtilization, h, 0),
            code(n.nvmlDeviceGetDecoderUtilization, h), code(n.nvmlDeviceGetSamples, h, 1, 0), code(n.nvmlDeviceGetPowerUsage, h)])''') == {
        'used': 1310, 'processes': [[7, 2], [8, 9]], 'codes': [3, 3, 3, 3, 0]}


def test_the_parent_may_be_closed_to_us(driver):
    write(driver)
    driver.scenario.write_text(driver.scenario.read_text().replace('mig_mode = 1', 'mig_mode = 1\nmig_private = yes'))
    assert driver.probe(OPEN + '''
m = n.nvmlDeviceGetMigDeviceHandleByIndex(h, 1)
show(codes=[code(f, x) for x in (h, m) for f in (n.nvmlDeviceGetMemoryInfo, n.nvmlDeviceGetComputeRunningProcesses)])''') == {
        'codes': [4, 4, 0, 0]}


def test_an_old_driver_names_mig_devices_by_their_gpu(driver):
    write(driver, '450.80.02')
    assert driver.probe(OPEN + 'show(uuid=n.nvmlDeviceGetUUID(n.nvmlDeviceGetMigDeviceHandleByIndex(h, 1)))') == {
        'uuid': 'MIG-GPU-11111111-aaaa-bbbb-cccc-000000000000/2/0'}


RECREATE = OPEN + '''
def look(m):
    now = n.nvmlDeviceGetMigDeviceHandleByIndex(h, 1)
    return [n.nvmlDeviceGetGpuInstanceId(now), code(n.nvmlDeviceGetUUID, m)]
old = n.nvmlDeviceGetMigDeviceHandleByIndex(h, 1)
uuid = n.nvmlDeviceGetUUID(old)
before = look(old)
at(5)
new = n.nvmlDeviceGetMigDeviceHandleByIndex(h, 1)
show(before=before, after=look(old), same_uuid=n.nvmlDeviceGetUUID(new) == uuid, by_uuid=code(n.nvmlDeviceGetHandleByUUID, uuid))
'''


def test_a_recreated_instance_has_its_ids_and_a_new_uuid_and_handle(driver):
    write(driver, one='recreated_at = 5s')
    assert driver.probe(RECREATE) == {'before': [2, 0], 'after': [2, 2], 'same_uuid': False, 'by_uuid': 6}


def test_a_recreated_instance_may_get_the_old_handle(driver):
    write(driver, one='recreated_at = 5s\nreuse_handle = yes')
    assert driver.probe(RECREATE) == {'before': [2, 0], 'after': [2, 0], 'same_uuid': False, 'by_uuid': 6}


def test_an_instance_comes_and_goes_with_its_processes(driver):
    write(driver, one='from = 2s\nuntil = 6s')
    answer = driver.probe(OPEN + '''
seen = []
for t in (0, 2, 5.9, 6):
    at(t)
    seen.append([code(n.nvmlDeviceGetMigDeviceHandleByIndex, h, 1), len(n.nvmlDeviceGetComputeRunningProcesses(h))])
show(seen=seen)''')
    assert answer['seen'] == [[6, 1], [0, 2], [0, 2], [6, 1]]


def test_mig_mode_may_be_switched(driver):
    write(driver)
    driver.scenario.write_text(driver.scenario.read_text().replace('mig_mode = 1', 'mig_mode = steps 0@0s 1@5s'))
    answer = driver.probe(OPEN + '''
seen = []
for t in (0, 5):
    at(t)
    seen.append([n.nvmlDeviceGetMigMode(h)[0], n.nvmlDeviceGetMaxMigDeviceCount(h), code(n.nvmlDeviceGetUtilizationRates, h),
                 code(n.nvmlDeviceGetMigDeviceHandleByIndex, h, 1)])
show(seen=seen)''')
    assert answer['seen'] == [[0, 0, 0, 6], [1, 7, 3, 0]]
