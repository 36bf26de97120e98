"""select_devices: the lines of tests/cases/nvisel.case that are about choosing, in the C library and in Python."""

import argparse
import contextlib
import sys
from pathlib import Path

import pytest
from conftest import Scripts
from support import sim

import outcomes

sys.path.insert(0, str(Path(__file__).parents[1] / 'nvisel'))

import choosing  # noqa: E402

IMPORTS = '''
from nvitop.api import _device_native
from nvitop.api._select import select_devices
from nvitop.api.device import *
'''
BY_PYTHON = IMPORTS + '_device_native.can_be_selected = lambda wish: False'


class Unfit(Exception):
    """The line is not about choosing."""


def parser():
    made = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    made.error = lambda message: (_ for _ in ()).throw(Unfit(message))
    made.add_argument('--account-as-free', nargs='*', dest='free_accounts')
    made.add_argument('--min-count', '-c', type=int)
    made.add_argument('--max-count', '-C', type=int)
    made.add_argument('--count', '-n', type=int)
    made.add_argument('--min-free-memory', '-f')
    made.add_argument('--min-total-memory', '-t')
    made.add_argument('--max-gpu-utilization', '-G', type=int)
    made.add_argument('--max-memory-utilization', '-M', type=int)
    made.add_argument('--tolerance', '--tol', type=int)
    made.add_argument('--format', '-O')
    made.add_argument('--no-sort', '-S', dest='sort', action='store_false')
    return made


def wanted(words):
    """The arguments of select_devices for those of a command line."""
    options = {name: value for name, value in vars(parser().parse_args(words)).items() if value is not None}
    count = options.pop('count', None)
    if count is not None:
        options.update(min_count=count, max_count=count)
    if options.get('free_accounts') == []:
        options['free_accounts'] = [__import__('getpass').getuser()]
    return options


def cases():
    for case in choosing.cases():
        with contextlib.suppress(Unfit):
            if case.scenario not in (choosing.NO_LIBRARY,) and case.ours.rc in (0, 4) and not case.env:
                yield case, wanted(case.words)


CASES = list(cases())


def call(options):
    return f'select_devices(**{options!r})'


@pytest.fixture(scope='module', params=[IMPORTS, BY_PYTHON], ids=['library', 'python'])
def chosen(request):
    """What each call comes to, by scenario."""
    found = {}
    for scenario in sorted({case.scenario for case, _ in CASES}):
        own = choosing.SCENARIOS / f'{scenario}.ini'
        with sim.scenario(own if own.exists() else scenario) as opened:
            calls = [call(options) for case, options in CASES if case.scenario == scenario]
            made = outcomes.ours(Scripts(opened), calls, request.param)
        found.update({(scenario, text): outcome for text, outcome in made.items()})
    return found


@pytest.mark.parametrize('case, options', CASES, ids=[str(case) for case, _ in CASES])
def test_case(chosen, case, options):
    outcome = eval(chosen[case.scenario, call(options)])
    assert ','.join(str(identifier) for identifier in outcome) == case.ours.out.strip()


def test_there_are_enough():
    assert len(CASES) > 50
    assert {case.scenario for case, _ in CASES} >= {'s6', 'm', 'n', 'l', 'mig8', 'lost4', 'lostall'}


S6 = outcomes.table('''
    select_devices(Device(0))                                      -> [0]
    select_devices([Device(0), Device(5)], max_count=1)            -> [5]
    select_devices(Device.all(), sort=False)                       -> [0, 1, 2, 3, 4, 5]
    [device.index for device in select_devices(format='device', max_count=2)] -> [5, 1]
    select_devices([Device(1), Device(1)])                         -> [1, 1]
    select_devices([Device(1), CudaDevice(1)], format='device')    -> [PhysicalDevice(index=1, name="NVIDIA GPU 1", total_memory=10000MiB), CudaDevice(cuda_index=1, nvml_index=1, name="NVIDIA GPU 1", total_memory=10000MiB)]
    select_devices(iter(Device.all()), max_count=1)                -> [5]
    select_devices([])                                             -> []
    select_devices(max_count=0, min_count=5, format='index')       -> []
    select_devices(min_count=9)                                    -> [5, 1, 2, 4, 3, 0]
    select_devices(min_free_memory=5 * 2**30)                      -> [5, 1, 2]
    select_devices(min_free_memory=4.5e9)                          -> [5, 1, 2, 4, 3]
    select_devices(min_free_memory='4.4GiB', tolerance=2)          -> [5, 1, 2, 4, 3]
    select_devices(min_free_memory=-1)                             -> [5, 1, 2, 4, 3, 0]
    select_devices(max_gpu_utilization=-1)                         -> []
    select_devices(tolerance=float('inf'), min_free_memory='1TiB') -> [5, 1, 2, 4, 3, 0]
    select_devices(free_accounts='nobody-here', max_count=1)       -> [5]
''')


@pytest.fixture(scope='module')
def s6():
    with sim.scenario(choosing.SCENARIOS / 's6.ini') as opened:
        yield Scripts(opened)


def test_calls(s6):
    found = outcomes.ours(s6, S6, IMPORTS)
    name = outcomes.ours(s6, ['str(Device(1).name())'], IMPORTS)['str(Device(1).name())']
    assert found == {text: outcome.replace('NVIDIA GPU 1', name.strip("'")) for text, outcome in S6.items()}


@pytest.mark.parametrize('arguments, error', [
    ('format="name"', 'AssertionError'), ('tolerance=-1', 'AssertionError'), ('min_count=-1', 'AssertionError'),
    ('min_count=3, max_count=2', 'AssertionError'), ('max_count=-1', 'AssertionError'),
    ('min_free_memory="much"', 'ValueError'), ('min_free=1', 'TypeError'), ('[Device(0)], "uuid"', 'TypeError'),
    ('max_count=0, tolerance=-1', 'AssertionError'),
])
def test_errors_also_without_assertions(s6, arguments, error):
    done = s6.sim.command([sys.executable, '-O', '-c', IMPORTS + f'select_devices({arguments})'], s6.env)
    assert done.err.splitlines()[-1].startswith(f'{error}: ')


def test_mig_is_an_index_only_when_forced(over):
    found = outcomes.ours(over(choosing.SCENARIOS / 'm.ini'), [
        'select_devices(Device.cuda.all())', 'select_devices(Device(1), format="index", force_index=True)',
        'select_devices(Device(1))', 'select_devices(Device(2))', 'select_devices(force_index=True)',
    ], IMPORTS)
    assert list(found.values()) == [f"['{choosing.UUIDS['M1']}']", '[(1, 0)]', f"['{choosing.UUIDS['M1']}']", '[]', '[0]']


def test_devices_of_a_user_s_class_are_asked_themselves(s6):
    assert s6.lines(IMPORTS + '''
class Mine(PhysicalDevice):
    def memory_free(self):
        return 2**40 if self.index == 3 else 0
print(select_devices(Mine.all(), max_count=1), [type(device).__name__ for device in
      select_devices(Mine.all(), format='device', max_count=1)])
''') == ["[3] ['Mine']"]


@pytest.mark.parametrize('scenario', ['nodriver', 'none', 'mismatch'])
def test_without_a_driver_none_is_chosen(over, scenario):
    assert outcomes.ours(over(scenario), ['select_devices()', 'select_devices(min_count=1)'],
                            IMPORTS) == {'select_devices()': '[]', 'select_devices(min_count=1)': '[]'}


def test_module_is_nvisel(s6):
    done = s6.sim.command([sys.executable, '-W', 'error', '-m', 'nvitop.select', '-n', '2'], s6.env)
    assert (done.rc, done.out) == (0, '5,1\n'), done.err
    done = s6.sim.command([sys.executable, '-m', 'nvitop.select', '--bogus'], s6.env)
    assert (done.rc, done.err.splitlines()[-1]) == (2, 'nvisel: error: unrecognized arguments: --bogus')


def test_module_has_the_function(s6):
    assert s6.lines('from nvitop.select import select_devices; print(select_devices(max_count=1))') == ['[5]']
    assert s6.lines('import nvitop; print(nvitop.select.select_devices is nvitop.select_devices)') == ['True']
