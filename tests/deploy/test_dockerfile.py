"""The Dockerfile without building it: what hadolint says, and whether it has what the build wants. `tests/image` builds it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import paths, term

import dockerfile

HADOLINT = Path(sys.executable).parent / 'hadolint'


def test_hadolint_finds_nothing():
    done = term.run([HADOLINT, '--no-color', dockerfile.DOCKERFILE])
    assert (done.rc, done.out, done.err) == (0, '', '')


def test_hadolint_would_find_something(tmp_path):
    """A fault of each kind that a note in ours lets pass elsewhere, or that ours could get."""
    bad = tmp_path / 'Dockerfile'
    bad.write_text('FROM debian\nRUN apt-get install gcc | cat\n')
    assert {'DL3006', 'DL3008', 'DL4006'} <= set(re.findall(r'DL\d+', term.run([HADOLINT, '--no-color', bad]).out))


def test_the_commands_of_readme_are_those_of_the_head():
    head = dockerfile.DOCKERFILE.read_text().split('\nARG ')[0]
    readme = (paths.ROOT / 'README.md').read_text()
    commands = re.findall(r'^#     (docker .+)$', head, re.M)
    assert len(commands) == 2
    for command in commands:
        assert command in readme


def test_what_may_be_given():
    """`basetag` is the original's name."""
    before = [rest for name, rest in dockerfile.instructions()[:2] if name == 'ARG']
    assert before == ['baseimage=debian', 'basetag=bookworm-slim']
    froms = [rest for name, rest in dockerfile.instructions() if name == 'FROM']
    assert [rest.split(' ')[0] for rest in froms] == ['${baseimage}:${basetag}'] * 2 + ['base'] * 2


def test_stages():
    assert list(dockerfile.stages()) == ['build', 'base', 'exporter', '']
    assert dockerfile.values('', 'ENTRYPOINT') == ['["nvitop"]']
    assert json.loads(dockerfile.values('exporter', 'ENTRYPOINT')[0])[0] == 'nvitop-exporter'
    assert dockerfile.values('exporter', 'EXPOSE') == ['8000']
    assert '/-/healthy' in dockerfile.values('exporter', 'HEALTHCHECK')[0]
    assert set(dockerfile.values('base', 'ENV')) == {
        'LANG=C.UTF-8', 'NVIDIA_VISIBLE_DEVICES=all', 'NVIDIA_DRIVER_CAPABILITIES=utility'}


def test_the_exporter_is_nobody():
    """By number, so that Kubernetes can see that it is not root."""
    assert dockerfile.values('exporter', 'USER') == ['65534:65534']


def test_it_builds_with_what_dev_builds_with():
    """One list of packages, though in two files."""
    rows = (paths.ROOT / 'dev').read_text().partition('build_needs() {')[2].partition('\nROWS\n')[0]
    wanted = set(re.findall(r'^(\S+) +(?:command|header|library) ', rows, re.M))
    assert len(wanted) > 10
    assert dockerfile.packages(dockerfile.values('build', 'RUN')[0]) == wanted


@pytest.fixture(scope='module')
def context(tmp_path_factory):
    folder = tmp_path_factory.mktemp('context')
    dockerfile.copy_context(folder)
    return folder


def test_the_build_finds_all_it_reads(context, tmp_path):
    command = next(run for run in dockerfile.values('build', 'RUN') if run.startswith('meson setup '))
    words = command.partition('&&')[0].split()
    done = subprocess.run([*words[:2], str(tmp_path / 'build'), str(context), *words[3:]], text=True, capture_output=True,
                          timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_else_is_in_the_context(context):
    assert not [path for path in context.iterdir() if re.search(r'^\.|^build|\.py$|^dev$', path.name)]
    tests = [path.relative_to(context).as_posix() for path in (context / 'tests').rglob('*.*')]
    assert tests == ['tests/library/symbols.txt']
