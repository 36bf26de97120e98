"""No name is missing: of the two generations of the original, of its modules, under all their names."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

import nvitop
import pytest

FIRST = '''select_devices take_snapshots ResourceMetricCollector libnvml nvmlCheckReturn NVMLError libcuda Device
    PhysicalDevice MigDevice CudaDevice CudaMigDevice host HostProcess GpuProcess command_join NA NaType NotApplicable
    NotApplicableType KiB MiB GiB TiB PiB SIZE_UNITS bytes2human human2bytes timedelta2human utilization2string colored
    set_color boolify Snapshot'''.split()
LATER = '''libcudart parse_cuda_visible_devices normalize_cuda_visible_devices collect_in_background ttl_cache UINT_MAX
    ULONGLONG_MAX'''.split()
MODULES = 'caching collector device host libcuda libcudart libnvml process termcolor utils'.split()
OTHERS = '''select version cli callbacks callbacks.keras callbacks.lightning callbacks.pytorch_lightning
    callbacks.tensorboard callbacks.utils'''.split()


def test_all_names_of_both_generations_are_here():
    assert (len(FIRST), len(LATER)) == (34, 7)
    assert not [name for name in (*FIRST, *LATER) if name not in nvitop.__all__]
    assert not [name for name in nvitop.__all__ if not hasattr(nvitop, name)]
    assert len(set(nvitop.__all__)) == len(nvitop.__all__)


@pytest.mark.parametrize('name', MODULES)
def test_module_is_the_same_under_all_its_names(name):
    found = [importlib.import_module(f'nvitop{where}.{name}') for where in ('.api', '.core', '')]
    assert found[0] is found[1] is found[2]
    assert getattr(nvitop.core, name) is getattr(nvitop.api, name) is getattr(nvitop, name) is found[0]


@pytest.mark.parametrize('name', OTHERS)
def test_other_modules_are_here(name):
    assert importlib.util.find_spec(f'nvitop.{name}')  # some need what is not installed here


@pytest.mark.parametrize('name', 'caching collector device process utils'.split())
def test_what_a_module_says_is_public_is_public_of_the_whole(name):
    """The packages have a table of names, so that they need not import the modules to know them."""
    module = importlib.import_module(f'nvitop.api.{name}')
    for one in module.__all__:
        assert one in nvitop.api.__all__ and one in dir(nvitop) and one in dir(nvitop.api)
        assert getattr(nvitop, one) is getattr(nvitop.api, one) is getattr(module, one)


def test_there_is_no_other_name():
    for module in (nvitop, nvitop.api, nvitop.core):
        with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
            module.nonsense
    for name in ('nonsense', 'core.nonsense', 'api.nonsense', '_native'):
        assert importlib.util.find_spec(f'nvitop.{name}') is None
    assert nvitop.device.__spec__.name == nvitop.device.__name__ == 'nvitop.api.device'
    assert importlib.import_module('nvitop.core._native') is importlib.import_module('nvitop.api._native')


def loaded(script: str) -> set[str]:
    """The modules that a script has loaded at its end."""
    done = subprocess.run([sys.executable, '-c', f'{script}\nimport sys; print(*sys.modules)'], capture_output=True,
                          text=True, timeout=60, check=True,
                          env={**os.environ, 'PYTHONPATH': os.path.dirname(os.path.dirname(nvitop.__file__))})
    return set(done.stdout.split())


def test_import_is_light():
    before, after = loaded(''), loaded('import nvitop')
    assert after - before == {'nvitop', 'nvitop.api', 'nvitop.core', 'nvitop.version'}
