"""Builds images of the Dockerfile as `docker build` does, by buildah, which needs no daemon and no registry.

The base image is the Debian that `./dev test image` has made in build-image/; NVITOP_IMAGE_ROOT names another.
NVITOP_IMAGE_STORE names a folder that keeps what was built, for whoever works on this.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from support import paths

BASE = Path(os.environ.get('NVITOP_IMAGE_ROOT', paths.ROOT / 'build-image' / 'root'))


class Image:
    """A finished one: what its configuration says, and its files."""

    def __init__(self, engine: Engine, tag: str):
        self.engine = engine
        self.config = json.loads(engine.run('inspect', '--type', 'image', tag))['Docker']['config']
        self.root = Path(engine.run('mount', engine.run('from', '--pull-never', tag)))

    @property
    def env(self) -> dict[str, str]:
        return dict(pair.split('=', 1) for pair in self.config['Env'])


class Engine:
    """A store of images in a folder, which is empty again at the end unless it is kept."""

    def __init__(self, folder: Path, is_kept: bool = False):
        self.is_kept = is_kept
        self.command = ['buildah', '--root', str(folder / 'store'), '--runroot', str(folder / 'run')]
        self.env = {**os.environ, 'BUILDAH_ISOLATION': 'chroot', 'STORAGE_DRIVER': 'overlay'}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.run('rm', '--all')
        if not self.is_kept:
            self.run('rmi', '--all', '--force')

    def attempt(self, *arguments: str | Path) -> subprocess.CompletedProcess:
        return subprocess.run([*self.command, *map(str, arguments)], env=self.env, text=True, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=900, check=False)

    def run(self, *arguments: str | Path) -> str:
        done = self.attempt(*arguments)
        assert done.returncode == 0, f'buildah {arguments}: {done.stderr[-4000:]}'
        return done.stdout.strip()

    def packages(self, tag: str) -> set[str]:
        """What its package client has installed."""
        done = self.run('run', self.run('from', '--pull-never', tag), 'dpkg-query', '--show', '--showformat', '${Package}\n')
        return set(done.split())

    def add_base(self, tag: str):
        """The Debian as `debian:TAG`."""
        if self.is_kept and self.attempt('inspect', '--type', 'image', f'docker.io/library/debian:{tag}').returncode == 0:
            return
        made = self.run('from', 'scratch')
        self.run('add', '--quiet', made, BASE, '/')
        self.run('config', '--cmd', 'bash', made)
        self.run('commit', '--quiet', '--rm', made, f'docker.io/library/debian:{tag}')

    def build(self, tag: str, *options: str) -> subprocess.CompletedProcess:
        """`docker build --tag TAG OPTIONS .` in the root of the checkout."""
        return self.attempt('build', '--pull-never', '--format', 'docker', '--layers', '--tag', tag, *options, paths.ROOT)

    def built(self, tag: str, *options: str) -> Image:
        done = self.build(tag, *options)
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
        return Image(self, tag)
