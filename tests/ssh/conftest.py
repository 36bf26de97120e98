"""A real ssh to a real sshd, over a pipe instead of a network: no port, no daemon, nothing of the machine's own accounts."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import sim  # noqa: E402
from support.scenes import THREE  # noqa: E402

import far  # noqa: E402

SCENARIO = THREE + '''[process P]
count = 3
device = {i}
mem = {i+1}GiB
command = train --rank {i}
'''


@pytest.fixture(scope='session')
def host(tmp_path_factory):
    """The far side: three GPUs with a process each, and nvitop as its users have it."""
    if why := far.why_not():
        pytest.skip(why)
    folder = tmp_path_factory.mktemp('far')
    (folder / 'scenario.ini').write_text(SCENARIO)
    with sim.scenario(folder / 'scenario.ini') as running:
        yield far.Host(folder, running)
