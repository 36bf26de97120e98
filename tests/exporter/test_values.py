"""Every number of the metric tables under its name and in its unit: from a scenario whose clock stands still, and files of
a /proc that nobody else writes. No two values of a kind are alike, so one that stands under another's name is seen."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Callable

import pytest

from support import paths, procfs, sim
from test_jobs import Machine
from test_metrics import of_family, samples

SCENARIO = '''
[system]
clock = 5
[device 0]
arch = 9
mem_total = 24GiB
mem_used = 6GiB
mem_reserved = 512MiB
bar1_total = 256MiB
bar1_used = 3MiB
gpu_util = 37
mem_util = 21
enc_util = 13
dec_util = 14
jpg_util = 15
ofa_util = 16
clock_graphics = 1110
clock_sm = 1120
clock_mem = 7001
clock_video = 1130
max_clock_graphics = 2110
max_clock_sm = 2120
max_clock_mem = 9751
max_clock_video = 1950
fan = 45
fan_rpm = 1234
temperature = 61
mem_temperature = 72
temperature_margin = 29
temp_shutdown = 98
temp_slowdown = 95
temp_mem_max = 105
temp_gpu_max = 93
power = 120500mW
power_average = 119250mW
power_limit = 350W
power_enforced_limit = 340W
energy = 1234567J
pcie_gen = 3
pcie_width = 8
pcie_tx = 7000
pcie_rx = 9000
pcie_replays = 11
persistence = 1
pstate = 2
compute_mode = 3
mig_mode = 0
ecc_errors = 2
ecc_errors_ever = 7
ecc_corrected = 30
ecc_corrected_ever = 400
retired_sbe = 5
retired_dbe = 4
retired_pending = 1
remapped_cor = 3
remapped_unc = 1
remapped_pending = 1
remapped_failure = 0
violation_power = 12500
violation_thermal = 250
violation_sync_boost = 1000
violation_board_limit = 2000
violation_low_utilization = 3000
violation_reliability = 4000
violation_app_clocks = 5000
violation_base_clocks = 6000
sm_active = 62.5
tensor_active = 40
dram_active = 51
[device 1]
error.nvmlDeviceGetFieldValues = NOT_SUPPORTED
pcie_tx = 7000
pcie_rx = 9000
[process train]
device = 0
mem = 1536MiB
sm = 30
mem_util = 12
enc = 8
dec = 9
'''
MIB, GIB = 2**20, 2**30
GPU = {
    'memory_total_bytes': 24 * GIB, 'memory_used_bytes': 6 * GIB, 'memory_free_bytes': 24 * GIB - 6 * GIB - 512 * MIB,
    'memory_reserved_bytes': 512 * MIB, 'bar1_total_bytes': 256 * MIB, 'bar1_used_bytes': 3 * MIB,
    'utilization_ratio': 0.37, 'memory_controller_utilization_ratio': 0.21, 'encoder_utilization_ratio': 0.13,
    'decoder_utilization_ratio': 0.14, 'jpeg_utilization_ratio': 0.15, 'ofa_utilization_ratio': 0.16,
    'clock_hertz{clock="graphics"}': 1110e6, 'clock_hertz{clock="sm"}': 1120e6, 'clock_hertz{clock="memory"}': 7001e6,
    'clock_hertz{clock="video"}': 1130e6, 'clock_max_hertz{clock="graphics"}': 2110e6, 'clock_max_hertz{clock="sm"}': 2120e6,
    'clock_max_hertz{clock="memory"}': 9751e6, 'clock_max_hertz{clock="video"}': 1950e6,
    'fan_speed_ratio': 0.45, 'fan_rpm': 1234,
    'temperature_celsius{sensor="gpu"}': 61, 'temperature_celsius{sensor="memory"}': 72, 'temperature_margin_celsius': 29,
    'temperature_threshold_celsius{threshold="shutdown"}': 98, 'temperature_threshold_celsius{threshold="slowdown"}': 95,
    'temperature_threshold_celsius{threshold="memory_max"}': 105, 'temperature_threshold_celsius{threshold="gpu_max"}': 93,
    'power_watts{mode="usage"}': 120.5, 'power_watts{mode="instant"}': 120.5, 'power_watts{mode="average"}': 119.25,
    'power_limit_watts': 350, 'power_limit_enforced_watts': 340, 'energy_joules_total': 1234567,
    'pcie_link_generation': 3, 'pcie_link_width_lanes': 8, 'pcie_replays_total': 11,
    'persistence_mode': 1, 'performance_state': 2, 'compute_mode': 3, 'mig_mode': 0,
    'ecc_errors_total{type="uncorrected",scope="volatile"}': 2, 'ecc_errors_total{type="uncorrected",scope="aggregate"}': 7,
    'ecc_errors_total{type="corrected",scope="volatile"}': 30, 'ecc_errors_total{type="corrected",scope="aggregate"}': 400,
    'retired_pages_total{cause="single_bit"}': 5, 'retired_pages_total{cause="double_bit"}': 4, 'retired_pages_pending': 1,
    'remapped_rows_total{type="correctable"}': 3, 'remapped_rows_total{type="uncorrectable"}': 1,
    'remapped_rows_pending': 1, 'remapped_rows_failure': 0,
    **{f'violation_seconds_total{{cause="{cause}"}}': value for cause, value in {
        'power': 12.5, 'thermal': 0.25, 'sync_boost': 1, 'board_limit': 2, 'low_utilization': 3, 'reliability': 4,
        'total_app_clocks': 5, 'total_base_clocks': 6}.items()},
    'sm_active_ratio': 0.625, 'tensor_active_ratio': 0.4, 'dram_active_ratio': 0.51,
}
# Where the driver has counters, what goes over PCIe is their difference, and the clock stands still.
SECOND = {'pcie_bytes_per_second{direction="tx"}': 7000 * 1024, 'pcie_bytes_per_second{direction="rx"}': 9000 * 1024}
TICKS, PAGE = os.sysconf('SC_CLK_TCK'), os.sysconf('SC_PAGE_SIZE')
BOOT, START, USER, SYSTEM, PAGES = 1700000000, 4200 * TICKS, 17 * TICKS, 5 * TICKS, 3210
PROCESS = {
    'gpu_memory_bytes': 1536 * MIB, 'gpu_sm_utilization_ratio': 0.3, 'gpu_memory_utilization_ratio': 0.12,
    'gpu_encoder_utilization_ratio': 0.08, 'gpu_decoder_utilization_ratio': 0.09, 'resident_memory_bytes': PAGES * PAGE,
    'cpu_seconds_total': 22, 'start_time_seconds': BOOT + 4200,
}
FILES = {
    'meminfo': 'MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 600 kB\nSwapTotal: 500 kB\nSwapFree: 200 kB\n',
    'loadavg': '1.25 2.5 3.75 1/100 1000\n',
    'uptime': '98765.43 1000.00\n',
}
CPU = 'cpu  {0} 0 0 {1} 0 0 0 0 0 0\ncpu0 {0} 0 0 {1} 0 0 0 0 0 0\nbtime ' + f'{BOOT}\n'
HOST = {
    'cpu_ratio': 0.25, 'memory_total_bytes': 1000 * 1024, 'memory_available_bytes': 600 * 1024, 'swap_total_bytes': 500 * 1024,
    'swap_used_bytes': 300 * 1024, 'load1': 1.25, 'load5': 2.5, 'load15': 3.75, 'uptime_seconds': 98765.43,
}
TABLES = {'device': {**GPU, **SECOND}, 'process': PROCESS, 'host': HOST}


def rows(scope: str) -> list[str]:
    """The series that the rows of a metric table are, as in the tables here."""
    source = (paths.ROOT / 'src/core/metric.c').read_text().partition(f'struct metric metric_{scope}[')[2].partition('\n};')[0]
    found = re.findall(r'\.prom = "(\w+)"(?:,\s*\.prom_label = "((?:[^"\\]|\\.)*)")?', source)
    assert len(found) == source.count('.prom =') > 5 and source.count('prom_label') == sum(bool(label) for _, label in found)
    return [name + (f'{{{label}}}' if label else '').replace('\\', '') for name, label in found]


@pytest.mark.parametrize('scope', TABLES)
def test_every_row_is_in_a_table(scope):
    assert sorted(TABLES[scope]) == sorted(rows(scope))


@pytest.fixture
def told(start, tmp_path: Path):
    """told(is_so) → the exposition, once that is so of it; and what writes /proc/stat."""
    scenario = tmp_path / 'values.ini'
    scenario.write_text(SCENARIO)
    with sim.scenario(scenario) as running:
        root = procfs.freeze(tmp_path / 'proc')
        here = Machine(root, running.pids)
        for name, text in FILES.items():
            (root / name).write_text(text)

        def work(busy: int, idle: int) -> None:
            (root / 'stat.new').write_text(CPU.format(busy, idle))
            (root / 'stat.new').rename(root / 'stat')
        work(100, 100)
        for field, value in {14: USER, 15: SYSTEM, 22: START, 24: PAGES}.items():
            here.set_stat('train', field, value)
        (here.place('train') / 'statm').write_text(f'{2 * PAGES} {PAGES} 0 0 0 0 0\n')
        status = (here.place('train') / 'status').read_text()
        (here.place('train') / 'status').write_text(re.sub(r'(?<=VmRSS:).*', f' {PAGES * PAGE // 1024} kB', status))
        exporter = start('--port', '0', '--procfs', str(root), '--interval', '0.1', env=running.env)
        exporter.wait_ready()

        def read(is_so: Callable[[str], bool]) -> str:
            texts = ['']

            def looks() -> bool:
                texts[0] = exporter.metrics()
                return is_so(texts[0])
            exporter.wait_until(looks, 'it was never told')
            return texts[0]
        yield read, work


def prefixed(table: dict[str, float], prefix: str, known_by: str) -> dict[str, float]:
    """A table as it stands in the exposition, for who is known by these labels."""
    def series(key: str) -> str:
        name, _, labels = key.rstrip('}').partition('{')
        return f'{prefix}{name}{{{",".join(filter(None, (known_by, labels)))}}}'.removesuffix('{}')
    return {series(key): value for key, value in table.items()}


def known_by(text: str, name: str, **labels: str) -> str:
    """All labels of the series that has these."""
    found, = [key.partition('{')[2].rstrip('}') for key in of_family(text, name)
              if all(f'{label}="{value}"' in key for label, value in labels.items())]
    return found


def chosen(text: str, wanted: dict[str, float]) -> dict[str, float]:
    everything = samples(text)
    return {key: everything[key] for key in wanted if key in everything}


@pytest.mark.parametrize('gpu, table', [('0', GPU), ('1', SECOND)], ids=['first', 'second'])
def test_values_of_a_gpu(told, gpu, table):
    read, _ = told
    text = read(lambda text: 'nvitop_gpu_sm_active_ratio{' in text and 'pcie_bytes_per_second{gpu="1"' in text)
    wanted = prefixed(table, 'nvitop_gpu_', known_by(text, 'nvitop_gpu_up', gpu=gpu))
    assert chosen(text, wanted) == pytest.approx(wanted)


def test_values_of_a_process(told):
    read, _ = told
    text = read(lambda text: re.search(r'nvitop_process_gpu_decoder_utilization_ratio\{.* 0\.', text))
    whole = known_by(text, 'nvitop_process_gpu_memory_bytes')
    pid = known_by(text, 'nvitop_process_cpu_seconds_total')
    wanted = {key: value for name, value in PROCESS.items() for key, value in
              prefixed({name: value}, 'nvitop_process_', whole if name.startswith('gpu_') else pid).items()}
    assert chosen(text, wanted) == pytest.approx(wanted)


def test_values_of_the_host(told):
    read, work = told
    wanted = prefixed(HOST, 'nvitop_host_', '')
    work(125, 175)
    text = read(lambda text: chosen(text, wanted).get('nvitop_host_cpu_ratio'))
    assert chosen(text, wanted) == pytest.approx(wanted)
