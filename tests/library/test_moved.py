"""A tree that is not where it was to be installed: the library finds the helper that lies in it."""

from __future__ import annotations

import os
import shutil

import pytest
from prefix import run_program
from support import sim

PROGRAM = r'''
#include <nvitop/nvitop.h>
#include <stdio.h>

int main(void)
{
    struct nvitop_session *session;
    struct nvitop_index found[4];
    size_t count = 0;
    if (nvitop_session_open(NULL, &session) != NVITOP_OK ||
        nvitop_visible_devices(session, "0,1", 0, found, 4, &count) != NVITOP_OK)
        return 1;
    for (size_t i = 0; i < count; i++)
        printf("%d\n", (int)found[i].physical);
    nvitop_session_close(session);
    return 0;
}
'''
SCENARIO = '[device 0]\nuuid = GPU-0\n[device 1]\nuuid = GPU-1\n'


@pytest.fixture(name='gpus', scope='module')
def two_gpus(tmp_path_factory):
    path = tmp_path_factory.mktemp('gpus') / 'two.ini'
    path.write_text(SCENARIO)
    with sim.scenario(path) as running:
        yield running


@pytest.mark.parametrize('kind', ['shared', 'by link', 'static'])
def test_the_helper_is_found(kind, prefix, gpus, tmp_path):
    """One in the tree says that CUDA has the GPUs the other way round; it is one that nobody else has."""
    tree = tmp_path / 'a tree'
    library = tree / prefix.libdir.relative_to(prefix.path)
    shutil.copytree(prefix.libdir, library, symlinks=True)
    helper = tree / 'libexec/nvitop/nvitop-cuda-order'
    helper.parent.mkdir(parents=True)
    helper.write_text('#!/bin/sh\necho GPU-1\necho GPU-0\n')
    helper.chmod(0o755)
    source = tmp_path / 'visible.c'
    source.write_text(PROGRAM)
    (tree / 'bin').mkdir()
    program = prefix.compile(source, tree / 'bin/visible', is_static=kind == 'static')
    place = library
    if kind == 'by link':
        place = tmp_path / 'links'
        place.mkdir()
        for path in library.glob('libnvitop.so*'):
            (place / path.name).symlink_to(path)
    env = {**gpus.env, 'LD_LIBRARY_PATH': os.pathsep.join([str(place), gpus.env.get('LD_LIBRARY_PATH', '')])}
    assert run_program(program, env=env).out.split() == ['1', '0']
    helper.unlink()
    assert run_program(program, env=env).out.split() == ['0', '1']
