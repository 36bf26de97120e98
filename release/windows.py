"""64-bit Windows, for which wheels are made: by mingw-w64's compiler, as all programs for it.

`./dev` has built the libraries of others, and what stands for a Python, before: cross/windows-libraries
and cross/windows-python say how.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pefile

ROOT = Path(__file__).resolve().parents[1]

LIBRARIES = ROOT / 'build-windows-deps/prefix'
PYTHON = ROOT / 'build-windows-python'

# What every Windows has, and each Python for it.
SYSTEM = {'advapi32.dll', 'kernel32.dll', 'msvcrt.dll', 'pdh.dll', 'shell32.dll'}
STABLE = 'python3.dll'

# Added to cross/windows-x86_64.ini: stripped, and without the time at which it was linked.
CROSS_FILE = """[binaries]
python = '{python}'

[built-in options]
c_link_args = ['-static', '-s', '-Wl,--no-insert-timestamp']
pkg_config_path = '{libraries}/lib/pkgconfig'
python.build_config = '{details}/build-details.json'
"""


class Windows(NamedTuple):
    """The target as the others are, see target.py."""

    machine: str = 'windows-x86_64'
    platform: str = 'win-amd64'

    @property
    def linked_in(self) -> list[str]:
        """The libraries that are linked in."""
        return ['inih', 'jansson', 'mingw-w64', 'utf8proc']

    def licence(self, library: str) -> Path:
        """That of a library that is linked in, as its package states it."""
        if library == 'mingw-w64':
            return Path('/usr/share/doc/mingw-w64-common/copyright')
        return LIBRARIES / f'share/doc/{library}/copyright'

    @property
    def needed(self) -> list[Path]:
        """What has to be there before something can be built."""
        return [PYTHON / 'build-details.json', *map(self.licence, self.linked_in)]

    def setup(self, folder: Path) -> list[str]:
        """Tells Meson of the target, in a file of the folder: arguments of its setup."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / 'target.ini'
        text = CROSS_FILE.format(python=sys.executable, libraries=LIBRARIES, details=PYTHON)
        if not file.is_file() or file.read_text(encoding='utf-8') != text:
            file.write_text(text, encoding='utf-8')
        return [f'--cross-file={ROOT / "cross/windows-x86_64.ini"}', f'--cross-file={file}']

    def judge(self, wheel: Path) -> str:
        """The tag of the platform that a wheel is good for; ends the program if it is good for none."""
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.endswith(('.exe', '.dll', '.pyd')):
                    unknown = imports(archive.read(name)) - SYSTEM - ({STABLE} if name.endswith('.pyd') else set())
                    if unknown:
                        raise SystemExit(f'make_wheel: {name} wants {", ".join(sorted(unknown))}')
        return 'win_amd64'


def imports(image: bytes) -> set[str]:
    """The libraries that a compiled file of Windows wants, in small letters."""
    portable = pefile.PE(data=image, fast_load=True)
    portable.parse_data_directories([pefile.DIRECTORY_ENTRY['IMAGE_DIRECTORY_ENTRY_IMPORT']])
    return {entry.dll.decode('ascii').lower() for entry in portable.DIRECTORY_ENTRY_IMPORT}
