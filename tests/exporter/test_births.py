"""Processes that are born and die by the hundred thousand: each is told while it lives, and nothing stays."""

import re

import pytest

from births import Births, Born
from crowds import resident_bytes
from support import paths, term

GENERATIONS = 101
WARM = 20          # generations after which nothing grows
GROWTH = 4 << 20  # bytes, of what the allocator keeps back
SAMPLE = re.compile(r'^(nvitop_process_\w+)\{(.*)\} (\S+)$', re.M)
PID, NAME, COMMAND = (re.compile(f'{label}="([^"]*)"') for label in ('pid', ',name', 'command'))
NUMBERS = {'nvitop_process_gpu_memory_bytes': 'gpu_memory', 'nvitop_process_resident_memory_bytes': 'resident_memory'}
TEXTS = {'name': NAME, 'command': COMMAND}


@pytest.fixture
def births(tmp_path):
    made = Births(tmp_path)
    yield made
    made.close()


def processes(text):
    """By pid."""
    found, seen = {}, set()
    for family, labels, value in SAMPLE.findall(text):
        assert (family, labels) not in seen, 'a series stands twice'
        seen.add((family, labels))
        facts = found.setdefault(int(PID.search(labels)[1]), {})
        told = {NUMBERS[family]: int(float(value))} if family in NUMBERS else {}
        if family == 'nvitop_process_info':
            told = {key: label[1] for key, pattern in TEXTS.items() if (label := pattern.search(labels))}
        assert not told.keys() & facts.keys(), 'a process has two of one family'
        facts.update(told)
    return {pid: Born(**facts) for pid, facts in found.items()}


def assert_lived(found, *generations):
    """Whoever is told is of one of these generations, with its own facts."""
    for pid, facts in found.items():
        for at, value in enumerate(facts):
            assert value is None or value in [alive[pid][at] for alive in generations if pid in alive], pid


def without_commands(found):
    """They are read in the background, and come a little later."""
    return {pid: facts._replace(command=None) for pid, facts in found.items()}


def test_trap_34_a_hundred_thousand_births(start, births):
    found = start('--port', '0', '--interval', '0.05', '--nvml', str(paths.built('sim/libnvidia-ml.so.1')),
                  '--procfs', str(births.proc), '--command-lines',
                  env=term.clean_env({'NVITOP_SIM': str(births.scenario), 'NVITOP_SIM_PIDS': str(births.pids)}))
    before, grown, commands = {}, 0, set()

    def is_of_this_generation():
        told = processes(found.metrics())
        assert_lived(told, before, births.alive)
        commands.update(facts.command for facts in told.values())
        return without_commands(told) == without_commands(births.alive)

    for generation in range(GENERATIONS):
        found.wait_until(is_of_this_generation, f'generation {generation} was never told')
        if generation == WARM:
            grown = resident_bytes(found.process.pid)
        before = births.alive
        births.bear()
    assert births.born > 100_000 and len(commands) > 10_000
    assert resident_bytes(found.process.pid) < grown + GROWTH
