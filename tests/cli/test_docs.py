"""What the build makes of the option table: the manual page and the completions of three shells."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from support import paths, term

BASH = 'completions/nvitop.bash'
ZSH = 'completions/_nvitop'
FISH = 'completions/nvitop.fish'
MAN = 'docs/man/nvitop.1'


def run(*command: str, **more) -> subprocess.CompletedProcess:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **more)


def names() -> list[str]:
    """Every option name, short and long, from the page that --help prints."""
    done = run(str(paths.nvitop()), '--help', env=term.clean_env({'COLUMNS': '300'}))
    found = [name for line in done.stdout.splitlines() if line.startswith('  -')
             for name in re.findall(r'(?<![\w-])(--?[A-Za-z0-9][\w-]*)', line.split('   ')[0])]
    assert len(found) >= 40 and '--only-visible' in found and '-ov' in found
    return found


def needs(program: str) -> str:
    path = shutil.which(program)
    if not path:
        pytest.skip(f'{program} is not installed')
    return path


@pytest.mark.parametrize(('shell', 'file'), [('bash', BASH), ('zsh', ZSH), ('fish', FISH)])
def test_shell_accepts_its_completions(shell, file):
    done = run(needs(shell), '-n', str(paths.built(file)))
    assert (done.returncode, done.stderr) == (0, '')


def is_named(file: str, name: str, text: str) -> bool:
    if file == FISH:
        dashes = '-l' if name.startswith('--') else '-s' if len(name) == 2 else '-o'
        return re.search(rf'^complete .*{dashes} {re.escape(name.lstrip("-"))} ', text, re.MULTILINE) is not None
    if file == ZSH:
        return f'){name}[' in text or f'){name}=-[' in text
    if file == MAN:
        return '\\fB' + name.replace('-', '\\-') + '\\fR' in text
    return re.search(rf"[ ']{re.escape(name)}[ ']", text) is not None


@pytest.mark.parametrize('file', [BASH, ZSH, FISH, MAN])
def test_every_option_is_named(file):
    text = paths.built(file).read_text()
    assert [name for name in names() if not is_named(file, name, text)] == []


def bash_complete(*words: str) -> list[str]:
    """What bash would offer for the last of the words."""
    script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { :; }; _nvitop; ' \
             'printf "%s\\n" "${COMPREPLY[@]}"'
    done = run(needs('bash'), '-c', script, 'bash', str(paths.built(BASH)), *words)
    assert done.stderr == ''
    return done.stdout.split()


def test_bash_offers_options_and_values():
    assert bash_complete('nvitop', '--on') == ['--once', '--only', '--only-visible', '--only-compute',
                                               '--only-graphics']
    assert bash_complete('nvitop', '-m', 'c') == ['compact']
    assert bash_complete('nvitop', '--monitor', '=', 'f') == ['full']
    assert bash_complete('nvitop', '--monitor', '=') == ['auto', 'full', 'compact', 'dense']
    assert set(bash_complete('nvitop', '-m', '')) > {'auto', 'dense', '--once'}
    assert bash_complete('nvitop', '-m', 'full', '') == sorted(set(names()), key=names().index)
    assert bash_complete('nvitop', '--interval', '') == []
    assert bash_complete('nvitop', '--json', '=') == ['pretty']
    assert 'pretty' not in bash_complete('nvitop', '--json', '') and '--once' in bash_complete('nvitop', '--json', '')
    assert bash_complete('nvitop', '--gpu-util-thresh', '1', '') == []
    assert '--once' in bash_complete('nvitop', '--gpu-util-thresh', '1', '2', '')
    assert '1' in bash_complete('nvitop', '-p', '1')
    assert 'root' in bash_complete('nvitop', '-u', 'nobody', 'ro')


def fish_complete(line: str) -> list[str]:
    script = f'source {paths.built(FISH)}; complete -C {line!r}'
    done = run(needs('fish'), '-c', script)
    assert done.stderr == ''
    return [row.split('\t')[0] for row in done.stdout.splitlines()]


def test_fish_offers_options_and_values(tmp_path, monkeypatch):
    monkeypatch.setenv('HOME', str(tmp_path))
    assert '--only-visible' in fish_complete('nvitop --only')
    assert fish_complete('nvitop -m c') == ['compact']
    assert fish_complete('nvitop --monitor=f') == ['--monitor=full']
    assert fish_complete('nvitop --json=p') == ['--json=pretty']
    assert 'pretty' not in fish_complete('nvitop --json ')


def test_fish_offers_files_where_a_file_is_meant_only(tmp_path, monkeypatch):
    monkeypatch.setenv('HOME', str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('PATH', str(paths.nvitop().parent), prepend=':')
    (tmp_path / 'afile').touch()
    for line in ('nvitop -o ', 'nvitop --only ', 'nvitop --interval ', 'nvitop --gpu-util-thresh ', 'nvitop -u ', 'nvitop '):
        assert 'afile' not in fish_complete(line), line
    assert 'afile' in fish_complete('nvitop --nvml ')
    assert 'afile' in fish_complete('nvitop --demo ')


def test_manual_has_no_fault():
    page = str(paths.built(MAN))
    done = run(needs('mandoc'), '-Tlint', '-W', 'warning', page)
    assert (done.returncode, done.stdout) == (0, '')


def test_manual_is_readable():
    text = run(needs('mandoc'), '-Tutf8', str(paths.built(MAN))).stdout
    plain = re.sub('.\b', '', text)
    for part in ('NAME', 'SYNOPSIS', 'OPTIONS', 'CONFIGURATION', 'ENVIRONMENT', 'EXIT STATUS', 'EXAMPLES'):
        assert f'\n{part}\n' in plain
    for variable in ('NVITOP_MONITOR_ALWAYS', 'NVITOP_MONITOR_MODE', 'NVITOP_MONITOR_THEME', 'NVITOP_NVML',
                     'NVITOP_GPU_UTILIZATION_THRESHOLDS', 'NVITOP_MEMORY_UTILIZATION_THRESHOLDS', 'NVITOP_PROCFS'):
        assert variable in plain
    for key in ('mode', 'interval', 'ascii', 'light', 'colorful', 'gpu-util-thresh', 'mem-util-thresh', 'readonly',
                'no-mouse'):
        assert re.search(rf'^ +{key} = ', plain, re.MULTILINE), key
    assert '@' not in plain


def test_manual_names_the_display_modes_of_the_options():
    plain = re.sub('.\b', '', run(needs('mandoc'), '-Tutf8', str(paths.built(MAN))).stdout)
    modes = re.search(r'--monitor \[\{([\w,]+)\}\]', plain).group(1).split(',')
    assert modes == bash_complete('nvitop', '--monitor', '=')
    values = re.search(r'NVITOP_MONITOR_MODE\n.*?Values: a comma list of (.*?);', plain, re.DOTALL).group(1)
    assert re.split(r',\s+', values) == modes


def manual_keys() -> set[str]:
    """Names of keys that the manual has from the key table."""
    section = paths.built(MAN).read_text().split('.SH KEYS\n')[1].split('.SS Mouse')[0]
    rows = re.findall(r'^\.TP\n(.*)$', section, re.MULTILINE)
    return {name.replace('\\-', '-').replace('\\e', '\\')
            for row in rows for name in re.findall(r'\\fB(.*?)\\fR', row)}


def test_keys_of_the_readme_are_those_of_the_program():
    table = (paths.ROOT / 'README.md').read_text().split('<!-- table: keys -->\n')[1].split('\n\n')[0]
    named = {name for line in table.split('\n')[2:] for name in re.findall('`(.+?)`', line.split('|')[1])}
    assert len(named) > 60
    assert named == manual_keys()


def test_manual_names_every_variable_that_is_read():
    sources = [*(paths.ROOT / 'src').rglob('*.c'), *(paths.ROOT / 'sim').glob('launcher*.c')]
    read = {name for path in sources for name in re.findall(r'(?:getenv|options_variable)\((?:run, )?"(\w+)"', path.read_text())}
    assert {'COLUMNS', 'TMPDIR', 'XDG_CONFIG_HOME', 'CUDA_DEVICE_ORDER'} <= read
    page = paths.built(MAN).read_text()
    inner = {'NVITOP_DEMO_ACTIVE', 'LD_LIBRARY_PATH', 'WSL_DISTRO_NAME'}  # set by programs, not by people
    assert [name for name in sorted(read - inner) if name not in page] == []


def test_options_of_the_monitor_are_told_apart():
    page = run(str(paths.nvitop()), '--help', env=term.clean_env({'COLUMNS': '300'})).stdout
    found = re.findall(r'^ +(--[\w-]+).*?\n?  +Monitor only', page, re.MULTILINE)
    assert found == ['--readonly', '--no-mouse', '--no-host', '--pcie', '--light']
