"""Statistics: the numbers are C's to 1e-12; windows keep names in their order, whatever their letters; threads end."""

import math

import pytest

from support import paths


def rows():
    """The lines of the case file: samples, now, and what they come to."""
    text = (paths.ROOT / 'tests/cases/stats.case').read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith('#')]
    return [line for line in lines if 'skip:' not in line]


def same(ours, wanted):
    """Equal to 1e-12, or nan both."""
    return math.isnan(ours) if math.isnan(wanted) else math.isclose(ours, wanted, rel_tol=1e-12, abs_tol=1e-12)


def test_statistics_are_those_of_the_cases(two):
    cases = rows()
    assert len(cases) >= 15
    found = two.lines('''
        import sys
        from nvitop.api._native import ffi, lib
        for line in sys.argv[1].splitlines():
            samples, now = line.split('|')[0].split(';')
            series, result = ffi.new('struct nvitop_stats **'), ffi.new('struct nvitop_stats_result *')
            assert lib.nvitop_stats_new(0.0, series) == 0
            for sample in samples.split():
                time, value = sample.split(':')
                lib.nvitop_stats_add(series[0], float(time), float('nan') if value == 'N' else float(value))
            lib.nvitop_stats_get(series[0], float(now), result)
            print(result.mean, result.min, result.max, result.last)
            lib.nvitop_stats_free(series[0])
    ''', '\n'.join(cases))
    for case, line in zip(cases, found):
        ours = [float(word) for word in line.split()]
        wanted = [float(word) for word in case.split('|')[1].split()]
        assert all(map(same, ours, wanted)), f'{case}: {line}'
    assert len(found) == len(cases)


def test_a_sample_given_by_hand(two):
    """The clock is the machine's, so only what does not hang on it is looked at."""
    assert two.lines('''
        from nvitop.api._windows import Windows
        windows = Windows()
        windows.open(2)
        assert windows.is_by_hand and windows.is_due()
        windows.add(0.0, {'b': 10.0, 'a': 1.0, 'running_time (min)': 2.0})
        assert not windows.is_due()
        windows.add(0.0, {'b': 20.0, 'late': 5.0, 'é\\udcff': float('nan')})
        results = windows.results('x/')
        print(*(key.encode('utf-8', 'surrogateescape').decode() if key[2] != 'é' else ascii(key) for key in results))
        print(results['x/b/min'], results['x/b/max'], results['x/b/last'], 10 <= results['x/b/mean'] <= 20,
              results['x/a/mean'], results['x/late/mean'], results['x/é\\udcff/mean'], results['x/running_time (min)'])
        windows.close(1)
        assert list(windows.results('y ')) == ['y ' + key[2:] for key in results]
        windows.clear(0)
        print(*windows.results())
    ''') == [
        ' '.join(f'x/{name}/{which}' if name[0] != '?' else ascii(f'x/é\udcff/{which}')
                 for name in ('b', 'a', 'late', '?') for which in ('mean', 'min', 'max', 'last'))
        + ' x/running_time (min) x/duration (s) x/timestamp x/last_timestamp',
        '10.0 20.0 20.0 True 1.0 5.0 nan 2.0',
        'duration (s) timestamp last_timestamp']


def test_keys_follow_what_comes_and_goes(two):
    """They are kept as long as C says that they are the same."""
    assert two.lines('''
        from nvitop.api._windows import Windows
        windows = Windows()
        windows.open(1)
        for count in (1, 2, 70, 70, 3):
            windows.add(0.0, {f'n{number}': float(number) for number in range(count)})
            for prefix in ('', 'p/'):
                results = windows.results(prefix)
                assert all(results[f'{prefix}n{number}/last'] == number for number in range(count))
                print(len(results), end=' ')
    ''') == ['7 7 11 11 283 283 283 283 283 283 ']


@pytest.mark.parametrize('how', ['wake.stop()', 'del owner'])
def test_thread_of_an_owner_ends_at_once(two, how):
    assert two.lines(f'''
        import threading
        from nvitop.api._periodic import Periodic
        class Owner:
            pass
        owner, ran = Owner(), threading.Event()
        wake = Periodic(owner, lambda it: ran.set(), 1e9, 'it')
        ran.wait()
        {how}
        wake._thread.join(30)
        print(wake.is_alive())
    ''') == ['False']
