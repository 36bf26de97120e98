"""Series: the statistics are C's to 1e-12, names keep their order, and a hole is a missing sample."""

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


SCRIPT = '''
    import sys
    from nvitop.api._stats import Series
    for line in sys.argv[1].splitlines():
        samples, now = line.split('|')[0].split(';')
        series = Series(0.0)
        for sample in samples.split():
            time, value = sample.split(':')
            series.add(float(time), {'it': float('nan') if value == 'N' else float(value)})
        print(*(map(repr, next(series.results(float(now)), ('', ['nan'] * 4))[1])))
'''


def test_statistics_are_those_of_the_cases(two):
    cases = rows()
    assert len(cases) >= 15
    found = two.lines(SCRIPT, '\n'.join(cases))
    for case, line in zip(cases, found):
        ours = [float(word.strip("'")) for word in line.split()]
        wanted = [float(word) for word in case.split('|')[1].split()]
        assert all(map(same, ours, wanted)), f'{case}: {line}'
    assert len(found) == len(cases)


def test_series_that_a_sample_lacks_has_a_hole(two):
    assert two.lines('''
        from nvitop.api._stats import Series
        series = Series(0.0)
        series.add(1.0, {'b': 10.0, 'a': 1.0})
        series.add(3.0, {'b': 20.0, 'late': 5.0})
        for name, stats in series.results(5.0):
            print(name, *stats)
    ''') == ['b 16.0 10.0 20.0 20.0', 'a 1.0 1.0 1.0 1.0', 'late 5.0 5.0 5.0 5.0']


def test_late_series_begins_with_the_sample_before_it(two):
    assert two.lines('''
        from nvitop.api._stats import Series
        series = Series(0.0)
        series.add(2.0, {'a': 1.0})
        series.add(4.0, {'a': 1.0, 'late': 8.0})
        series.add(6.0, {'a': 1.0, 'late': 2.0})
        print(dict(series.results(6.0))['late'].mean)
    ''') == ['6.5']


def test_table_without_series_has_no_results(two):
    assert two.lines('''
        from nvitop.api._stats import Series
        series = Series(0.0)
        series.add(2.0, {})
        print(list(series.results(3.0)), len(series), series.newest)
    ''') == ['[] 0 2.0']


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
