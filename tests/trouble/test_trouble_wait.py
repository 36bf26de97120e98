"""An initialization that never returns: the one wait of 30 seconds, which runs beside the other tests."""

from __future__ import annotations

from support.watching import NOTICE, SLACK

LIMIT = 30


def test_init_that_hangs_is_said_after_3_s_and_given_up_after_30_s(dead_init):
    second, line = dead_init.err.first()
    assert line == 'nvitop: waiting for the driver (up to 30 s)\n'
    assert NOTICE - 0.1 < second < NOTICE + SLACK
    status = dead_init.process.wait(2 * LIMIT)
    assert (status, dead_init.out.end()) == (1, '')
    lines = dead_init.err.end().splitlines()
    assert lines[1] == 'NVML ERROR: No answer from the driver for 30 s.'
    assert lines[2].startswith('HINT: ') and '--demo' in lines[2]
    assert len(lines) == 3
    assert LIMIT - 0.1 < dead_init.err.lines[1][0] < LIMIT + SLACK
