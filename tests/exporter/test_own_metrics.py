"""What the exporter tells of its own work: whether its looks are whole, how long they take, what it costs."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from support import paths
from test_metrics import of_family, samples

SLOW = '''
[device 0-1]
delay.nvmlDeviceGetUtilizationRates = {i * 150 + 50}ms
'''
REFUSED = '''
[device 0]
error.nvmlDeviceGetComputeRunningProcesses* = NO_PERMISSION
'''


def looks(text: str, what: str) -> dict[str, float]:
    return {key.split('"')[1]: value for key, value in of_family(text, f'nvitop_scrape_collector_{what}').items()}


@pytest.fixture
def written(exporter, tmp_path: Path):
    """An exporter over a scenario of this text."""
    def run(text: str):
        path = tmp_path / 'own.ini'
        path.write_text(text)
        return exporter(str(path))
    return run


def test_looks_are_whole_where_everything_answers(exporter):
    with exporter('two') as found:
        text = found.metrics()
    assert looks(text, 'success') == {'gpu': 1, 'processes': 1, 'host': 1}
    durations = looks(text, 'duration_seconds')
    assert set(durations) == {'gpu', 'processes', 'host'} and all(value > 0 for value in durations.values())


def test_a_gpu_that_does_not_answer_is_missing_in_the_looks(exporter):
    with exporter('hang') as found:
        found.wait_until(lambda: looks(found.metrics(), 'success')['gpu'] == 0, 'the silent GPU was never missed')
        text = found.metrics()
    assert looks(text, 'success') == {'gpu': 0, 'processes': 0, 'host': 1}


def test_a_lost_gpu_has_answered(exporter):
    with exporter('lost') as found:
        text = found.metrics()
    assert looks(text, 'success')['gpu'] == 1
    assert 0 in of_family(text, 'nvitop_gpu_up').values()


def test_a_list_that_was_refused_is_missed(written):
    with written(REFUSED) as found:
        text = found.metrics()
    assert looks(text, 'success') == {'gpu': 1, 'processes': 0, 'host': 1}


@pytest.mark.parametrize('tree, is_whole', [('broken', 0), ('container', 1)])
def test_a_file_that_cannot_be_understood_is_missed_and_one_that_is_not_there_is_not(exporter, tree, is_whole):
    with exporter('two', '--procfs', str(paths.ROOT / 'tests/proc' / tree)) as found:
        assert looks(found.metrics(), 'success')['host'] == is_whole


def test_a_look_takes_as_long_as_the_slowest_gpu(written):
    with written(SLOW) as found:
        found.wait_until(lambda: sum(of_family(found.metrics(), 'nvitop_gpu_up').values()) == 2, 'no GPU ever answered')
        assert looks(found.metrics(), 'duration_seconds')['gpu'] >= 0.2


def test_when_it_was_put_together(exporter):
    began = time.time()
    with exporter('two') as found:
        stamp = samples(found.metrics())['nvitop_snapshot_timestamp_seconds']
        assert began < stamp <= time.time()
        found.wait_until(lambda: samples(found.metrics())['nvitop_snapshot_timestamp_seconds'] > stamp,
                         'there was never another look')


def test_the_process_itself(exporter):
    with exporter('two') as found:
        text = found.metrics()
        stat = Path(f'/proc/{found.process.pid}/stat').read_text().rpartition(')')[2].split()
        uptime = float(Path('/proc/uptime').read_text().split()[0])
        start = time.time() - uptime + int(stat[19]) / os.sysconf('SC_CLK_TCK')
        ticks = int(stat[11]) + int(stat[12])
    own = samples(text)
    assert abs(own['process_start_time_seconds'] - start) < 1
    assert 2**20 < own['process_resident_memory_bytes'] < 2**30
    assert 0 <= own['process_cpu_seconds_total'] <= ticks / os.sysconf('SC_CLK_TCK')


def test_requests_are_counted_by_path_and_status(exporter):
    with exporter('two') as found:
        found.metrics()
        for path in ('/', '/', '/nowhere', '/-/healthy'):
            found.get(path)
        found.wait_until(lambda: 'nowhere' in found.metrics() or 'code="404"' in found.metrics(),
                         'they were never counted')
        counts = of_family(found.metrics(), 'nvitop_exporter_http_requests_total')
    name = 'nvitop_exporter_http_requests_total'
    assert counts[f'{name}{{handler="/",code="200"}}'] == 2
    assert counts[f'{name}{{handler="other",code="404"}}'] == 1
    assert counts[f'{name}{{handler="/metrics",code="200"}}'] >= 1
    assert counts[f'{name}{{handler="/-/healthy",code="200"}}'] == 1
    assert not [key for key in counts if 'nowhere' in key]
