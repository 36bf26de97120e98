"""The images do what README.md says of them, built and run as it says."""

from __future__ import annotations

import re

import pytest
from support import paths, sim
from support.tty import Tty

import container

pytestmark = pytest.mark.timeout(900)  # the first one builds


def test_report(image, run):
    done = run(image, '-1', '--demo')
    assert (done.rc, done.err) == (0, '')
    assert f'NVITOP {paths.version()}' in done.out and done.out.count('A100-SXM4-80GB') == 8
    assert '╒═' in done.out


def test_monitor_is_process_1(image):
    with Tty(container.command(image, '--demo', 'two'), 40, 100) as tty:
        tty.wait_text('RTX 4060 Ti')
        assert '╒═' in tty.text()
        tty.type('q')
        assert tty.finish() == 0
        assert tty.insanities() == []
