"""--compat: the names of other exporters, beside the real one where it can be had."""

from __future__ import annotations

import contextlib
import math
import os
import socket
import subprocess
import urllib.request

import pytest

from support import paths, sim

pytest.importorskip('prometheus_client', reason='tests/requirements-test.txt names it')
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics  # noqa: E402
from prometheus_client.parser import text_string_to_metric_families as read_text  # noqa: E402

OPENMETRICS = {'Accept': 'application/openmetrics-text; version=1.0.0'}
PATIENCE = 40  # seconds until an answer is given up
NO_METRIC = 'the library has no such metric'
RATES = 'ours is the counter, nvitop_gpu_nvlink_bytes_total'
CLIENTS = 'of the Python process that serves, told by its client library'
# Families of nvitop-exporter that ours leaves out, and why.
ABSENT = {
    **dict.fromkeys(['host_virtual_memory_free_MiB', 'host_net_io_tx_data_MiB', 'host_net_io_rx_data_MiB', 'host_net_io_tx_packets_Packet',
                     'host_net_io_rx_packets_Packet', 'host_disk_io_read_data_MiB', 'host_disk_io_write_data_MiB',
                     'host_disk_usage_total_MiB', 'host_disk_usage_used_MiB', 'host_disk_usage_free_MiB',
                     'host_disk_usage_percent_Percentage'], NO_METRIC),
    **{f'gpu_nvlink_{kind}{way}_throughput_MiBps': RATES for kind in ('', 'total_', 'mean_') for way in ('tx', 'rx')},
    **dict.fromkeys(['python_gc_objects_collected', 'python_gc_objects_uncollectable', 'python_gc_collections', 'python_info',
                     'process_virtual_memory_bytes', 'process_open_fds', 'process_max_fds'], CLIENTS),
}
# What either says of its own process, compat or not.
OWN = {'process_resident_memory_bytes', 'process_start_time_seconds', 'process_cpu_seconds'}
# What goes on by itself between two answers; what ours says there is compared with its own family.
MOVING = {
    'host_uptime_Second': ('nvitop_host_uptime_seconds', 1),
    'host_cpu_percent_Percentage': ('nvitop_host_cpu_ratio', 100),
    'host_virtual_memory_used_MiB': (None, 0),
    'host_virtual_memory_percent_Percentage': (None, 0),
    'host_swap_memory_used_MiB': ('nvitop_host_swap_used_bytes', 2**-20),
    'host_swap_memory_free_MiB': (None, 0),
    'host_swap_memory_percent_Percentage': (None, 0),
    'host_load_average_1m_Percentage': ('nvitop_host_load1', 1),
    'host_load_average_5m_Percentage': ('nvitop_host_load5', 1),
    'host_load_average_15m_Percentage': ('nvitop_host_load15', 1),
    'process_running_time_Second': (None, 0),
    'process_cpu_percent_Percentage': (None, 0),
}
# Ours is the difference of the driver's counters, where it has some; theirs the call that looks at 20 ms.
ROUGH = {f'gpu_pcie_{way}_throughput_MiBps': 0.03 for way in ('tx', 'rx')}
DCGM = {
    'DCGM_FI_DEV_SM_CLOCK': ('nvitop_gpu_clock_hertz', {'clock': 'sm'}, 1e-6),
    'DCGM_FI_DEV_MEM_CLOCK': ('nvitop_gpu_clock_hertz', {'clock': 'memory'}, 1e-6),
    'DCGM_FI_DEV_MEMORY_TEMP': ('nvitop_gpu_temperature_celsius', {'sensor': 'memory'}, 1),
    'DCGM_FI_DEV_GPU_TEMP': ('nvitop_gpu_temperature_celsius', {'sensor': 'gpu'}, 1),
    'DCGM_FI_DEV_POWER_USAGE': ('nvitop_gpu_power_watts', {'mode': 'usage'}, 1),
    'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION': ('nvitop_gpu_energy_joules_total', {}, 1e3),
    'DCGM_FI_DEV_PCIE_REPLAY_COUNTER': ('nvitop_gpu_pcie_replays_total', {}, 1),
    'DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS': ('nvitop_gpu_remapped_rows_total', {'type': 'uncorrectable'}, 1),
    'DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS': ('nvitop_gpu_remapped_rows_total', {'type': 'correctable'}, 1),
    'DCGM_FI_DEV_ROW_REMAP_FAILURE': ('nvitop_gpu_remapped_rows_failure', {}, 1),
    'DCGM_FI_DEV_GPU_UTIL': ('nvitop_gpu_utilization_ratio', {}, 100),
    'DCGM_FI_DEV_MEM_COPY_UTIL': ('nvitop_gpu_memory_controller_utilization_ratio', {}, 100),
    'DCGM_FI_DEV_ENC_UTIL': ('nvitop_gpu_encoder_utilization_ratio', {}, 100),
    'DCGM_FI_DEV_DEC_UTIL': ('nvitop_gpu_decoder_utilization_ratio', {}, 100),
    'DCGM_FI_DEV_FB_FREE': ('nvitop_gpu_memory_free_bytes', {}, 2**-20),
    'DCGM_FI_DEV_FB_USED': ('nvitop_gpu_memory_used_bytes', {}, 2**-20),
    'DCGM_FI_DEV_FB_RESERVED': ('nvitop_gpu_memory_reserved_bytes', {}, 2**-20),
    'DCGM_FI_PROF_SM_ACTIVE': ('nvitop_gpu_sm_active_ratio', {}, 1),
    'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE': ('nvitop_gpu_tensor_active_ratio', {}, 1),
    'DCGM_FI_PROF_DRAM_ACTIVE': ('nvitop_gpu_dram_active_ratio', {}, 1),
    'DCGM_FI_PROF_PCIE_TX_BYTES': ('nvitop_gpu_pcie_bytes_per_second', {'direction': 'tx'}, 1),
    'DCGM_FI_PROF_PCIE_RX_BYTES': ('nvitop_gpu_pcie_bytes_per_second', {'direction': 'rx'}, 1),
}


def series(families) -> dict[str, dict[tuple, float]]:
    """Name of a sample → labels → value, without what is no number. The client's reader gives every counter a `_total`."""
    found: dict[str, dict[tuple, float]] = {}
    for family in families:
        for sample in family.samples:
            name = sample.name.removesuffix('_total') if sample.name.startswith('DCGM_') else sample.name
            rows = found.setdefault(name, {})
            labels = tuple(sorted(sample.labels.items()))
            assert labels not in rows, (name, labels)
            if not math.isnan(sample.value):
                rows[labels] = sample.value
    return found


def is_untold(name: str, labels: dict[str, str]) -> bool:
    """A process's utilization under MIG, which no driver tells: ours leaves it out, the original says 0 from its second look on."""
    return name.startswith('process_gpu_') and '_utilization_' in name and ':' in labels['index']


def is_compat(name: str) -> bool:
    return (not name.startswith('nvitop_') or name == 'nvitop_info') and name.removesuffix('_total') not in OWN


# ---- beside the original


def has_peer() -> bool:
    return subprocess.run([paths.peer_python(), '-c', 'import nvitop_exporter'], capture_output=True, timeout=60).returncode == 0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(('127.0.0.1', 0))
        return found.getsockname()[1]


@contextlib.contextmanager
def original(env):
    """The original's exporter; yields what asks it."""
    port = free_port()
    process = subprocess.Popen([paths.peer_python(), '-m', 'nvitop_exporter', '--hostname', 'box', '--port', str(port)],
                               env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ask() -> str:
        assert process.poll() is None, 'the original has ended'
        try:
            with urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=PATIENCE) as answer:
                return answer.read().decode()
        except ConnectionError:
            return ''
        except OSError as error:
            assert isinstance(getattr(error, 'reason', None), ConnectionError), error
            return ''
    try:
        yield ask
    finally:
        process.kill()
        process.wait(PATIENCE)


@pytest.fixture(scope='module')
def peer():
    if not has_peer():
        pytest.skip('the original is not installed; NVITOP_PEER_PYTHON names a Python that has it')


def relevant(theirs: dict, own: dict) -> tuple[dict, dict]:
    """The rows of families of which both know, without those that differ on purpose.

    The original tells a process on a MIG device once more under the GPU, and sees no MIG device behind a gap in their
    numbers. What state a process is in may change while one looks.
    """
    indices = [dict(labels)['index'] for labels in theirs.get('gpu_memory_total_MiB', {})]
    split = {index.split(':')[0] for index in indices if ':' in index}

    def rows(found: dict, is_told) -> dict:
        return {name: {tuple(pair for pair in labels if pair[0] != 'status'): value for labels, value in rows.items()
                       if is_told(name, dict(labels))}
                for name, rows in found.items() if is_compat(name) and name.removesuffix('_total') not in ABSENT and rows}
    return (rows(theirs, lambda name, labels: not (name.startswith('process_') and (labels['index'] in split or is_untold(name, labels)))),
            rows(own, lambda _, labels: labels.get('index', indices[:1] and indices[0]) in indices))


def keys(found: dict) -> dict:
    return {name: set(rows) for name, rows in found.items()}


@pytest.fixture(scope='module', params=['a100x8', 'two', 'mig'])
def both(peer, request, listening):
    """Both exporters' families, once they tell of the same."""
    with contextlib.ExitStack() as stack:
        running = stack.enter_context(sim.scenario(request.param, env={'NVITOP_SIM_CLOCK': '8.0'}))
        process = stack.enter_context(subprocess.Popen(
            [paths.built('bin/nvitop-exporter'), '--port', '0', '--hostname', 'box', '--compat', 'nvitop', '--command-lines'],
            env=running.env, text=True, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE))
        stack.callback(process.terminate)
        ours = listening(process)
        ask = stack.enter_context(original(running.env))
        told: list = []

        def is_same() -> bool:
            told[:] = [list(read_text(ask())), list(read_text(ours.metrics()))]
            theirs, own = map(keys, relevant(*map(series, told)))
            return theirs == own and len(theirs) > 30
        with contextlib.suppress(AssertionError):  # the test says what is not the same
            ours.wait_until(is_same, 'never', 3 * PATIENCE)
        yield told


def test_series_are_the_originals(both):
    theirs, own = map(keys, relevant(*map(series, both)))
    assert own == theirs


def test_what_no_driver_tells_is_left_out(both):
    own = series(both[1])
    assert not [(name, labels) for name, rows in own.items() if name.startswith('process_')
                for labels in map(dict, rows) if 'index' in labels and is_untold(name, labels)]


def test_values_are_the_originals(both):
    theirs, own = relevant(*map(series, both))
    for name, rows in theirs.items():
        if name not in MOVING:
            for labels, value in rows.items():
                assert own[name][labels] == pytest.approx(value, rel=ROUGH.get(name, 1e-6)), (name, labels)


def test_what_moves_is_our_own_in_another_unit(both):
    own = series(both[1])
    for name, (source, factor) in MOVING.items():
        if source:
            for labels, value in own[name].items():
                assert value == pytest.approx(own[source][labels] * factor), name


def test_what_is_left_out_is_known(both):
    theirs, own = both
    names = {family.name for family in own if is_compat(family.name)}
    with_numbers = {family.name for family in theirs if any(not math.isnan(sample.value) for sample in family.samples)}
    assert with_numbers - names <= set(ABSENT) | OWN
    assert names <= {family.name for family in theirs}
    assert set(ABSENT) <= {family.name for family in theirs}
    assert not names & set(ABSENT)


def test_types_are_the_originals(both):
    theirs, own = ({family.name: family.type for family in families if is_compat(family.name)} for families in both)
    assert {name: theirs[name] for name in own} == own
    for sample in next(family for family in both[1] if family.name == 'process_info_info').samples:
        assert sample.labels['status'] in {'running', 'sleeping', 'disk-sleep'}


# ---- by itself


def ours_of(labels: tuple) -> tuple:
    """GPU and GPU instance."""
    found = dict(labels)
    return found['gpu'], found.get('gpu_instance') or found.get('GPU_I_ID')


@pytest.mark.parametrize('scenario', ['a100x8', 'mig'])
def test_dcgm_is_our_own_in_its_units(exporter, scenario):
    with exporter(scenario, '--compat', 'dcgm') as found:
        found.wait_until(lambda: 'DCGM_FI_PROF_PCIE_RX_BYTES{' in found.metrics(), 'PCIe was never told')
        told = series(read_text(found.metrics()))
    assert {name for name in told if name.startswith('DCGM_')} <= set(DCGM)
    assert len(told['DCGM_FI_DEV_SM_CLOCK']) == 8
    for name, (source, more, factor) in DCGM.items():
        rows = [(ours_of(labels), value * factor) for labels, value in told.get(source, {}).items() if more.items() <= dict(labels).items()]
        wanted = dict(reversed(rows))  # of several compute instances, the first
        assert {ours_of(labels): value for labels, value in told.get(name, {}).items()} == pytest.approx(wanted), name


def test_dcgm_tells_what_few_boards_have(exporter, tmp_path):
    board = tmp_path / 'board.ini'
    board.write_text((paths.SCENARIOS / 'two.ini').read_text() +
                     '\n[device 1]\narch = 9\npcie_replays = 7\nremapped_cor = 3\nremapped_unc = 2\nremapped_failure = 1\n'
                     'sm_active = 62.5\ntensor_active = 40\ndram_active = 30\n')
    names = {'DCGM_FI_DEV_PCIE_REPLAY_COUNTER': 7, 'DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS': 3,
             'DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS': 2, 'DCGM_FI_DEV_ROW_REMAP_FAILURE': 1, 'DCGM_FI_PROF_SM_ACTIVE': 0.625,
             'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE': 0.4, 'DCGM_FI_PROF_DRAM_ACTIVE': 0.3}
    with exporter(board, '--compat', 'dcgm') as found:
        found.wait_until(lambda: 'DCGM_FI_PROF_SM_ACTIVE{' in found.metrics(), 'no second sample came')
        told = series(read_text(found.metrics()))
    for name, wanted in names.items():
        assert {dict(labels)['gpu']: value for labels, value in told[name].items()}['1'] == pytest.approx(wanted), name


def test_dcgm_names_devices_as_it_does(exporter):
    with exporter('mig', '--compat', 'dcgm', '--hostname', 'box') as found:
        told = series(read_text(found.metrics()))
    infos = {dict(labels)['uuid']: dict(labels) for labels in told['nvitop_gpu_info']}
    gpus = {labels['gpu']: labels for labels in infos.values() if 'gpu_instance' not in labels}
    profiles = set()
    for labels in map(dict, told['DCGM_FI_DEV_FB_USED']):
        gpu = gpus[labels['gpu']]
        assert (labels['UUID'], labels['pci_bus_id'], labels['modelName']) == (gpu['uuid'], gpu['pci_bus_id'], gpu['name'])
        assert labels['device'] == f'nvidia{labels["gpu"]}'
        assert (labels['hostname'], labels['Hostname']) == ('box', os.uname().nodename)
        assert ('GPU_I_ID' in labels) == ('GPU_I_PROFILE' in labels)
        profiles.add(labels.get('GPU_I_PROFILE'))
    assert profiles == {None, '3g.40gb', '2g.20gb', '1g.10gb'}


@pytest.mark.parametrize('scenario', sorted(set(paths.shipped_scenarios()) - {'frozen'}))
def test_the_client_reads_both_formats(exporter, scenario):
    with exporter(scenario, '--compat', 'nvitop,dcgm', '--hostname', 'a"b') as found:
        text = found.metrics()
        families = list(read_text(text)), list(read_openmetrics(found.metrics(**OPENMETRICS)))
    for told in families:
        assert series(told)['nvitop_info'] and series(told)['host_uptime_Second']
        names = [family.name for family in told]
        assert len(names) == len(set(names))
    kinds = {family.name: (family.type, family.unit) for family in families[1]}
    assert kinds['host_uptime_Second'] == ('gauge', 'Second')
    assert kinds.get('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', ('unknown', '')) == ('unknown', '')
    done = subprocess.run(['promtool', 'check', 'metrics'], input=text, text=True, capture_output=True, timeout=60)
    complaints = {line.split()[0] for line in (done.stdout + done.stderr).splitlines()}
    assert complaints and all(is_compat(name) for name in complaints)


def test_nothing_of_others_unless_asked_for(exporter):
    with exporter('two') as found:
        assert not [name for name in series(read_text(found.metrics())) if is_compat(name)]
    with exporter('two', '--compat', 'dcgm') as found:
        names = {name for name in series(read_text(found.metrics())) if is_compat(name)}
    assert names and all(name.startswith('DCGM_') for name in names)


def test_hostname_is_that_of_the_user_else_the_machines(exporter):
    for options, wanted in (((), os.uname().nodename), (('--hostname', 'box'), 'box'), (('--label', 'hostname=box'), 'box')):
        with exporter('two', '--compat', 'nvitop', *options) as found:
            (labels,) = series(read_text(found.metrics()))['host_uptime_Second']
        assert labels == (('hostname', wanted),)


def test_command_lines_stay_secret(exporter):
    with exporter('two', '--compat', 'nvitop') as found:
        assert 'process_info_info{' in found.metrics() and 'command="' not in found.metrics()


@pytest.mark.parametrize('words', ['', 'nvtop', 'nvitop,', ',dcgm', 'nvitop dcgm', 'DCGM', 'nvitop,all\n'])
def test_who_is_not_known_is_one_line(refused, words):
    status, said = refused('--compat', words, '--demo')
    assert status == 2
    assert said.splitlines()[-1].endswith('(expected a list of nvitop, dcgm, with commas)') and 'compat' in said.splitlines()[-1]
