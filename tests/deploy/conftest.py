"""What is deployed: the files of contrib and the Dockerfile, read as those who run them would."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.job import on_host  # noqa: E402


@pytest.fixture
def job(tmp_path):
    """A machine with a GPU and a process on it, in the namespace of pids of this test."""
    if os.readlink('/proc/self/ns/pid') != 'pid:[4026531836]' or os.getuid() != 0:
        pytest.skip('needs root in the initial namespace of pids')
    with on_host(tmp_path) as running:
        yield running
