"""Which functions a driver has: by era, hidden, stubs."""

from __future__ import annotations

import pytest

FIND = '''
library = ctypes.CDLL(LIBRARY)
def has(name):
    try:
        return bool(getattr(library, name))
    except AttributeError:
        return False
show(found=[name for name in {names!r} if has(name)])
'''

LIST = 'nvmlDeviceGetComputeRunningProcesses'
# symbol → the eras that have it
MATRIX = {
    'nvmlInit_v2': '390 450 470 510 535.54 535.98 535 550 580',
    LIST: '390 450 470 510 535.54 535.98 535 550 580',
    f'{LIST}_v2': '450 470 510 535.54 535.98 535 550 580',
    f'{LIST}_v3': '510 535.54 535 550 580',
    'nvmlDeviceGetMPSComputeRunningProcesses': '470 510 535.54 535.98 535 550 580',
    'nvmlDeviceGetRunningProcessDetailList': '535 550 580',
    'nvmlDeviceGetConfComputeMemSizeInfo': '535.54 535.98 535 550 580',
    'nvmlDeviceGetMemoryInfo_v2': '510 535.54 535.98 535 550 580',
    'nvmlDeviceGetMigMode': '450 470 510 535.54 535.98 535 550 580',
    'nvmlDeviceGetNumFans': '510 535.54 535.98 535 550 580',
    'nvmlDeviceGetCurrentClocksEventReasons': '535.54 535.98 535 550 580',
    'nvmlDeviceGetProcessesUtilizationInfo': '550 580',
    'nvmlDeviceGetTemperatureV': '580',
    'nvmlDeviceGetFanSpeedRPM': '580',
}


def find(driver, names):
    return driver.probe(FIND.format(names=list(names)), with_binding=False)['found']


@pytest.mark.parametrize('era', '390 450 470 510 535.54 535.98 535 550 580'.split())
def test_an_era_has_its_symbols_and_no_others(driver, era):
    driver.write(f'[system]\nera = {era}\n[device 0]\n')
    assert find(driver, MATRIX) == [name for name, eras in MATRIX.items() if era in eras.split()]


def test_the_era_follows_the_driver_version(driver):
    driver.write('[system]\ndriver_version = 535.98\n[device 0]\n')
    assert f'{LIST}_v3' not in find(driver, MATRIX)
    driver.write('[system]\ndriver_version = 535.98\nera = 550\n[device 0]\n')
    assert f'{LIST}_v3' in find(driver, MATRIX)


def test_hidden_symbols_are_not_found(driver):
    driver.write(f'[system]\nhide = nvmlDeviceGetMemoryInfo_v2, {LIST}*\n[device 0]\n')
    found = find(driver, MATRIX)
    assert not {'nvmlDeviceGetMemoryInfo_v2', LIST, f'{LIST}_v2', f'{LIST}_v3'} & set(found)
    assert 'nvmlDeviceGetMPSComputeRunningProcesses' in found


def test_a_stub_is_found_and_answers_13(driver):
    driver.write('[system]\nstub = nvmlDeviceGetFanSpeed\n[device 0]\n')
    assert find(driver, ['nvmlDeviceGetFanSpeed']) == ['nvmlDeviceGetFanSpeed']
    assert driver.probe('n.nvmlInit()\nshow(code=code(n.nvmlDeviceGetFanSpeed, n.nvmlDeviceGetHandleByIndex(0)))') == {
        'code': 13}


def test_the_soname_is_the_real_ones(driver):
    driver.write('[device 0]\n')
    maps = driver.probe('''
        n.nvmlInit()
        show(maps=[line.split()[-1] for line in open('/proc/self/maps') if 'nvidia-ml' in line])''')['maps']
    assert maps and all(path.endswith('/libnvidia-ml.so.1') for path in maps)
