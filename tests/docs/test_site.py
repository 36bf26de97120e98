"""The site of the Python package builds without a fault and without a network, and leaves out nothing.

Runs in an environment of its own, which has Sphinx.
"""

from __future__ import annotations

import html.parser
import os
import pathlib
import pkgutil
import subprocess
import sys
import zlib

import pytest

ROOT = pathlib.Path(__file__).parents[2]
SITE = pathlib.Path(os.environ.get('NVITOP_PYTHON_SITE', ROOT / 'build-python/root/site')).resolve()
# Any connection is an error, so that no page depends on what is elsewhere.
NO_NETWORK = '''
"""No network."""
import socket


def refuse(self, address):
    if self.family != socket.AF_UNIX:
        raise AssertionError(f'a connection to {address}')


socket.socket.connect = socket.socket.connect_ex = refuse
'''


@pytest.fixture(scope='session')
def built(tmp_path_factory) -> pathlib.Path:
    """The site; a warning of Sphinx is a failure."""
    folder = tmp_path_factory.mktemp('site')
    (folder / 'sitecustomize.py').write_text(NO_NETWORK, encoding='utf-8')
    done = subprocess.run(
        [sys.executable, '-m', 'sphinx', '-b', 'html', '-q', '-E', '-W', '--keep-going', '-d', folder / 'trees',
         ROOT / 'docs/python', folder / 'html'],
        env={**os.environ, 'PYTHONPATH': f'{folder}{os.pathsep}{SITE}', 'PYTHONDONTWRITEBYTECODE': '1'},
        capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / 'html'


@pytest.fixture(scope='session')
def package():
    """The package, as it is installed."""
    sys.path.insert(0, str(SITE))
    import nvitop
    return nvitop


@pytest.fixture(scope='session')
def described(built) -> set[str]:
    """The full names of all that the reference describes."""
    inventory = (built / 'objects.inv').read_bytes()
    lines = zlib.decompress(inventory.split(b'\n', 4)[4]).decode().splitlines()
    return {line.split(' ')[0] for line in lines if ' py:' in line}


class Links(html.parser.HTMLParser):
    """What a page fetches when it is shown, and where its links lead."""

    def __init__(self, page: pathlib.Path) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.feed(page.read_text(encoding='utf-8'))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == 'a':
            self.links.append(found.get('href') or '')
        elif tag in ('script', 'img', 'iframe') or (tag == 'link' and found.get('rel') in ('stylesheet', 'icon')):
            self.fetched.append(found.get('src') or found.get('href') or '')


def pages(built: pathlib.Path) -> list[pathlib.Path]:
    found = sorted(built.rglob('*.html'))
    assert len(found) > 5
    return found


def test_pages_fetch_nothing_from_elsewhere(built):
    fetched = {address for page in pages(built) for address in Links(page).fetched}
    assert fetched and not [address for address in fetched if '//' in address]


def test_links_inside_lead_somewhere(built):
    dead = [f'{page.relative_to(built)}: {link}' for page in pages(built) for link in Links(page).links
            if '//' not in link and not (page.parent / (link.split('#')[0] or page.name)).exists()]
    assert not dead


def test_every_public_module_is_described(described, package):
    names = {module.name for module in pkgutil.walk_packages(package.__path__, 'nvitop.')}
    public = {name for name in names if not any(part.startswith('_') for part in name.split('.'))}
    assert {'nvitop.api.utils', 'nvitop.callbacks.keras', 'nvitop.select'} <= public
    # Nothing in them is for programs: packages of modules, a number, and what `python -m nvitop` runs.
    assert public - described == {'nvitop.api', 'nvitop.callbacks', 'nvitop.version', 'nvitop.cli'}


def test_every_public_name_is_described(described, package):
    modules = {name.rpartition('.')[2] for name in described}
    assert 'bytes2human' in modules
    assert not [name for name in package.__all__ if name not in modules]
