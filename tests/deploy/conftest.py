"""What is deployed: the files of contrib and the Dockerfile, read as those who run them would."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import sim  # noqa: E402

JOB = '''[launcher]
pid_namespace = kernel
[system]
driver_version = 550.163.01
cuda_version = 12040
[device 0]
name = NVIDIA Card
[process JOB]
device = 0
listed = always
user = www-data
command = train --rank 7
'''


@pytest.fixture
def job(tmp_path):
    """A machine with a GPU and a process on it, in the namespace of pids of this test."""
    if os.readlink('/proc/self/ns/pid') != 'pid:[4026531836]' or os.getuid() != 0:
        pytest.skip('needs root in the initial namespace of pids')
    file = tmp_path / 'job.ini'
    file.write_text(JOB)
    with sim.scenario(file) as running:
        yield running
