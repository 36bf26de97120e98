"""A GPU that falls silent while a process is on it: neither is told any more, and the others go on."""

from __future__ import annotations

import os
import re

import pytest

from support import paths, term

SCENARIO = '''
[system]
driver_version = 550.163.01
delay.nvmlInit* = 300ms
[device 0-1]
gpu_util = 25
delay.nvmlDeviceGetHandleByIndex* = 300ms
[device 1]
hang.nvmlDeviceGet* = yes at 100
[process TRAINING]
pid = {pid}
device = all
mem = 1GiB
'''


def of_gpu(text: str, number: int) -> set[str]:
    """The families that tell of it, but for what it is."""
    return set(re.findall(rf'^(?!nvitop_gpu_info)(\w+)\{{[^}}]*\bgpu="{number}"', text, re.M))


@pytest.fixture
def running(start, tmp_path):
    clock, scenario = tmp_path / 'clock', tmp_path / 'scenario.ini'
    scenario.write_text(SCENARIO.format(pid=os.getpid()))
    clock.write_text('0\n')
    env = term.clean_env({'NVITOP_SIM': str(scenario), 'NVITOP_SIM_CLOCK': str(clock)})
    found = start('--port', '0', '--interval', '0.1', '--compat', 'nvitop',
                  '--nvml', str(paths.built('sim/libnvidia-ml.so.1')), env=env)

    def hang():
        fresh = tmp_path / 'clock.new'
        fresh.write_text('100\n')
        fresh.rename(clock)
    found.hang = hang
    return found


def test_a_process_on_a_gpu_that_falls_silent(running):
    told = {'nvitop_process_info', 'nvitop_process_gpu_memory_bytes', 'nvitop_gpu_utilization_ratio'}
    running.wait_until(lambda: told <= of_gpu(running.metrics(), 0) & of_gpu(running.metrics(), 1),
                       'they were never told')
    running.hang()
    running.wait_until(lambda: re.search(r'^nvitop_gpu_up\{gpu="1".*\} 0$', running.metrics(), re.M),
                       'it was never told as silent')
    text = running.metrics()
    assert of_gpu(text, 1) == {'nvitop_gpu_up'}
    assert told <= of_gpu(text, 0)
    pid = os.getpid()
    assert len(re.findall(rf'^nvitop_process_cpu_seconds_total\{{pid="{pid}"\}}', text, re.M)) == 1
    assert len(re.findall(rf'^process_gpu_memory_MiB\{{.*pid="{pid}"', text, re.M)) == 1


def test_before_its_first_answer_nothing_is_told(running):
    """Every series of a GPU has its uuid from the first on."""
    seen = set()
    running.wait_until(lambda: seen.add(text := running.metrics()) or of_gpu(text, 1), 'it was never told')
    for text in seen:
        lines = re.findall(r'^nvitop_gpu_\w+\{.*\} .*$', text, re.M)
        assert all('uuid="' in line for line in lines)
        assert not re.search(r'^nvitop_(gpu|driver)_up(\{.*\})? 0$', text, re.M)
