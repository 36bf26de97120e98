"""The native module: the session of a process, its metrics, its statuses, its forks."""

from support import paths


def test_version_is_that_of_the_build(two):
    assert two.lines('import nvitop; print(nvitop.__version__)') == [paths.version()]


def test_core_is_api_and_so_are_its_modules(two):
    """The original's earlier name of the package, and its later names of the modules: one module each."""
    told = two.lines('''
        import importlib, pkgutil
        import nvitop, nvitop.core, nvitop.api
        assert nvitop.core is nvitop.api
        for found in pkgutil.iter_modules(nvitop.api.__path__):
            if not found.name.startswith('_'):
                same = {importlib.import_module(f'nvitop.{place}{found.name}') for place in ('api.', 'core.', '')}
                print(found.name, len(same))
    ''')
    assert {'utils 1', 'caching 1', 'termcolor 1'} <= set(told) and all(line.endswith(' 1') for line in told)


def test_devices_are_counted_and_read_in_one_call(two):
    assert two.lines('''
        from nvitop.api import _device_native
        for index in range(_device_native.count()):
            print(*_device_native.read(_device_native.by_index(index), ('name', 'memory_total')))
    ''') == ['NVIDIA GeForce RTX 3090 25769803776', 'NVIDIA GeForce RTX 4060 Ti 17179869184']


def test_child_of_a_fork_reads_as_its_parent_does(two):
    assert two.lines('''
        import os
        from nvitop.api import _device_native
        def name():
            return _device_native.read(_device_native.by_index(0), ('name',))[0]
        print(name(), flush=True)
        child = os.fork()
        if child == 0:
            print(name(), flush=True)
            os._exit(0)
        print(os.waitpid(child, 0)[1])
    ''') == ['NVIDIA GeForce RTX 3090', 'NVIDIA GeForce RTX 3090', '0']


def test_metrics_are_those_of_the_table(two):
    """Each scope's are all there, and each is found by its name."""
    assert two.lines('''
        from nvitop.api import _native
        for scope, metrics in _native.METRICS.items():
            every = metrics.load()
            assert _native.metric_ids(*every, scope=scope) == tuple(one.id for one in every.values())
            assert all(one.name == name for name, one in every.items())
            print(scope, len(every) > 10, min(one.id for one in every.values()))
        try:
            _native.metric_ids('no such metric')
        except KeyError as error:
            print(error)
    ''') == ['device True 1000', 'process True 2000', 'host True 3000', "'no such metric'"]


def test_members_are_taken_out_of_structs(two):
    assert two.lines('''
        from nvitop.api._native import ffi, layout
        rows = ffi.new('struct nvitop_host_process[]', 2)
        rows[0].presence, rows[0].rss.u.i, rows[0].cpu_seconds.u.r = -5, 1 << 40, 2.5
        rows[1].pid, rows[1].presence, rows[1].argv_len = 9, 7, 3
        rows[1].argv = text = ffi.new('char[]', b'cat')
        members = ('presence', 'rss.u.i', 'cpu_seconds.u.r', 'argv', 'argv_len')
        found = list(layout('struct nvitop_host_process', members).iter_unpack(ffi.buffer(rows)))
        print(found[0], found[1][:3], found[1][3] == int(ffi.cast('size_t', text)), found[1][4])
        print(layout('struct nvitop_host_process', members, 2).unpack(ffi.buffer(rows)) == found[0] + found[1])
        for wrong in (('none',), ('rss.u.x',)):
            try:
                layout('struct nvitop_host_process', wrong)
            except KeyError as error:
                print(error)
    ''') == ['(-5, 1099511627776, 2.5, 0, 0) (7, 0, 0.0) True 3', 'True', "'none'", "'x'"]


def test_array_is_asked_for_again_with_more_room(two):
    assert two.lines('''
        from nvitop.api import _native
        from nvitop.api._native import lib
        asked = []
        def listing(array, cap, ret_count):
            asked.append(cap)
            return lib.nvitop_metric_list(lib.NVITOP_SCOPE_DEVICE, array, cap, ret_count)
        array, count = _native.fill('int', listing, 4)
        print(asked == [4, count + 16], list(array[0:3]))
    ''') == ['True [1000, 1001, 1002]']


def test_text_of_any_length_comes_whole(two):
    assert two.lines('''
        from nvitop.api import _native
        words = ['word'] * 1000
        texts, kept = _native.string_array(words)
        told = _native.buffer_text(lambda buffer, size: _native.lib.nvitop_command_join(texts, 1000, buffer, size))
        print(told == ' '.join(words))
    ''') == ['True']


def test_one_session_for_all_threads(two):
    assert two.lines('''
        import threading
        from nvitop.api import _device_native, _native
        start, seen = threading.Barrier(16), []
        def look():
            start.wait()
            seen.append((_native.session(), _device_native.by_index(1)))
        threads = [threading.Thread(target=look) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(len(seen), len(set(seen)))
    ''') == ['16 1']


def test_child_gets_a_lock_of_its_own(two):
    """The parent forks while another of its threads holds the session's lock."""
    assert two.lines('''
        import os, signal
        from nvitop.api import _device_native, _native
        _native._keeper.lock.acquire()
        child = os.fork()
        if child == 0:
            signal.alarm(20)
            print(_device_native.count(), flush=True)
            os._exit(0)
        print(os.waitpid(child, 0)[1])
    ''') == ['2', '0']


def test_driver_that_never_answers_holds_up_no_other_thread(over):
    """The others go on while a thread is in the driver, and the interpreter ends with it there."""
    assert over('hang').lines('''
        import threading
        from nvitop.api import _device_native
        inside = threading.Event()
        def ask(device):
            inside.set()
            _device_native.read(device, ('temperature', 'power_usage', 'name', 'gpu_utilization'))
        stuck = [threading.Thread(target=ask, args=(_device_native.by_index(index),), daemon=True)
                 for index in range(_device_native.count())]
        for thread in stuck:
            thread.start()
        inside.wait()
        print(sum(range(1000000)))
    ''') == ['499999500000']
