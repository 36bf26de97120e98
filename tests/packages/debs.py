"""What is known of binary packages from their files."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path

from support import paths

NAMES = ('libnvitop-dev', 'libnvitop1', 'nvitop', 'nvitop-exporter', 'python3-nvitop')
OLDER = '0.9.0-1'

# In every package of ours that is of an older version, and in none of the present one.
LEFT_OUT = 'usr/share/doc/{package}/only-in-{version}'


def tell(*command: str | Path) -> str:
    """The output of a command that must end well."""
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def make(folder: Path, **more: str) -> None:
    """Source and binary packages into the folder, with more variables. The unit tests are other groups'."""
    done = subprocess.run([paths.ROOT / 'packaging/make_packages.py', folder], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=1500, check=False,
                          env={**os.environ, 'DEB_BUILD_OPTIONS': 'nocheck', **more})
    assert done.returncode == 0, done.stdout


def find(folder: Path, package: str) -> Path:
    """The one file of a package."""
    found, = folder.glob(f'{package}_*.deb')
    return found


def field(deb: Path, name: str) -> str:
    """A field of a package, empty if it is not there."""
    return tell('dpkg-deb', '--field', deb, name).strip()


def wanted(*found: Path) -> list[str]:
    """What these packages depend on, but for packages of ours."""
    clauses = [clause.strip() for deb in found for clause in field(deb, 'Depends').split(',')]
    return [clause for clause in clauses if clause and re.split(r'[ (:]', clause)[0] not in NAMES]


def make_older(deb: Path, folder: Path) -> None:
    """The package once more into the folder, as if it were of a release before."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place, 'root')
        tell('dpkg-deb', '--raw-extract', deb, root)
        control = root / 'DEBIAN/control'
        control.write_text(control.read_text().replace(field(deb, 'Version'), OLDER))
        (root / LEFT_OUT.format(package=field(deb, 'Package'), version=OLDER)).write_text('older\n')
        tell('dpkg-deb', '--root-owner-group', '--build', root, folder)
