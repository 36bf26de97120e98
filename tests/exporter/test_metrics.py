"""What /metrics says: names that lint clean, values that are the simulator's, nothing that is not known."""

import json
import re
import subprocess
import time

import pytest

from support import paths

# Those whose driver cannot be opened are in test_trouble.
SCENARIOS = sorted(path.stem for path in paths.SCENARIOS.glob('*.ini')
                   if path.stem not in {'nodriver', 'noperm', 'mismatch', 'frozen', 'eras'})
PROMPT = 1  # second, by far; who waited for the driver would take 3
OPENMETRICS = {'Accept': 'application/openmetrics-text; version=1.0.0'}


def samples(text: str) -> dict[str, float]:
    """By name and labels, as they stand."""
    lines = [line for line in text.splitlines() if line and not line.startswith('#')]
    found = {line.rpartition(' ')[0]: float(line.rpartition(' ')[2]) for line in lines}
    assert len(found) == len(lines), 'a series stands twice'
    return found


def of_family(text: str, name: str) -> dict[str, float]:
    return {key: value for key, value in samples(text).items() if re.split(r'[{ ]', key)[0] == name}


@pytest.mark.parametrize('scenario', SCENARIOS)
def test_names_lint_clean(exporter, scenario):
    with exporter(scenario) as found:
        text = found.metrics()
    done = subprocess.run(['promtool', 'check', 'metrics'], input=text, text=True, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout + done.stderr) == (0, '')
    assert samples(text)['nvitop_driver_up'] == 1


def test_families_are_told_once_and_whole(exporter):
    with exporter('a100x8') as found:
        for text in (found.metrics(), found.metrics(**OPENMETRICS)):
            heads = re.findall(r'^# TYPE (\S+)', text, re.M)
            assert len(heads) == len(set(heads)) > 30
            order = [re.split(r'[{ ]', line)[0] for line in text.splitlines() if not line.startswith('#')]
            runs = [name for at, name in enumerate(order) if not at or order[at - 1] != name]
            assert len(runs) == len(set(runs)), 'a family is in pieces'


def test_openmetrics_names_families_without_their_suffix(exporter):
    with exporter('two') as found:
        answer, body = found.get('/metrics', **OPENMETRICS)
        text = body.decode()
    assert answer.headers['Content-Type'] == 'application/openmetrics-text; version=1.0.0; charset=utf-8'
    assert text.endswith('# EOF\n')
    assert '# TYPE nvitop_gpu_energy_joules counter\n# UNIT nvitop_gpu_energy_joules joules\n' in text
    assert re.search(r'^nvitop_gpu_energy_joules_total\{', text, re.M)
    assert '# TYPE nvitop_gpu info\n' in text and '# TYPE nvitop_gpu_info' not in text


def test_what_is_not_available_is_left_out(exporter):
    with exporter('lost') as found:
        text = found.metrics()
    up = of_family(text, 'nvitop_gpu_up')
    lost = [key.partition('{')[2] for key, value in up.items() if value == 0]
    assert (len(up), len(lost)) == (4, 1)
    assert not [key for key in samples(text) if lost[0].rstrip('}') in key and
                not key.startswith(('nvitop_gpu_up', 'nvitop_gpu_info'))]
    assert 'nan' not in text.lower()


def test_a_gpu_that_never_answers_delays_nobody(exporter):
    """Not even once its calls have been out for longer than the driver is waited for."""
    with exporter('hang') as found:
        found.wait_until(lambda: b'"silent_since"' in found.get('/api/v1/snapshot')[1], 'the GPU was never given up')
        for path in ('/metrics', '/api/v1/snapshot', '/-/ready', '/'):
            asked = time.monotonic()
            assert found.get(path)[0].status == 200
            assert time.monotonic() - asked < PROMPT, path
        found.wait_until(lambda: sorted(of_family(found.metrics(), 'nvitop_gpu_up').values()) == [0, 1, 1, 1],
                         'the silent GPU was never told')


def test_a_process_on_two_devices_has_its_hosts_facts_once(exporter):
    with exporter('two') as found:
        text = found.metrics()
    pids = [re.search(r'pid="(\d+)"', key)[1] for key in of_family(text, 'nvitop_process_gpu_memory_bytes')]
    twice = {pid for pid in pids if pids.count(pid) == 2}
    assert twice
    resident = [re.search(r'pid="(\d+)"', key)[1] for key in of_family(text, 'nvitop_process_resident_memory_bytes')]
    assert sorted(resident) == sorted(set(pids))


def test_instances_are_labels(exporter):
    with exporter('mig') as found:
        text = found.metrics()
    assert re.search(r'^nvitop_gpu_memory_used_bytes\{gpu="\d",uuid="MIG-[^"]+",gpu_instance="\d+",compute_instance="\d+"\}',
                     text, re.M)


def test_processes_are_capped_to_the_largest(exporter):
    with exporter('a100x8', '--max-processes', '3') as found:
        capped = of_family(found.metrics(), 'nvitop_process_gpu_memory_bytes')
        shown = json.loads(found.get('/api/v1/snapshot')[1])['processes']
    with exporter('a100x8') as found:
        everything = of_family(found.metrics(), 'nvitop_process_gpu_memory_bytes')
    assert sorted(capped.values()) == sorted(everything.values())[-3:]
    assert sorted(process['gpu_memory'] for process in shown) == sorted(capped.values())
    with exporter('a100x8', '--max-processes', '0') as found:
        text = found.metrics()
        assert 'nvitop_process_' not in text and any(of_family(text, 'nvitop_gpu_processes').values())
        assert 'processes' not in json.loads(found.get('/api/v1/snapshot')[1])


def test_command_lines_are_told_only_on_request(exporter):
    with exporter('two') as found:
        assert 'command="' not in found.metrics()
        assert b'"command"' not in found.get('/api/v1/snapshot')[1]
    with exporter('two', '--command-lines') as found:
        found.wait_until(lambda: 'command="' in found.metrics(), 'no command line was ever told')
        assert b'"command"' in found.get('/api/v1/snapshot')[1]


def test_hostile_texts_stay_in_their_labels(exporter):
    with exporter('hostile', '--command-lines') as found:
        text = found.metrics()
    done = subprocess.run(['promtool', 'check', 'metrics'], input=text, text=True, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout + done.stderr) == (0, '')
    assert '\x1b' not in text


def test_labels_of_ones_own_are_on_every_sample(exporter):
    with exporter('two', '--label', 'cluster=a"b', 'rack=12', '--hostname', 'box') as found:
        keys = list(samples(found.metrics()))
    assert keys and all(key.endswith('cluster="a\\"b",rack="12",hostname="box"}') for key in keys)
