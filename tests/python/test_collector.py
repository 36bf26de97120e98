"""ResourceMetricCollector: its keys, its windows, its thread, and the processes it chooses.

The arithmetic has a test of its own (test_stats.py); here are the 100 keys, what a user sees of
tags, and that a collector which nobody holds, or which was forked, leaves nothing behind.
"""

import textwrap

import pytest
from nvitop import ResourceMetricCollector
from processes import tree

from support import paths


def keys():
    """The keys of the case file, in order."""
    lines = (paths.ROOT / 'tests/cases/collector-keys.case').read_text().splitlines()
    return [line.split('|')[1].strip() for line in lines if line and not line.startswith('#')]


# ---- keys and values


def test_host_is_the_one_of_psutil(tmp_path):
    with tree(tmp_path), ResourceMetricCollector([], ())('T') as collector:
        found = collector.collect()
    assert (found['T/host/memory_percent (%)/last'], found['T/host/swap_percent (%)/last']) == (25.0, 25.0)


def test_keys_are_the_hundred(two):
    pid = str(two.pids['RANK0'])
    found = two.lines('''
        import sys
        from nvitop import Device, ResourceMetricCollector
        with ResourceMetricCollector(Device(0), {int(sys.argv[1])}, float('inf'))('T') as collector:
            print(*collector.collect(), sep='\\n')
    ''', pid)
    assert [key.replace(f'/pid:{pid}/', '/pid:1/') for key in found] == keys()


def test_values_are_the_drivers_in_the_units_of_the_keys(over):
    found = over(CALM).lines('''
        from nvitop import ResourceMetricCollector
        collector = ResourceMetricCollector(root_pids={1})
        with collector(tag='T'):
            metrics = collector.collect()
        for key, value in metrics.items():
            assert type(value) in (int, float), key
            if 'gpu:0' in key and key.endswith(('mean', 'last')):
                print(key.split('gpu:0/')[1], round(value, 9))
    ''')
    assert sorted(set(found)) == sorted(set(f'{name}/{which} {value}' for name, value in {
        'memory_used (MiB)': 2048.0, 'memory_free (MiB)': 22528.0, 'memory_total (MiB)': 24576.0,
        'memory_percent (%)': 8.3, 'gpu_utilization (%)': 57.0, 'memory_utilization (%)': 31.0,
        'fan_speed (%)': 'nan', 'temperature (C)': 61.0, 'power_usage (W)': 123.0, 'power_limit (W)': 350.0,
        'gpu_memory (MiB)': 2048.0, 'gpu_memory_percent (%)': 8.3, 'gpu_memory_utilization (%)': 9.0,
        'gpu_sm_utilization (%)': 42.0}.items() for which in ('mean', 'last')))


def test_names_of_cuda_and_mig_devices(over):
    found = over('mig', {'CUDA_VISIBLE_DEVICES': '1,0'}).lines('''
        from nvitop import CudaDevice, Device, ResourceMetricCollector
        def scopes(devices):
            with ResourceMetricCollector(devices, set()).context('T') as collector:
                return list(dict.fromkeys(key.split('/')[1] for key in collector.collect() if 'gpu' in key))
        print(scopes(CudaDevice.all()))
        print(scopes([Device(1), Device(2)]))
        collector = ResourceMetricCollector(Device(2))
        print([device.index for device in collector.all_devices], [device.index for device in collector.leaf_devices])
        print(scopes(Device((2, 1))))
    ''')
    assert found == ["['cuda:0 (gpu:1)', 'cuda:1 (gpu:0)']",
                     "['gpu:1', 'gpu:2', 'gpu:(2, 0)', 'gpu:(2, 1)', 'gpu:(2, 2)']",
                     '[2, (2, 0), (2, 1), (2, 2)] [(2, 0), (2, 1), (2, 2)]',
                     "['gpu:(2, 1)']"]


@pytest.mark.parametrize('scenario', ['none', 'nodriver'])
def test_without_gpus_there_is_the_host(over, scenario):
    assert over(scenario).lines('''
        from nvitop import ResourceMetricCollector
        with ResourceMetricCollector()('T') as collector:
            metrics = collector.collect()
            print(len(metrics), set(key.split('/')[1] for key in metrics if key.count('/') > 1))
    ''') == ["31 {'host'}"]


def test_subclass_collects_more(two):
    assert two.lines('''
        from nvitop import Device, ResourceMetricCollector
        class Mine(ResourceMetricCollector):
            DEVICE_METRICS = [*ResourceMetricCollector.DEVICE_METRICS,
                              ('pcie_link', 'no_such (x)', 1), ('name', 'text (x)', 1),
                              ('sm_clock', 'clock (GHz)', 1000)]
            PROCESS_METRICS = [('pid', 'host', 'number (#)', 2), ('num_threads', None, 'threads (#)', 1)]
        with Mine(Device(0), {1})('T') as collector:
            metrics = collector.collect()
        print(metrics['T/gpu:0/no_such (x)/last'], metrics['T/gpu:0/text (x)/last'])
        print(1.3 < metrics['T/gpu:0/clock (GHz)/last'] < 2.0)
        pids = [(key, value) for key, value in metrics.items() if 'number' in key and 'last' in key]
        print(len(pids), all(key == f'T/pid:{int(2 * value)}/host/number (#)/last' for key, value in pids))
        print(sum('/gpu:0/threads (#)/last' in key for key in metrics))
    ''') == ['nan nan', 'True', '3 True', '3']


def test_metrics_are_those_that_the_library_collects(two):
    """Python's lists name the attributes; names and divisors have to be those of the table of metrics."""
    assert two.lines('''
        from nvitop import ResourceMetricCollector
        from nvitop.api import _native
        def of_c(scope):
            return sorted((one.name, one.collector_name, one.collector_divisor)
                          for one in _native.METRICS[scope].load().values() if one.collector_name)
        devices = list(ResourceMetricCollector.DEVICE_METRICS)
        processes = [(name.replace('_in_seconds', ''), title, divisor)
                     for name, _, title, divisor in ResourceMetricCollector.PROCESS_METRICS]
        print(sorted(devices) == of_c('device'), sorted(processes) == of_c('process'), len(devices), len(processes))
    ''') == ['True True 10 8']


# ---- processes


def test_roots_choose_processes(two):
    names = ('XORG', 'RUN', 'RANK0', 'RANK1', 'BOTH')
    found = two.lines('''
        import gc, sys
        from nvitop import ResourceMetricCollector
        pids = dict(zip(sys.argv[1].split(), map(int, sys.argv[2:])))
        names = {pid: name for name, pid in pids.items()}
        def chosen(roots):
            collector = ResourceMetricCollector(root_pids=roots)
            gc.collect()
            with collector('T'):
                first = collector.collect()
            both = [collector.take_snapshots(), collector.take_snapshots()]
            assert len(set(tuple(p.pid for p in s.gpu_processes) for s in both)) == 1
            return sorted(set(names[int(key.split('pid:')[1].split('/')[0])] for key in first if 'pid:' in key))
        for roots in ({1}, {pids['RUN']}, {pids['RANK1']}, {pids['XORG'], 99999999}, set(), None):
            print(*chosen(roots))
    ''', ' '.join(names), *(str(two.pids[name]) for name in names))
    assert found == ['BOTH RANK0 RANK1 XORG', 'RANK0 RANK1', 'RANK1', 'XORG', '', '']


def test_processes_stay_known_from_sample_to_sample(two):
    """Or else their CPU time would begin anew with each, and be 0 for ever."""
    assert two.lines('''
        import gc, weakref
        from nvitop import HostProcess, ResourceMetricCollector
        class Mine(ResourceMetricCollector):
            PROCESS_METRICS = [*ResourceMetricCollector.PROCESS_METRICS, ('num_threads', 'host', 'threads', 1)]
        collector = Mine(root_pids={1}, interval=float('inf'))
        with collector('T'):
            pids = [key.split(':')[1].split('/')[0] for key in collector.collect() if 'pid:' in key and 'host' in key]
            hosts = [weakref.ref(HostProcess(int(pid))) for pid in pids]
            gc.collect()
            print(len(hosts) > 10, all(host() is not None for host in hosts))
    ''') == ['True True']


def test_process_on_two_devices_has_one_host_and_two_devices(two):
    found = two.lines('''
        import sys
        from nvitop import ResourceMetricCollector
        with ResourceMetricCollector(root_pids={int(sys.argv[1])})('T') as collector:
            print(*sorted(set(key.rsplit('/', 2)[0].split('/', 2)[2] for key in collector.collect()
                              if 'pid' in key and 'running' not in key)))
    ''', str(two.pids['BOTH']))
    assert found == ['gpu:0 gpu:1 host']


# ---- windows


def test_samples_go_into_all_open_windows(two):
    assert two.lines('''
        from nvitop import Device, ResourceMetricCollector
        collector = ResourceMetricCollector(Device(0), set(), float('inf'))
        assert collector.start('a') is collector
        collector.collect()
        collector.activate('b').start(5)
        metrics = collector.collect()
        print(len(metrics), all(key.startswith('a/b/5/') for key in metrics))
        assert collector.stop('b') is collector
        before = collector.collect()['a/last_timestamp']
        collector.take_snapshots()
        print(collector.collect()['a/last_timestamp'] > before)
        print(next(iter(collector.start('').collect())))
        collector.stop().stop().stop()
    ''') == ['71 True', 'True', 'a//host/cpu_percent (%)/mean']


def test_what_is_wrong_with_tags_is_told(two):
    assert two.lines('''
        from nvitop import ResourceMetricCollector
        c = ResourceMetricCollector(interval=float('inf'))
        def told(call):
            try:
                call()
            except RuntimeError as error:
                print(error)
        assert c.stop() is c
        c.clear(), c.reset()
        for call in (c.collect, lambda: c.stop('zz'), lambda: c.clear('zz')):
            told(call)
        with c('a'), c.context('b'):
            told(lambda: c.start('a'))
            told(lambda: c.stop('zz'))
            told(lambda: c.clear('zz'))
        told(c.collect)
        def twice():
            with c('a'):
                with c('a'):
                    pass
        told(twice)
        with c('x'):
            print(len(c.collect()) > 30)
    ''') == ['Resource metric collector has not been started yet.'] * 3 + [
        'Resource metric collector is already started with tag "a"',
        'Resource metric collector has not been started with tag "zz".',
        'Resource metric collector has not been started with tag "zz".',
        'Resource metric collector has not been started yet.',
        'Resource metric collector has not been started yet.',
        'True']


def test_context_closes_its_window_when_it_is_left_by_an_error(two):
    assert two.lines('''
        from nvitop import ResourceMetricCollector
        c = ResourceMetricCollector(interval=float('inf'))
        try:
            with c('a') as same:
                assert same is c
                c.start('inner')
                raise KeyError
        except KeyError:
            pass
        print(c.start('a').stop() is c)
    ''') == ['True']


def test_clear_empties_from_the_innermost_up_to_the_tag(two):
    assert two.lines('''
        from nvitop import ResourceMetricCollector
        c = ResourceMetricCollector(interval=float('inf'), root_pids=())
        with c('a'), c('b'):
            c.collect()
            c.clear()
            print(*c.collect())
            c.stop()
            print(len(c.collect()))
            c.start('d')
            c.collect()
            c.reset('a')
            print(len(c.collect()))
            c.stop()
            print(*c.collect())
            c.start('b')
    ''') == ['a/b/duration (s) a/b/timestamp a/b/last_timestamp', '111', '3',
             'a/duration (s) a/timestamp a/last_timestamp']


def test_tags_are_whatever_can_be_hashed(two):
    """Two that differ are two, even if they read alike."""
    assert two.lines('''
        from nvitop import ResourceMetricCollector
        collector = ResourceMetricCollector(root_pids=(), interval=float('inf'))
        tags = [1, '1', None, (2, 3), '', 'x/y', 'é\\udcff', 'a\\nb', 'a\\0b']
        for tag in tags:
            collector.start(tag)
        assert next(iter(collector.collect())).startswith('/'.join(map(str, tags)) + '/host/')
        collector.clear((2, 3))
        collector.stop('1')
        print(next(iter(collector.collect())))
        for tag in tags:
            try:
                collector.start(tag)
            except RuntimeError as error:
                print(error)
    ''') == ['1/host/cpu_percent (%)/mean', 'Resource metric collector is already started with tag "1"']


def test_intervals_are_positive_numbers(two):
    assert two.lines('''
        from nvitop import ResourceMetricCollector, collect_in_background
        for interval in (True, float('inf'), 0.25, 2):
            print(ResourceMetricCollector(interval=interval).interval)
        collector = ResourceMetricCollector()
        for interval in (0, -1, '1', float('nan'), None, False):
            for make in (lambda i: ResourceMetricCollector(interval=i),
                         lambda i: collector.daemonize(print, i or 0),
                         lambda i: collect_in_background(print, interval=i or 0)):
                try:
                    make(interval)
                    print('taken', interval)
                except ValueError as error:
                    print(error)
    ''') == ['1.0', 'inf', '0.25', '2.0', *(f'Invalid argument interval={value}'
          for value in (*[0] * 3, *[-1] * 3, *["'1'"] * 3, *['nan'] * 3, None, 0, 0, False, 0, 0))]


# ---- who samples

TASKS = "tasks = lambda: len(os.listdir('/proc/self/task'))"


def test_samples_come_without_a_thread_of_python(two):
    """Nobody lets go of the interpreter's lock here, and nobody asks for it."""
    assert two.lines(f'''
        import os, sys, threading
        from nvitop import ResourceMetricCollector
        {TASKS}
        collector = ResourceMetricCollector(interval=0.001, root_pids=())
        while tasks() > 1:
            pass
        for period in range(2):
            collector.start('a').start('b')
            print(threading.active_count(), tasks() > 1)
            seen = set()
            while len(seen) < 4:
                seen.add(collector._windows.results()['last_timestamp'])
            collector.stop('a')
        while tasks() > 1:
            pass
    ''') == ['1 True'] * 2


OWN = {
    'take_snapshots': """
        class Mine(ResourceMetricCollector):
            def take_snapshots(self):
                return super().take_snapshots()
        collector, expected = Mine(Device(0), {1}, 1e9), 61""",
    'more metrics': """
        class Mine(ResourceMetricCollector):
            DEVICE_METRICS = [*ResourceMetricCollector.DEVICE_METRICS, ('sm_clock', 'clock', 1)]
        collector, expected = Mine(Device(0), {1}, 1e9), 61""",
    'more metrics of all': """
        ResourceMetricCollector.PROCESS_METRICS.append(('num_threads', 'host', 'threads', 1))
        collector, expected = ResourceMetricCollector(Device(0), {1}, 1e9), 61""",
    'a class of devices': """
        class Card(PhysicalDevice):
            def temperature(self):
                return 12
        collector, expected = ResourceMetricCollector(Card(0), {1}, 1e9), 12""",
    'a device': """
        card = Device(0)
        card.temperature = lambda: 13
        collector, expected = ResourceMetricCollector(card, {1}, 1e9), 13""",
}


@pytest.mark.parametrize('what', OWN)
def test_what_a_user_changes_is_sampled_in_python(two, what):
    script = textwrap.dedent(OWN[what]).strip()
    found = two.lines(textwrap.dedent('''
        import threading
        from nvitop import Device, PhysicalDevice, ResourceMetricCollector
    ''') + script + textwrap.dedent('''
        with collector('T'):
            print([thread.name for thread in threading.enumerate()][1:])
            metrics = collector.collect()
            before = metrics['T/last_timestamp']
            collector.take_snapshots()
            print(collector.collect()['T/last_timestamp'] > before)
        temperature = metrics['T/gpu:0/temperature (C)/last']
        print(temperature == expected or expected == 61 and 30 < temperature < 90)
        print(*(key for key in metrics if not key.startswith('T/pid')), sep='\\n')
    '''))
    assert found[:3] == ["['metrics-collector-daemon']", 'True', 'True']
    mine = [key for key in found[3:] if key.split('/')[2:3] != ['clock']]
    assert mine == [key for key in keys() if '/pid:' not in key]
    assert len(found[3:]) - len(mine) == (4 if what == 'more metrics' else 0)


def test_thread_samples_by_itself(two):
    assert two.lines('''
        import threading
        from nvitop import ResourceMetricCollector
        class Mine(ResourceMetricCollector):
            seen, thrice = [], threading.Event()
            def take_snapshots(self):
                result = super().take_snapshots()
                self.seen.append(threading.current_thread().name)
                if len(self.seen) >= 3:
                    self.thrice.set()
                return result
        collector = Mine(interval=0.01)
        for period in range(2):
            collector.start('a')
            print(Mine.thrice.wait(30), set(Mine.seen))
            collector.stop()
            Mine.seen, Mine.thrice = [], threading.Event()
        print([thread.name for thread in threading.enumerate()])
    ''') == ["True {'metrics-collector-daemon'}"] * 2 + ["['MainThread']"]


def test_stopping_does_not_wait_for_the_interval(two):
    assert two.lines(f'''
        import os
        from nvitop import ResourceMetricCollector
        {TASKS}
        collector = ResourceMetricCollector(interval=1e9, root_pids=())
        collector.start('a').start('b')
        print(tasks() > 1)
        collector.stop('a')
        while tasks() > 1:
            pass
    ''', timeout=20) == ['True']


def test_collector_that_nobody_holds_goes_with_its_thread(two):
    assert two.lines(f'''
        import gc, os, threading, weakref
        from nvitop import ResourceMetricCollector
        {TASKS}
        class Mine(ResourceMetricCollector):
            DEVICE_METRICS = []
        for kind in (ResourceMetricCollector, Mine):
            collector = kind(interval=1e9, root_pids=())
            collector.start('a').collect()
            threads = [thread for thread in threading.enumerate() if thread.name != 'MainThread']
            print(len(threads), tasks() > 1)
            gone = weakref.ref(collector)
            del collector
            for thread in threads:
                thread.join(30)
            while gone() is not None or tasks() > 1:
                pass
        try:
            ResourceMetricCollector(interval=0)
        except ValueError:
            gc.collect()
    ''') == ['0 True', '1 True']


def test_program_ends_with_a_collector_at_work(two):
    assert two.lines('''
        from nvitop import ResourceMetricCollector
        collector = ResourceMetricCollector(interval=0.001, root_pids={1}).start('a')
        print(len(collector.collect()) > 100)
    ''') == ['True']


def test_child_of_a_fork_collects_on(two):
    """The windows are there and begin anew, and each has a sampler: C's, or Python's."""
    assert two.lines(f'''
        import os, threading
        from nvitop import Device, ResourceMetricCollector
        {TASKS}
        class Mine(ResourceMetricCollector):
            DEVICE_METRICS = [('name', 'text', 1)]
        for kind in (ResourceMetricCollector, Mine):
            collector = kind(Device(0), set(), 0.001)
            with collector('a'):
                collector.collect()
                with collector._lock:
                    child = os.fork()
                if child == 0:
                    with collector('b'):
                        metrics = collector.collect()
                        print(next(iter(metrics)), len(metrics), threading.active_count(), tasks() > 1, flush=True)
                    print(len(collector.collect()), flush=True)
                    collector.stop()
                    del collector
                    while tasks() > 1:
                        pass
                    os._exit(0)
                assert os.waitpid(child, 0)[1] == 0
                print(len(collector.collect()))
    ''', timeout=20) == ['a/b/host/cpu_percent (%)/mean 71 1 True', '71', '71',
                         'a/b/host/cpu_percent (%)/mean 35 2 True', '35', '35']


def test_driver_that_never_answers(over, tmp_path):
    """Whoever collects is told of the host and of the other GPUs after a while; other threads run on."""
    scenario = tmp_path / 'silent.ini'
    scenario.write_text(CALM.read_text().replace('[device 0]', '[device 0-1]')
                        + '\n[device 1]\nhang.nvmlDeviceGetPowerUsage = yes\n')
    assert over(scenario).lines('''
        import math, threading, time
        from nvitop import ResourceMetricCollector
        collector, counts = ResourceMetricCollector(root_pids={1}, interval=0.05), [0]
        collector.start('T')
        told = []
        thread = threading.Thread(target=lambda: told.append(collector.collect()))
        thread.start()
        while thread.is_alive():
            counts[0] += 1
        metrics, = told
        print(counts[0] > 1000, metrics['T/gpu:0/power_usage (W)/last'], metrics['T/gpu:1/power_usage (W)/last'])
        begin = time.monotonic()
        collector.stop()
        print(time.monotonic() - begin < 10)
    ''') == ['True 123.0 nan', 'True']


def test_threads_may_share_a_collector(two):
    assert two.lines('''
        import threading
        from nvitop import ResourceMetricCollector
        collector = ResourceMetricCollector(interval=0.001, root_pids={1})
        def work(number):
            for turn in range(20):
                collector.collect()
                collector.clear('a')
                collector.take_snapshots()
        with collector('a'):
            threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            print(len(collector.collect()) >= 3)
    ''') == ['True']


def test_lost_gpu_does_not_end_the_collecting(over, tmp_path):
    scenario = tmp_path / 'lost.ini'
    scenario.write_text(CALM.read_text().replace('mem_total', 'lost_at = 1\nmem_total', 1))
    assert over(scenario).lines('''
        from nvitop import NA, ResourceMetricCollector
        collector = ResourceMetricCollector(root_pids={1}, interval=0.01)
        with collector('T'):
            while collector.take_snapshots().devices[0].power_usage is not NA:
                pass
            with collector('later'):
                metrics = collector.collect()
                print(len(metrics), metrics['T/later/gpu:0/power_usage (W)/mean'])
    ''') == ['71 nan']


# ---- collecting in the background


def test_daemon_tells_in_order(two):
    assert two.lines('''
        import threading
        from nvitop import ResourceMetricCollector
        collector, told = ResourceMetricCollector(interval=0.01), []
        def on_collect(metrics):
            told.append((len(metrics) > 30, next(iter(metrics)).split('/')[0]))
            return len(told) < 4
        def on_start(it):
            told.append(('start', it is collector))
        def on_stop(it):
            try:
                it.collect()
            except RuntimeError:
                told.append(('stop', it is collector))
        thread = collector.daemonize(on_collect, 0.02, on_start=on_start, on_stop=on_stop, tag='mine', start=False)
        print(thread.name, thread.daemon, thread.collector is collector, thread.is_alive())
        thread.start()
        thread.join()
        print(told)
    ''') == ['mine True True False',
             "[('start', True), (True, 'mine'), (True, 'mine'), (True, 'mine'), ('stop', True)]"]


def test_daemon_ends_by_an_error_after_on_stop(two):
    assert two.lines('''
        import threading
        from nvitop import collect_in_background
        told = []
        threading.excepthook = lambda args: told.append(args.exc_type.__name__)
        for error in (KeyError, KeyboardInterrupt):
            def on_collect(metrics):
                raise error
            thread = collect_in_background(on_collect, on_stop=lambda it: told.append(it.interval))
            thread.join()
            print(thread.name, told)
            told.clear()
    ''') == ["metrics-daemon [1.0, 'KeyError']", 'metrics-daemon [1.0]']


CALM = paths.ROOT / 'tests/python/calm.ini'
