"""The tests of the Python package that run scripts over a scenario, with Windows's Python instead of ours.

Those that want what Windows does not have are left out, each with its reason. Whole modules that are not
here work on objects of this process, or on what Linux alone has: /proc, users, valgrind, a fake libcuda.
"""

from __future__ import annotations

import importlib
import inspect

# Of tests/python.
MODULES = ['test_native', 'test_visible', 'test_device', 'test_take_snapshots', 'test_collector', 'test_libnvml',
           'test_callbacks', 'test_stats', 'test_select', 'test_copies']

NO_FORK = 'Windows has no fork'
OUR_FILES = "it works on files of this system's build"
OUR_PROC = 'it counts threads in /proc'
NO_LOAD = 'it expects keys of the load average, for which wine 8 has no counter'
ITS_PLACES = 'nvidia-ml-py by itself looks for the library in folders of Windows alone'
NO_PEER = 'it asks the original here as well'
NO_CAT = 'it starts a program that Windows does not have'

LEFT_OUT = {
    'test_native_child_of_a_fork_reads_as_its_parent_does': NO_FORK,
    'test_native_child_gets_a_lock_of_its_own': NO_FORK,
    'test_device_devices_go_on_in_children': NO_FORK,
    'test_device_handle_of_another_library_is_looked_up_anew': OUR_FILES,
    'test_libnvml_closing_takes_the_driver_from_nobody_else': ITS_PLACES,
    'test_libnvml_the_library_is_where_the_native_part_finds_it': OUR_FILES,
    'test_libnvml_the_library_s_path_may_be_said': OUR_FILES,
    'test_libnvml_processes_are_the_original_s_on_drivers_of_all_times': NO_PEER,
    'test_libnvml_a_child_opens_nvml_anew': NO_FORK,
    'test_collector_child_of_a_fork_collects_on': NO_FORK,
    'test_collector_samples_come_without_a_thread_of_python': OUR_PROC,
    'test_collector_stopping_does_not_wait_for_the_interval': OUR_PROC,
    'test_collector_collector_that_nobody_holds_goes_with_its_thread': OUR_PROC,
    'test_collector_what_a_user_changes_is_sampled_in_python': NO_LOAD,
    'test_take_snapshots_process_that_ends_between_list_and_look_is_told_of': NO_CAT,
}


def names_of(test) -> set[str]:
    """The fixtures that a test wants."""
    given = {name for mark in getattr(test, 'pytestmark', ()) if mark.name == 'parametrize'
             for name in (mark.args[0].split(',') if isinstance(mark.args[0], str) else mark.args[0])}
    return set(inspect.signature(test).parameters) - {name.strip() for name in given}


def take(name: str) -> dict[str, object]:
    """The tests of a module that need nothing but a scenario."""
    found = {}
    for title, test in vars(importlib.import_module(name)).items():
        if title.startswith('test_') and callable(test) and names_of(test) & {'two', 'over'} and names_of(test) <= {'two', 'over', 'tmp_path'}:
            found[f'{name}_{title[len("test_"):]}'] = test
    return found


TAKEN = {name: test for module in MODULES for name, test in take(module).items()}
globals().update({name: test for name, test in TAKEN.items() if name not in LEFT_OUT})


def test_hardly_any_is_left_out():
    assert set(LEFT_OUT) <= set(TAKEN)
    assert len(TAKEN) - len(LEFT_OUT) > 100
