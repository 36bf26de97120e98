"""Trouble: errors, lost GPUs, slow calls, calls that never return."""

from __future__ import annotations

import signal
import subprocess

import pytest


@pytest.mark.parametrize('code', [9, 12, 18, 4, 999])
def test_init_fails_with_the_scenarios_code(driver, code):
    driver.write(f'[system]\ninit_error = {code}\n[device 0]\n')
    assert driver.probe('show(codes=[code(n.nvmlInit), code(n.nvmlInitWithFlags, 0), code(n.nvmlDeviceGetCount)])') == {
        'codes': [code, code, 1]}


def test_no_scenario_is_no_driver(driver):
    driver.env['NVITOP_SIM'] = ''
    result = driver.raw('show(code=code(n.nvmlInit))')
    assert result.out == '{"code": 9}\n' and 'NVITOP_SIM' in result.err


def test_a_bad_scenario_is_named_with_its_line(driver):
    driver.write('[device 0]\n\nnme = x\n')
    result = driver.raw('show(code=code(n.nvmlInit))')
    assert result.out == '{"code": 9}\n'
    assert result.err == f"{driver.scenario}:3: [device] has no key 'nme'\n"


def test_a_device_count_that_fails(driver):
    driver.write('[system]\ncount_error = UNKNOWN\n[device 0]\n')
    assert driver.probe('n.nvmlInit()\nshow(code=code(n.nvmlDeviceGetCount))') == {'code': 999}


def test_no_device_at_all(driver):
    driver.write('[system]\ndriver_version = 550.54.14\n')
    assert driver.probe('n.nvmlInit()\nshow(count=n.nvmlDeviceGetCount())') == {'count': 0}


def test_init_is_counted(driver):
    driver.write('[device 0]\n')
    assert driver.probe('''
        n.nvmlInit()
        n.nvmlInit()
        codes = [code(n.nvmlDeviceGetCount)]
        library = ctypes.CDLL(LIBRARY)
        for _ in range(3):
            codes += [library.nvmlShutdown(), library.nvmlDeviceGetCount_v2(ctypes.byref(ctypes.c_uint()))]
        show(codes=codes)''') == {'codes': [0, 0, 0, 0, 1, 1, 1]}


def test_bad_handles_are_refused(driver):
    driver.write('[device 0]\n')
    assert driver.probe('''
        n.nvmlInit()
        library = ctypes.CDLL(LIBRARY)
        handle = ctypes.c_void_p()
        library.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(handle))
        out = ctypes.c_uint()
        ask = lambda address: library.nvmlDeviceGetPowerUsage(ctypes.c_void_p(address), ctypes.byref(out))
        show(codes=[ask(handle.value), ask(None), ask(handle.value + 1), ask(handle.value + 4096), ask(1),
                    library.nvmlDeviceGetPowerUsage(handle, None)])''') == {'codes': [0, 2, 2, 2, 2, 2]}


def test_a_gpu_that_is_lost_from_the_start(driver):
    driver.write('[device 0-3]\n[device 1]\nhandle_error = GPU_IS_LOST\n[device 3]\nhandle_error = UNKNOWN\n')
    assert driver.probe('n.nvmlInit()\nshow(codes=[code(n.nvmlDeviceGetHandleByIndex, i) for i in range(4)])') == {
        'codes': [0, 15, 0, 999]}


def test_a_gpu_that_is_lost_and_comes_back(driver):
    driver.write('[device 0-1]\n[device 1]\nlost_at = 5s\nback_at = 9s\n')
    answer = driver.probe('''
        n.nvmlInit()
        handles = [n.nvmlDeviceGetHandleByIndex(i) for i in (0, 1)]
        seen = []
        for t in (4.9, 5, 8.9, 9):
            at(t)
            seen.append([code(n.nvmlDeviceGetPowerUsage, handles[0]), code(n.nvmlDeviceGetPowerUsage, handles[1]),
                         code(n.nvmlDeviceGetHandleByIndex, 1)])
        show(seen=seen)''')
    assert answer['seen'] == [[0, 0, 0], [0, 15, 15], [0, 15, 15], [0, 0, 0]]


def test_errors_per_symbol_device_and_call(driver):
    driver.write('''
        [device 0-1]
        [device 1]
        error.nvmlDeviceGetPowerUsage = NO_PERMISSION after 1 times 2
        error.nvmlDeviceGetFan* = 10
        error.nvmlDeviceGetName = 999 at 5s until 9s
        ''')
    answer = driver.probe('''
        n.nvmlInit()
        a, b = map(n.nvmlDeviceGetHandleByIndex, (0, 1))
        power = [code(n.nvmlDeviceGetPowerUsage, h) for h in (a, b, a, b, a, b, a, b)]
        fan = [code(n.nvmlDeviceGetFanSpeed, a), code(n.nvmlDeviceGetFanSpeed, b), code(n.nvmlDeviceGetFanSpeed_v2, b, 0)]
        name = []
        for t in (4, 5, 9):
            at(t)
            name.append(code(n.nvmlDeviceGetName, b))
        show(power=power, fan=fan, name=name)''')
    assert answer == {'power': [0, 0, 0, 4, 0, 4, 0, 0], 'fan': [0, 10, 10], 'name': [0, 999, 0]}


def test_the_driver_is_reloaded_under_way(driver):
    driver.write('[system]\nerror.* = UNINITIALIZED at 5s until 9s\n[device 0]\n')
    assert driver.probe('''
        n.nvmlInit()
        h = n.nvmlDeviceGetHandleByIndex(0)
        seen = []
        for t in (0, 5, 9):
            at(t)
            seen.append([code(n.nvmlDeviceGetCount), code(n.nvmlDeviceGetPowerUsage, h)])
        show(seen=seen)''') == {'seen': [[0, 0], [1, 1], [0, 0]]}


def test_a_slow_call_takes_its_time_on_its_device_only(driver):
    driver.write('[device 0-1]\n[device 1]\ndelay.nvmlDeviceGetPowerUsage = 300ms\n')
    answer = driver.probe('''
        n.nvmlInit()
        took = []
        for i in (0, 1):
            h = n.nvmlDeviceGetHandleByIndex(i)
            start = time.monotonic()
            n.nvmlDeviceGetPowerUsage(h)
            took.append(time.monotonic() - start)
        show(took=took)''')
    assert answer['took'][0] < 0.2 and answer['took'][1] >= 0.3


HANG = '''
n.nvmlInit()
handles = [n.nvmlDeviceGetHandleByIndex(i) for i in (0, 1)]
codes = [code(n.nvmlDeviceGetPowerUsage, handles[1]) for _ in range(2)]
done = threading.Event()
def stuck():
    n.nvmlDeviceGetPowerUsage(handles[1])
    done.set()
threading.Thread(target=stuck, daemon=True).start()
while not any('GetPowerUsage 1' in line for line in open(os.environ['NVITOP_SIM_LOG']).readlines()[5:]):
    pass
show(codes=codes, came_back=done.wait(0.3), other=code(n.nvmlDeviceGetPowerUsage, handles[0]))
'''


def test_a_call_that_never_returns_leaves_the_others_alone(driver):
    driver.write('[device 0-1]\n[device 1]\nhang.nvmlDeviceGetPowerUsage = yes after 2\n')
    program = driver.start(HANG)
    assert program.stdout.readline() == '{"codes": [0, 0], "came_back": false, "other": 0}\n'
    program.kill()
    assert program.wait(30) == -signal.SIGKILL
    program.communicate()


def test_init_that_never_returns(driver):
    driver.write('[system]\nhang.nvmlInit* = yes\n[device 0]\n')
    program = driver.start('show(ready=1)\nn.nvmlInit()\nshow(ready=2)')
    assert program.stdout.readline() == '{"ready": 1}\n'
    with pytest.raises(subprocess.TimeoutExpired):
        program.wait(0.3)
    program.kill()
    out, _ = program.communicate()
    assert out == ''


def test_calls_are_logged_with_their_device(driver):
    driver.write('[device 0]\nmig_mode = 1\n[mig 0:2]\n')
    driver.probe('''
        n.nvmlInit()
        h = n.nvmlDeviceGetHandleByIndex(0)
        m = n.nvmlDeviceGetMigDeviceHandleByIndex(h, 2)
        n.nvmlDeviceGetUUID(m)
        n.nvmlShutdown()
        show()''')
    assert driver.log.read_text().splitlines() == [
        'nvmlInitWithFlags -', 'nvmlDeviceGetHandleByIndex_v2 -', 'nvmlDeviceGetMigDeviceHandleByIndex 0',
        'nvmlDeviceGetUUID 0:2', 'nvmlShutdown -']


def test_a_forked_child_goes_on(driver):
    driver.write('[device 0]\npower = 33W\n')
    answer = driver.probe('''
        n.nvmlInit()
        h = n.nvmlDeviceGetHandleByIndex(0)
        child = os.fork()
        if not child:
            os._exit(7 if n.nvmlDeviceGetPowerUsage(h) == 33000 else 1)
        show(status=os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))''')
    assert answer == {'status': 7}
