"""How a release is packed: the same by whoever it is done; and which machines there are."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from support import paths

PACK = 'import sys; sys.path.insert(0, "release"); import pathlib, archive; archive.pack(*map(pathlib.Path, sys.argv[1:]))'


def make_tree(folder: Path, names: list[str], umask: int, time: int) -> Path:
    """The same tree as another makes it."""
    before = os.umask(umask)
    try:
        tree = folder / 'tree'
        (tree / 'bin').mkdir(parents=True)
        for name in names:
            (tree / name).write_text(name)
            os.utime(tree / name, (time, time))
        (tree / 'bin/program').chmod(0o777 & ~umask)
        (tree / 'bin/link').symlink_to('program')
    finally:
        os.umask(before)
    return tree


def packed(tree: Path, file: Path, epoch: str = '1700000000') -> bytes:
    subprocess.run([sys.executable, '-c', PACK, tree, file], check=True, cwd=paths.ROOT, env={**os.environ, 'SOURCE_DATE_EPOCH': epoch})
    return file.read_bytes()


def test_packing_is_the_same_whoever_does_it(tmp_path):
    one = make_tree(tmp_path / 'one', ['bin/program', 'README'], 0o022, 1000000000)
    two = make_tree(tmp_path / 'other', ['README', 'bin/program'], 0o077, 1600000000)
    assert packed(one, tmp_path / 'one.tar.gz') == packed(two, tmp_path / 'other.tar.gz')
    assert packed(one, tmp_path / 'one.tar.gz') != packed(two, tmp_path / 'other.tar.gz', '1700000001')


def test_packing_keeps_what_is_said(tmp_path):
    packed(make_tree(tmp_path, ['bin/program', 'README'], 0o077, 1000000000), tmp_path / 'tree.tar.gz')
    with tarfile.open(tmp_path / 'tree.tar.gz') as archive:
        told = {entry.name: (oct(entry.mode), entry.linkname, entry.mtime) for entry in archive}
    assert told == {'tree': ('0o755', '', 1700000000), 'tree/README': ('0o644', '', 1700000000), 'tree/bin': ('0o755', '', 1700000000),
                    'tree/bin/link': ('0o777', 'program', 1700000000), 'tree/bin/program': ('0o755', '', 1700000000)}


@pytest.mark.parametrize(('command', 'more'), [(['make_wheel.py'], ', windows-x86_64'), (['make_tarball.py', 'build'], '')])
def test_machine_that_there_is_not(command, more, tmp_path):
    done = subprocess.run([sys.executable, paths.ROOT / 'release' / command[0], *command[1:], tmp_path, 'vax'],
                          capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (1, '')
    assert done.stderr == f'release: no such machine: vax; there are: x86_64, aarch64{more}\n'
