"""The native module: the session of a process, its metrics, its statuses, its forks."""

from support import paths


def test_version_is_that_of_the_build(two):
    assert two.lines('import nvitop; print(nvitop.__version__)') == [paths.version()]


def test_core_is_api(two):
    assert two.lines('''
        import nvitop, nvitop.core, nvitop.api
        print(nvitop.core is nvitop.api)
    ''') == ['True']


def test_devices_are_counted_and_read_in_one_call(two):
    assert two.lines('''
        from nvitop.api import _native
        for device in _native.device_list():
            print(*_native.read_device(device, _native.metric_ids('name', 'memory_total')))
    ''') == ['NVIDIA GeForce RTX 3090 25769803776', 'NVIDIA GeForce RTX 4060 Ti 17179869184']


def test_child_of_a_fork_reads_as_its_parent_does(two):
    assert two.lines('''
        import os
        from nvitop.api import _native
        def name():
            return _native.read_device(_native.device_list()[0], _native.metric_ids('name'))[0]
        print(name(), flush=True)
        child = os.fork()
        if child == 0:
            print(name(), flush=True)
            os._exit(0)
        print(os.waitpid(child, 0)[1])
    ''') == ['NVIDIA GeForce RTX 3090', 'NVIDIA GeForce RTX 3090', '0']
