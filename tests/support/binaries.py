"""What compiled files want of the system that they run on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

SYSTEM = {'libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0', 'ld-linux-x86-64.so.2', 'ld-linux-aarch64.so.1'}
OLDEST = (2, 17)  # the C library that what is released needs

UNDEFINED = re.compile(r'^ +\d+: \w+ +\d+ +\w+ +(\w+) +\w+ +UND ([\w.]+)(?:@(\w+?)_([\d.]+)(?: \(\d+\))?)?$', re.MULTILINE)


def readelf(option: str, path: Path) -> str:
    return subprocess.run(['readelf', '-W', option, path], check=True, capture_output=True, text=True).stdout


def under(folder: Path) -> list[Path]:
    """The compiled files of a tree, each once."""
    return sorted(path for path in folder.rglob('*')
                  if path.is_file() and not path.is_symlink() and path.read_bytes()[:4] == b'\x7fELF')


def machine(path: Path) -> str:
    return re.search(r'Machine: +(.*)', readelf('-h', path)).group(1)


def check_libraries(path: Path) -> None:
    """Only the C library is wanted, and no place is named where to look for more."""
    told = readelf('-d', path)
    wanted = set(re.findall(r'\(NEEDED\).*\[(.*)\]', told))
    assert wanted and wanted <= SYSTEM, (path.name, wanted)
    assert 'RUNPATH' not in told and 'RPATH' not in told, path.name


def check_symbols(path: Path, others: str = r'(?!)') -> None:
    """Every symbol that is wanted is one of a C library that is old enough; but `others`, which are not the system's."""
    told = readelf('--dyn-syms', path)
    wanted = UNDEFINED.findall(told)
    assert len(wanted) == len(re.findall(r' UND \S', told)) > 0, path.name
    for bind, symbol, library, version in wanted:
        if version:
            assert library == 'GLIBC' and tuple(map(int, version.split('.'))) <= OLDEST, (path.name, symbol, library, version)
        else:
            assert bind == 'WEAK' or re.match(others, symbol), (path.name, symbol)


def check_shape(path: Path) -> None:
    """It can be anywhere in memory, and is stripped."""
    assert re.search(r'Type: +DYN', readelf('-h', path)), path.name
    assert '.symtab' not in readelf('-S', path), path.name
