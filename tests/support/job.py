"""A host as containers see it: a GPU and a process on it, numbered as by a driver, in the kernel's own namespaces."""

from __future__ import annotations

from pathlib import Path

from support import sim

SCENARIO = '''[launcher]
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


def on_host(folder: Path):
    """The context in which it runs; pids['JOB'] is the process."""
    file = folder / 'job.ini'
    file.write_text(SCENARIO)
    return sim.scenario(file)
