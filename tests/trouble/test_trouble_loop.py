"""--loop as a job of a shell: it stops, goes on and ends as other programs do."""

from __future__ import annotations

import os
import re
import select
import time

from support import paths
from support.watching import PATIENCE, Shell

ROW = re.compile(r'^[0-9.]+,0,,ok,11\r?$', re.M)


def wait_for_rows(shell: Shell, count: int):
    """Until so many more rows have come."""
    deadline, wanted = time.monotonic() + PATIENCE, len(ROW.findall(shell.text)) + count
    while len(ROW.findall(shell.text)) < wanted:
        assert select.select([shell.master], [], [], max(0, deadline - time.monotonic()))[0], shell.text
        shell.text += os.read(shell.master, 65536).decode()


def test_ctrl_z_and_ctrl_c(open_scenario):
    with open_scenario('[device 0]\ngpu_util = 11\n') as running:
        shell = Shell(running.env)
        try:
            shell.type(f'{paths.nvitop()} --query gpu_utilization --loop --interval 0.25\n')
            wait_for_rows(shell, 2)
            shell.type('\x1a')
            assert shell.prompt()[1] == 128 + 20
            shell.type('fg\n')
            wait_for_rows(shell, 2)
            shell.type('\x03')
            assert shell.prompt()[1] == 128 + 2
        finally:
            shell.close()


def test_ctrl_c_ends_a_pipeline(open_scenario):
    with open_scenario('[device 0]\ngpu_util = 11\n') as running:
        shell = Shell(running.env)
        try:
            shell.type(f'{paths.nvitop()} --query gpu_utilization --loop --interval 0.25 | cat\n')
            wait_for_rows(shell, 2)
            shell.type('\x03')
            assert shell.prompt()[1] == 128 + 2
            shell.type(f'{paths.nvitop()} --query gpu_utilization --loop --interval 0.25 | head -n 3; echo "${{PIPESTATUS[0]}}"\n')
            assert re.search(r'^141\r?$', shell.prompt()[0], re.M)
        finally:
            shell.close()
