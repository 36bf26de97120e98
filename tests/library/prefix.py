"""A prefix with libnvitop in it, and programs that are built against that and nothing else of ours."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from support import paths, term

WARNINGS = ('-Wall', '-Wextra', '-Wpedantic', '-Werror')
COMPILERS = {'.c': {'gcc': 'gcc', 'clang': 'clang'}, '.cpp': {'gcc': 'g++', 'clang': 'clang++'}}
STANDARDS = {'.c': '-std=c17', '.cpp': '-std=c++17'}


def run(*command: str | Path, env: dict[str, str] | None = None) -> str:
    """What a tool says on stdout; a tool that fails, fails the test with what it said."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=120, check=False,
                          env={**os.environ, **(env or {})})
    assert done.returncode == 0, f'{" ".join(map(str, command))}\n{done.stdout}{done.stderr}'
    return done.stdout


@dataclass(frozen=True)
class Prefix:
    """An installation; `root` is its DESTDIR, `path` the prefix in it."""

    root: Path
    path: Path

    def find(self, name: str) -> Path:
        """The one file of this name."""
        found = sorted(self.root.rglob(name))
        assert len(found) == 1, f'{name}: {found}'
        return found[0]

    @property
    def libdir(self) -> Path:
        return self.find('libnvitop.a').parent

    @property
    def env(self) -> dict[str, str]:
        """For programs that were linked with the shared library."""
        return {'LD_LIBRARY_PATH': str(self.libdir)}

    def env_over(self, env: Mapping[str, str]) -> dict[str, str]:
        """The same beside the variables of a scenario."""
        folders = [str(self.libdir), *filter(None, [env.get('LD_LIBRARY_PATH')])]
        return {**env, 'LD_LIBRARY_PATH': ':'.join(folders)}

    def flags(self, *options: str) -> list[str]:
        """What pkg-config says of us. The prefix is told, for the files were moved there by DESTDIR."""
        return run('pkg-config', f'--define-variable=prefix={self.path}', *options, 'nvitop',
                   env={'PKG_CONFIG_PATH': str(self.libdir / 'pkgconfig')}).split()

    def compile(self, source: Path, target: Path, compiler: str = 'gcc', is_static: bool = False) -> Path:
        """A program of one file."""
        command = [COMPILERS[source.suffix][compiler], STANDARDS[source.suffix], *WARNINGS, str(source), '-o', str(target)]
        if is_static:
            # Only ours is static: what it needs comes from the system, which may lack archives.
            words = self.flags('--cflags', '--libs', '--static')
            command += [str(self.libdir / 'libnvitop.a') if word == '-lnvitop' else word for word in words]
        else:
            command += self.flags('--cflags', '--libs')
        run(*command)
        return target


def install(root: Path) -> Prefix:
    """What the build installs, in a folder of its own."""
    meson = shutil.which('meson')
    assert meson
    run(meson, 'install', '-C', paths.BUILD, '--no-rebuild', '--quiet', '--destdir', root)
    header = next(root.rglob('include/nvitop/nvitop.h'))
    return Prefix(root, header.parents[2])


def run_program(program: Path, *arguments: str, env: dict[str, str]) -> term.Result:
    """A program of the test, over pipes."""
    return term.run([program, *arguments], env)
