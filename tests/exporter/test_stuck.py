"""A driver that falls silent, goes away or comes back: the scrape tells it at once, and nothing of before as if it were now."""

import os
import re
from pathlib import Path

import pytest

from crowds import ATTACKER, STRANGER, scrape
from support import paths, sim, term

END = 3  # seconds for a clean end
FREEZER = Path('/sys/fs/cgroup/freezer')
SYSTEM = '[system]\ndriver_version = 550.163.01\n'
TWO = '[device 0-1]\ngpu_util = steps 25@0 50@100 75@200\n'
USED = 'nvitop_gpu_utilization_ratio'


class Told:
    """What one scrape says, by GPU."""

    def __init__(self, text: str):
        self.samples = {name: float(value) for name, value in re.findall(r'^(\w+(?:\{.*\})?) (\S+)$', text, re.M)}

    def of_gpu(self, number: int) -> dict[str, float]:
        """By family; what names the GPU for ever is left out."""
        return {name.partition('{')[0]: value for name, value in self.samples.items()
                if f'{{gpu="{number}"' in name and not name.startswith('nvitop_gpu_info')}


@pytest.fixture
def running(start, tmp_path):
    """running(scenario) → one over this scenario, its time a number that the test sets, and the log of calls."""
    clock, log = tmp_path / 'clock', tmp_path / 'calls'

    def set_clock(seconds):
        fresh = tmp_path / 'clock.new'
        fresh.write_text(f'{seconds}\n')
        fresh.rename(clock)

    def run(text, *options):
        (tmp_path / 'scenario.ini').write_text(SYSTEM + text)
        log.touch()
        set_clock(0)
        env = {'NVITOP_SIM': tmp_path / 'scenario.ini', 'NVITOP_SIM_CLOCK': clock, 'NVITOP_SIM_LOG': log}
        found = start('--port', '0', '--nvml', str(paths.built('sim/libnvidia-ml.so.1')), *options,
                      env=term.clean_env({name: str(value) for name, value in env.items()}))
        found.told = lambda: Told(scrape(found.port, ATTACKER).decode())
        found.set_clock, found.calls = set_clock, lambda: log.read_text().splitlines()
        return found
    return run


def test_a_gpu_that_falls_silent(running):
    found = running(TWO + '[device 1]\nhang.nvmlDeviceGet* = yes at 100\n', '--interval', '0.1')
    found.wait_until(lambda: [found.told().of_gpu(gpu).get(USED) for gpu in (0, 1)] == [0.25, 0.25],
                     'they were never told')
    found.set_clock(100)
    found.wait_until(lambda: found.told().of_gpu(1)['nvitop_gpu_up'] == 0, 'it was told for ever')
    assert found.told().of_gpu(1) == {'nvitop_gpu_up': 0}
    found.wait_until(lambda: found.told().of_gpu(0)[USED] == 0.5, 'the other one does not go on')
    found.process.terminate()
    assert found.process.wait(END) == 0


def test_a_gpu_that_is_lost_and_comes_back(running):
    found = running(TWO + '[device 1]\nlost_at = 100\nback_at = 200\n', '--interval', '0.1')
    found.wait_until(lambda: found.told().of_gpu(1).get(USED) == 0.25, 'it was never told')
    found.set_clock(100)
    found.wait_until(lambda: found.told().of_gpu(1)['nvitop_gpu_up'] == 0, 'it was told for ever')
    assert found.told().of_gpu(1) == {'nvitop_gpu_up': 0}
    found.set_clock(200)
    found.wait_until(lambda: found.told().of_gpu(1).get(USED) == 0.75, 'it never came back')
    assert found.told().of_gpu(1)['nvitop_gpu_up'] == 1


def test_a_driver_that_is_gone_and_comes_back(running):
    found = running(TWO + '[device 0-1]\nlost_at = 100\nback_at = 200\n', '--interval', '0.1')
    found.wait_until(lambda: found.told().of_gpu(1).get(USED) == 0.25, 'it was never told')
    found.set_clock(100)
    found.wait_until(lambda: not any(found.told().of_gpu(gpu).get('nvitop_gpu_up') for gpu in (0, 1)), 'told for ever')
    assert not {USED} & {*found.told().of_gpu(0), *found.told().of_gpu(1)}
    found.set_clock(200)
    found.wait_until(lambda: found.told().of_gpu(1).get(USED) == 0.75, 'it never came back')


def test_a_driver_that_never_opens(running):
    """It has half a minute for it; then it is told to be down."""
    found = running('hang.nvmlInit* = yes\n[device 0]\n')
    found.wait_until(lambda: found.told().samples.get('nvitop_driver_up') == 0, 'it was never told', 120)
    assert found.get('/-/ready')[0].status == 503 and found.get('/-/healthy')[0].status == 200
    found.process.terminate()
    assert found.process.wait(END) == 0


def test_the_log_says_when_it_goes_and_when_it_comes(running):
    found = running('init_error = DRIVER_NOT_LOADED until 50\n[device 0]\n')
    assert found.process.stderr.readline() == 'nvitop-exporter: driver: Driver Not Loaded\n'
    found.set_clock(100)
    assert found.process.stderr.readline() == 'nvitop-exporter: driver: answers again\n'


def test_two_scrapers_cost_one_pass(running):
    found = running(TWO, '--interval', '3600')
    found.wait_until(lambda: USED in found.told().of_gpu(1), 'they were never told')
    for _ in range(20):
        assert scrape(found.port, ATTACKER) and scrape(found.port, STRANGER)
    assert found.calls().count('nvmlDeviceGetUtilizationRates 0') == 1


def test_a_thread_that_no_signal_ends(start):
    """It keeps the process until it is thawed, whatever a supervisor does; nobody else waits for it."""
    probe = FREEZER / f'nvitop-exporter-{os.getpid()}'
    try:
        probe.mkdir()
        probe.rmdir()
    except OSError as error:
        pytest.skip(f'no cgroup freezer (version 1) to use: {error}')
    with sim.scenario('frozen') as scenario:
        found = start('--port', '0', env=scenario.env)
        found.wait_until(lambda: Told(found.metrics()).of_gpu(1).get('nvitop_gpu_up') == 0, 'it was never told')
        assert Told(found.metrics()).of_gpu(1) == {'nvitop_gpu_up': 0}
        assert USED in Told(found.metrics()).of_gpu(0)
