"""`./dev install` and `./dev uninstall` in a copy of the tree: what others have is untouched, and of ours nothing stays."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from support import paths, term

pytestmark = [pytest.mark.long, pytest.mark.timeout(1300)]


@pytest.fixture(scope='module')
def tree(tmp_path_factory) -> Path:
    """The files that Git knows of, elsewhere."""
    folder = tmp_path_factory.mktemp('tree')
    names = subprocess.run(['git', 'ls-files', '-z'], cwd=paths.ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split('\0')):
        if (paths.ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(paths.ROOT / name, folder / name)
    return folder


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob('*')}


def test_nothing_stays(tree, tmp_path):
    theirs = tmp_path / 'share/man/man1/theirs.1'
    theirs.parent.mkdir(parents=True)
    theirs.touch()
    (tmp_path / 'lib').mkdir()
    before = everything(tmp_path)
    for _ in range(2):  # the second time all folders are there
        done = term.run([tree / 'dev', 'install', f'--prefix={tmp_path}'], timeout=1200)
        assert done.rc == 0, done.out + done.err
    assert (tmp_path / 'bin/nvitop').exists()
    assert term.run([tmp_path / 'bin/nvitop', '--demo', '-1']).rc == 0
    done = term.run([tree / 'dev', 'uninstall'])
    assert done.rc == 0, done.out + done.err
    assert everything(tmp_path) == before

    done = term.run([tree / 'dev', 'uninstall'])
    assert (done.rc, done.out) == (1, '')
    assert 'nothing was installed' in done.err and len(done.err.splitlines()) == 1


def test_what_others_put_there_stays(tree, tmp_path):
    assert term.run([tree / 'dev', 'install', f'--prefix={tmp_path}'], timeout=1200).rc == 0
    theirs = tmp_path / 'share/nvitop/scenarios/theirs.ini'
    theirs.touch()
    assert term.run([tree / 'dev', 'uninstall']).rc == 0
    assert [path for path in tmp_path.rglob('*') if not path.is_dir()] == [theirs]
