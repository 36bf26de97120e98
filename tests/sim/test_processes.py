"""Process lists and utilization samples."""

from __future__ import annotations

import os
import time

import pytest

ERAS = {'390': ('', 16), '450': ('_v2', 24), '470': ('_v2', 24), '510': ('_v3', 24), '535.54': ('_v3', 32),
        '535.98': ('_v2', 24), '535': ('_v3', 24), '550': ('_v3', 24), '580': ('_v3', 24)}

# Calls a list with a poisoned buffer; answers the rows and how far the buffer was written.
RAW_LIST = '''
library = ctypes.CDLL(LIBRARY)
library.nvmlInit_v2()
handle = ctypes.c_void_p()
library.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(handle))
call = getattr(library, 'nvmlDeviceGetComputeRunningProcesses{suffix}')
count = ctypes.c_uint(0)
probe = call(handle, ctypes.byref(count), None)
size = count.value
buffer = (ctypes.c_ubyte * (64 * 32))(*[0xA5] * (64 * 32))
count = ctypes.c_uint(64)
status = call(handle, ctypes.byref(count), buffer)
raw = bytes(buffer)
rows = [(int.from_bytes(raw[i * {stride}:][:4], 'little'), int.from_bytes(raw[i * {stride} + 8:][:8], 'little'))
        for i in range(count.value)]
show(probe=probe, size=size, status=status, rows=rows, end=len(raw.rstrip(b'\\xa5')))
'''


@pytest.mark.parametrize('count', [0, 1, 2, 40])
@pytest.mark.parametrize('era', ERAS)
def test_rows_of_16_24_32_bytes_by_era(driver, era, count):
    suffix, stride = ERAS[era]
    driver.write(f'[system]\nera = {era}\n[device 0]\n' + ''.join(
        f'[process p{i}]\npid = {1000 + i}\nmem = {i + 1}MiB\n' for i in range(count)))
    answer = driver.probe(RAW_LIST.format(suffix=suffix, stride=stride), with_binding=False)
    assert answer == {'probe': 7 if count else 0, 'size': count, 'status': 0, 'end': stride * count,
                      'rows': [[1000 + i, (i + 1) << 20] for i in range(count)]}


@pytest.mark.parametrize('stride', [16, 24, 32])
def test_the_row_size_can_be_forced(driver, stride):
    driver.write(f'[system]\nera = 580\nprocess_stride = {stride}\n[device 0]\n'
                 '[process a]\npid = 7\nmem = 1MiB\n[process b]\npid = 8\nmem = 2MiB\n')
    answer = driver.probe(RAW_LIST.format(suffix='_v3', stride=stride), with_binding=False)
    assert (answer['rows'], answer['end']) == ([[7, 1 << 20], [8, 2 << 20]], 2 * stride)


def test_the_list_grows_between_sizing_and_filling(driver):
    driver.write('[device 0]\nprocess_growth = 2\n[process a]\npid = 7\n[process b]\npid = 8\n')
    answer = driver.probe('''
        library = ctypes.CDLL(LIBRARY)
        library.nvmlInit_v2()
        handle = ctypes.c_void_p()
        library.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(handle))
        buffer = ctypes.create_string_buffer(4096)
        seen = []
        for room in (0, 2, 3, 4):
            count = ctypes.c_uint(room)
            status = library.nvmlDeviceGetComputeRunningProcesses_v3(handle, ctypes.byref(count), buffer)
            seen.append((status, count.value))
        show(seen=seen)''', with_binding=False)
    assert answer['seen'] == [[7, 2], [7, 3], [7, 4], [0, 2]]


def test_types_choose_the_lists(driver):
    driver.write('''
        [device 0]
        [process c]
        pid = 1001
        [process both]
        pid = 1002
        type = CG
        [process mps]
        pid = 1003
        type = M
        [process all]
        pid = 1004
        type = CGM
        ''')
    answer = driver.probe('''
        n.nvmlInit()
        h = n.nvmlDeviceGetHandleByIndex(0)
        show(c=[p.pid for p in n.nvmlDeviceGetComputeRunningProcesses(h)],
             g=[p.pid for p in n.nvmlDeviceGetGraphicsRunningProcesses(h)],
             m=[p.pid for p in n.nvmlDeviceGetMPSComputeRunningProcesses(h)])''')
    assert answer == {'c': [1001, 1002, 1004], 'g': [1002, 1004], 'm': [1003, 1004]}


COMPUTE = '''
n.nvmlInit()
show(rows=[[(p.pid, p.usedGpuMemory) for p in
            n.nvmlDeviceGetComputeRunningProcesses(n.nvmlDeviceGetHandleByIndex(i))] for i in range(n.nvmlDeviceGetCount())])
'''


def test_pids_come_from_the_map_or_literally(driver, own_pid):
    driver.write('''
        [device 0]
        [process alive]
        mem = 1MiB
        [process alias]
        pid = ${alive}
        mem = 2MiB
        [process unmapped]
        [process zero]
        pid = 0
        mem = 3MiB
        [process huge]
        pid = 0xFFFFFFFF
        mem = unavailable
        ''')
    driver.pids(alive=own_pid)
    assert driver.probe(COMPUTE)['rows'] == [[
        [own_pid, 1 << 20], [own_pid, 2 << 20], [0, 3 << 20], [0xFFFFFFFF, None]]]


def test_a_process_that_ended_is_listed_no_more(driver):
    pid = os.spawnvp(os.P_NOWAIT, 'true', ['true'])
    os.waitpid(pid, 0)
    driver.write('[device 0]\n[process a]\n[process b]\nlisted = always\n')
    driver.pids(a=pid, b=pid)
    assert driver.probe(COMPUTE)['rows'] == [[[pid, 0]]]
    driver.write('[launcher]\npid_namespace = host\n[device 0]\n[process a]\n[process b]\n')
    assert driver.probe(COMPUTE)['rows'] == [[[pid, 0], [pid, 0]]]


def test_the_pid_map_may_change_under_way(driver, own_pid):
    driver.write('[device 0]\n[process a]\n')
    driver.pids()
    program = driver.start(f'''
        n.nvmlInit()
        h = n.nvmlDeviceGetHandleByIndex(0)
        show(pids=[p.pid for p in n.nvmlDeviceGetComputeRunningProcesses(h)])
        sys.stdin.readline()
        show(pids=[p.pid for p in n.nvmlDeviceGetComputeRunningProcesses(h)])''')
    assert program.stdout.readline() == '{"pids": []}\n'
    driver.pids(a=own_pid)
    out, err = program.communicate('\n', timeout=30)
    assert (out, err) == ('{"pids": [%d]}\n' % own_pid, '')


def test_processes_come_and_go(driver):
    driver.write('[device 0]\n[process a]\npid = 7\nfrom = 2s\nuntil = 9s\n')
    answer = driver.probe('''
        n.nvmlInit()
        h = n.nvmlDeviceGetHandleByIndex(0)
        seen = []
        for t in (0, 1.9, 2, 8.9, 9):
            at(t)
            seen.append(len(n.nvmlDeviceGetComputeRunningProcesses(h)))
        show(seen=seen)''')
    assert answer['seen'] == [0, 0, 1, 1, 0]


def test_one_process_on_several_devices(driver):
    driver.write('[device 0-2]\n[process a]\npid = 7\ndevice = 0,2\nmem = 1MiB\n[process w]\ncount = 2\n'
                 'pid = {i+100}\ndevice = {i+1}\n')
    assert driver.probe(COMPUTE)['rows'] == [[[7, 1 << 20]], [[100, 0]], [[7, 1 << 20], [101, 0]]]


# ---- utilization ----

UTILIZATION = '''
n.nvmlInit()
h = n.nvmlDeviceGetHandleByIndex(0)
since = int(time.time() * 1e6) - 1000000
rows = n.nvmlDeviceGetProcessUtilization(h, since)
show(now=time.time(), since=since,
     rows=[(r.pid, r.timeStamp, r.smUtil, r.memUtil, r.encUtil, r.decUtil) for r in rows])
'''
BUSY = '[process a]\npid = 7\nsm = 40\nmem_util = 5\nenc = 2\ndec = 1\n[process idle]\npid = 8\n'


def test_samples_carry_real_time_while_the_clock_stands(driver):
    driver.write('[system]\nclock = 8\n[device 0]\n' + BUSY)
    driver.env['NVITOP_SIM_CLOCK'] = ''
    before = time.time()
    answer = driver.probe(UTILIZATION)
    [(pid, stamp, *numbers)] = answer['rows']
    assert (pid, numbers) == (7, [40, 5, 2, 1])
    assert before - 1.3 <= stamp / 1e6 <= answer['now'] and stamp > answer['since']


def test_no_new_sample_is_not_found(driver):
    driver.write('[device 0]\n' + BUSY)
    assert driver.probe('''
        n.nvmlInit()
        h = n.nvmlDeviceGetHandleByIndex(0)
        show(code=code(n.nvmlDeviceGetProcessUtilization, h, int(time.time() * 1e6) + 1000000))''') == {'code': 6}


def test_garbage_among_the_samples(driver):
    driver.write('[system]\nsample_period = 0.1s\n[device 0]\ngarbage = huge, unlisted, duplicates, unsorted\n' + BUSY)
    rows = driver.probe(UTILIZATION)['rows']
    stamps = [row[1] for row in rows]
    assert stamps == sorted(stamps, reverse=True) and len(set(stamps)) > 3
    assert {row[2] for row in rows} >= {40, 991, 2147483632}
    assert {row[0] for row in rows} == {7, 0, 4194301, 0xFFFFFFFF}
    assert len([row for row in rows if row[0] == 7]) == 6


def test_utilization_info_of_newer_drivers(driver):
    driver.write('[device 0]\n[process a]\npid = 7\nsm = 40\njpg = 3\nofa = 4\n')
    answer = driver.probe('''
        n.nvmlInit()
        h = n.nvmlDeviceGetHandleByIndex(0)
        rows = n.nvmlDeviceGetProcessesUtilizationInfo(h, 0)
        show(rows=[(r.pid, r.smUtil, r.jpgUtil, r.ofaUtil) for r in rows])''')
    assert answer['rows'] == [[7, 40, 3, 4]]


def test_the_detail_list_is_hoppers(driver):
    driver.write('[device 0]\narch = 7\n[device 1]\narch = 9\n[process a]\npid = 7\ndevice = 0,1\nmem = 1MiB\nprotected_mem = 4KiB\n')
    answer = driver.probe('''
        n.nvmlInit()
        old, new = map(n.nvmlDeviceGetHandleByIndex, (0, 1))
        rows = n.nvmlDeviceGetRunningProcessDetailList(new, 1 << 24 | 24, 0)
        show(old=code(n.nvmlDeviceGetRunningProcessDetailList, old, 1 << 24 | 24, 0),
             rows=[(r.pid, r.usedGpuMemory, r.usedGpuCcProtectedMemory) for r in rows])''')
    assert answer == {'old': 3, 'rows': [[7, 1 << 20, 4096]]}
