"""Programs that use every public name, with nvitop 1.7.2 and with ours over one simulator: only what is listed differs."""

from __future__ import annotations

import functools
import re
import tempfile
from pathlib import Path

import outcomes
import pytest
import twins
from scenes import ALLOWED, SCENES
from support import sim
from twins import Allowed

# Names that ours has and 1.7.2 has not; each pattern fits one at least.
BEYOND = {
    r'\w*Device\.cuda_(all|version)': 'of the first generation, see below',
    r'utils\.command_join': 'the text functions are together; it is in `process` as well',
    r'(libcuda\.CUDA|libcudart\.cuda)\w+': 'what CUDA has added since',
    r'libcuda(rt)?\.(CodedError|CudaLibrary|CudaLibraryError|camel_case|check|define_classes|version_text)': 'what these are made with',
    r'libnvml all\.nvml\w+': "nvidia-ml-py's, of which 1.7.2 has not all",
}
# Names of the first generation that 1.7.2 has dropped, on ours alone.
FIRST = outcomes.table("""
nvitop.core is nvitop.api                               -> True
core is nvitop.core                                     -> True
Device.cuda_all() == Device.from_cuda_visible_devices() -> True
CudaDevice.cuda_all() == CudaDevice.all()               -> True
[type(device).__name__ for device in Device.cuda_all()] -> ['CudaDevice', 'CudaDevice']
Device.cuda_version()                                   -> '12.8'
Device(0).cuda_version() == Device(0).cuda_driver_version() -> True
Device(0).max_sm_clock() > Device(0).sm_clock() > 0     -> True
callable(nvitop.cli.main)                               -> True
nvitop.select.select_devices is select_devices          -> True
nvitop.version.__version__ == nvitop.__version__        -> True
[device.cuda_index for device in callbacks.utils.get_devices_by_logical_ids([1, 0, 1])] -> [1, 0]
[len(callbacks.utils.get_devices_by_logical_ids([1, 0, 1], unique=False))] -> [3]
list(callbacks.utils.get_gpu_stats([CudaDevice(0)]))    -> ['gpu_id: 0/utilization.memory (%)', 'gpu_id: 0/utilization.gpu (%)', 'gpu_id: 0/memory.used (MiB)', 'gpu_id: 0/memory.free (MiB)']
callbacks.utils.get_gpu_stats([CudaDevice(0)], False, False, fan_speed=True, temperature=True) == {'gpu_id: 0/fan.speed (%)': float(Device(0).fan_speed()), 'gpu_id: 0/temperature.gpu (C)': float(Device(0).temperature())} -> True
callbacks.tensorboard.add_scalar_dict(Writer(), 'main', {'a': 1, 'b': 2.5}, global_step=3) -> None
Writer.calls                                            -> [('main/a', 1, 3, None), ('main/b', 2.5, 3, None)]
[importlib.util.find_spec(f'nvitop.callbacks.{name}') is not None for name in ('keras', 'lightning', 'pytorch_lightning')] -> [True, True, True]
""")
IMPORTS = """
import importlib.util
import nvitop, nvitop.cli, nvitop.core, nvitop.select, nvitop.version
from nvitop import *
from nvitop import callbacks, core
from nvitop.callbacks import tensorboard, utils
class Writer:
    calls = []
    def add_scalar(self, tag, value, global_step=None, walltime=None):
        self.calls.append((tag, value, global_step, walltime))
"""


@functools.lru_cache(maxsize=None)
def names() -> tuple[dict, dict]:
    """What is public, by class and module: in the original, in ours."""
    with sim.scenario('two') as opened:
        return twins.both(opened, ['names'], {})


@functools.lru_cache(maxsize=None)
def played(scene: str) -> tuple[dict, dict]:
    with tempfile.TemporaryDirectory() as root:
        return twins.perform(scene, SCENES[scene], Path(root), names()[0])


@functools.lru_cache(maxsize=None)
def differing(scene: str) -> tuple[dict, set]:
    theirs, ours = played(scene)
    return twins.compared(scene, theirs['told'], ours['told'], ALLOWED)


@pytest.mark.parametrize('scene', SCENES)
def test_only_what_is_allowed_differs(scene):
    wrong, _ = differing(scene)
    assert not wrong, ''.join(f'\n{key}\n    theirs {pair[0]}\n    ours   {pair[1]}' for key, pair in wrong.items())


def test_every_allowance_is_needed():
    used = set().union(*(differing(scene)[1] for scene in SCENES))
    assert not [row for row in ALLOWED if row not in used]


def test_there_are_enough_expressions():
    distinct = {key.split(': ')[-1] for scene in SCENES for key in played(scene)[0]['told']}
    assert len(distinct) > 1000


@pytest.mark.parametrize('whose', [0, 1], ids=['original', 'ours'])
def test_every_public_name_is_used(whose):
    """A function is called; anything else is looked at."""
    looked = set().union(*(played(scene)[whose]['looked'] for scene in SCENES))
    called = set().union(*(played(scene)[whose]['called'] for scene in SCENES))
    unused = {f'{owner}.{name}' for owner, found in names()[0].items() if owner != 'libnvml all'
              for name, is_function in found.items()
              if f'{owner}.{name}' not in (called if is_function and owner != 'nvitop' else looked)}
    assert not unused


def test_no_name_of_the_original_is_missing():
    theirs, ours = names()
    assert not [f'{owner}.{name}' for owner, found in theirs.items() for name in found
                if name not in ours['libnvml all' if owner == 'libnvml' else owner]]


def test_names_of_ours_alone_are_known():
    theirs, ours = names()
    beyond = [f'{owner}.{name}' for owner, found in ours.items() for name in found if name not in theirs[owner]]
    fits = [next((pattern for pattern in BEYOND if re.fullmatch(pattern, name)), name) for name in beyond]
    assert set(fits) == set(BEYOND)


def test_names_of_the_first_generation_do_what_they_did(two):
    assert outcomes.ours(two, FIRST, IMPORTS, NVITOP_SIM_CLOCK='42') == FIRST


# ---- what would be wrong is seen

ROW = Allowed('a: x', '^int 1', 'int 2', 'a reason')


@pytest.mark.parametrize('ours, rows, wrong, used', [
    ('int 1', [ROW], False, set()), ('int 2', [], True, set()), ('int 2', [ROW], False, {ROW}), ('int 3', [ROW], True, set()),
    ('int 2', [ROW._replace(expression='a: y')], True, set()), ('int 2', [ROW._replace(scene='another')], True, set()),
    ('int 2', [Allowed('a: x', r'\d', '#', '', is_cut_from_both=True)], False, None),
    ('str 2', [Allowed('a: x', r'\d', '#', '', is_cut_from_both=True)], True, set())])
def test_comparison_sees(ours, rows, wrong, used):
    found = twins.compared('scene', {'a: x': 'int 1'}, {'a: x': ours}, rows)
    assert found == ({'a: x': ('int 1', ours)} if wrong else {}, set(rows) if used is None else used)


def test_expression_that_one_did_not_tell_is_seen():
    assert twins.compared('scene', {'a: x': 'int 1'}, {}, [])[0] == {'a: x': ('int 1', 'not told')}
    assert twins.compared('scene', {}, {'a: x': 'int 1'}, [])[0] == {'a: x': ('not told', 'int 1')}


def test_any_change_of_any_outcome_is_seen():
    """Of one scene, each outcome of ours spoilt in turn; the forms must not hide it."""
    theirs, ours = (each['told'] for each in played('beside'))
    unseen = [key for key in ours if 'raised' not in ours[key]
              and not twins.compared('beside', {key: theirs[key]}, {key: f'{ours[key]} spoilt'}, ALLOWED)[0]]
    assert len(ours) > 800 and not unseen
