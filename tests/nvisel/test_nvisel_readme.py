"""The examples of the original's README on its nine GPUs: commands, answers and figures as printed there.

Each command is run by bash; stdout and stderr are one stream, as they are on a terminal.
"""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from support import docs, paths, term

UUIDS = ['GPU-849d5a8d-610e-eeea-1fd4-81ff44a23794', 'GPU-18ef14e9-dec6-1d7e-1284-3010c6ce98b1',
         'GPU-96de99c9-d68f-84c8-424c-7c75e59cc0a0', 'GPU-2428d171-8684-5b64-830c-435cd972ec4a',
         'GPU-6d2a57c9-7783-44bb-9f53-13f36282830a', 'GPU-f8e5a624-2c7e-417c-e647-b764d26d4733',
         'GPU-f9ca790e-683e-3d56-00ba-8f654e977e02']
ASSIGNED = f'CUDA_VISIBLE_DEVICES="{",".join(UUIDS)}"\n'

# A stand-in for nvidia-smi: it prints its arguments.
SMI = '#!/bin/sh\nprintf "%s\\n" "$*"\n'


@pytest.fixture(scope='module')
def shell(scenarios, tmp_path_factory):
    """shell(text) is what bash and the programs it starts write, and the status."""
    folder = tmp_path_factory.mktemp('bin')
    (folder / 'nvidia-smi').write_text(SMI)
    (folder / 'nvidia-smi').chmod(0o755)
    env = term.clean_env({**scenarios('readme9'), 'PATH': f'{folder}:{paths.nvisel().parent}:{os.environ["PATH"]}'})

    def run(text: str) -> tuple[str, int]:
        done = subprocess.run(['bash', '-c', text], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
        return done.stdout, done.returncode
    return run


@pytest.mark.parametrize(('words', 'answer'), [
    ('', '6,5,4,3,2,1,0,7,8'),
    ('-n 4', '6,5,4,3'),
    ('--min-count 2 --max-count 3 --min-free-memory 5GiB --max-gpu-utilization 60', '6,5,4')])
def test_on_a_terminal(scenarios, words, answer):
    done = term.run_pty([paths.nvisel(), *words.split()], 80, env=scenarios('readme9'))
    assert (done.rc, done.out, done.err) == (0, f'{answer}\n', '')


def test_export_of_indices(shell):
    text = 'export CUDA_DEVICE_ORDER="PCI_BUS_ID" CUDA_VISIBLE_DEVICES="$(nvisel -c 1 -f 10GiB)"'
    assert shell(text) == ('CUDA_VISIBLE_DEVICES="6,5,4,3,2,1,0"\n', 0)
    assert shell(text + ' 2>/dev/null; echo "$CUDA_VISIBLE_DEVICES"') == (
        'CUDA_VISIBLE_DEVICES="6,5,4,3,2,1,0"\n6,5,4,3,2,1,0\n', 0)


def test_export_of_uuids(shell):
    text = 'export CUDA_VISIBLE_DEVICES="$(nvisel -O uuid -c 2 -f 5000M)"'
    assert shell(text) == (ASSIGNED, 0)
    assert shell(text + '; echo "$CUDA_VISIBLE_DEVICES"')[0] == f'{ASSIGNED}{",".join(UUIDS)}\n'


def test_xargs_with_nul(shell):
    text = 'nvisel -0 -O uuid -c 2 -f 4GiB | xargs -0 -I {} nvidia-smi --id={} --query-gpu=index,memory.free --format=csv'
    calls = ''.join(f'--id={uuid} --query-gpu=index,memory.free --format=csv\n' for uuid in UUIDS)
    assert shell(text) == (ASSIGNED + calls, 0)


def test_figures(shell):
    """Free memory as the README's nvidia-smi tells it: 11018 MiB on those that are chosen."""
    table, status = shell('nvisel -c 2 -f 4GiB --explain 2>&1 >/dev/null')
    rows = [line.split(None, 6) for line in table.splitlines()[1:10]]
    assert status == 0
    assert [(row[0], row[2]) for row in rows[:7]] == [(index, '11018MiB') for index in '6543210']


def test_job_script_of_the_manual(shell):
    text = ('CUDA_VISIBLE_DEVICES=$(nvisel -n {} -f 10GiB --wait=0.2) || exit\n'
            'export CUDA_VISIBLE_DEVICES\nenv | grep ^CUDA_VIS')
    assert shell(text.format(2)) == ('CUDA_VISIBLE_DEVICES="6,5"\nCUDA_VISIBLE_DEVICES=6,5\n', 0)
    said, status = shell(text.format(8))
    assert status == 4 and 'Not enough devices found.' in said and 'CUDA_VISIBLE_DEVICES=6' not in said


# ---- our own README

README = (paths.ROOT / 'README.md').read_text(encoding='utf-8')


def consoles() -> list[tuple[str, str, str]]:
    """Scenario, command and what is printed, of each `$` line in a console block."""
    blocks = re.findall(r'<!-- console: (.*?) -->\n```console\n(.*?)```', README, re.DOTALL)
    return [(scenario, *part.split('\n', 1)) for scenario, block in blocks
            for part in re.split(r'^\$ ', block, flags=re.MULTILINE)[1:]]


@pytest.mark.parametrize(('scenario', 'command', 'printed'), consoles(), ids=lambda text: text[:40])
def test_our_readme(scenarios, scenario, command, printed):
    """As it looks on a terminal, stderr too."""
    env = {**scenarios((paths.ROOT / scenario).stem), 'PATH': f'{paths.nvisel().parent}:{os.environ["PATH"]}'}
    done = term.run_pty(['bash', '-c', f'exec 2>&1; {command}'], 120, env=env)
    assert (done.rc, done.out) == (0, printed)


def test_our_readme_has_examples():
    assert len(consoles()) >= 4


def test_table_of_options_is_the_programs():
    table = README.split('<!-- table: nvisel options -->\n')[1].split('\n\n')[0]
    named = [name for line in table.split('\n')[2:]
             for name in re.findall(r'(?<![\w-])(--?[a-zA-Z0-9][a-z-]*)', line.split('|')[1])]
    assert named == docs.Docs('nvisel').names()
