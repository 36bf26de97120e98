"""What the build makes of the option table: the manual page and the completions of four shells."""

from __future__ import annotations

import re

import pytest

from support import docs, paths, term

NVITOP = docs.Docs('nvitop')
MAN = NVITOP.man
bash_complete, fish_complete = NVITOP.bash_complete, NVITOP.fish_complete


def names() -> list[str]:
    found = NVITOP.names()
    assert len(found) >= 40 and '--only-visible' in found and '-ov' in found
    return found


def test_shells_accept_their_completions():
    assert NVITOP.refused() == []


@pytest.mark.parametrize('file', NVITOP.files, ids=lambda file: file.name)
def test_every_option_is_named(file):
    assert [name for name in names() if not NVITOP.has(file, name)] == []


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
    assert bash_complete('nvitop', '--query', 'process.ho') == ['process.host_memory', 'process.host_memory_percent']
    assert bash_complete('nvitop', '--query', 'name', 'pcie_t') == ['pcie_tx_throughput']
    assert 'pretty' not in bash_complete('nvitop', '--json', '') and '--once' in bash_complete('nvitop', '--json', '')
    assert bash_complete('nvitop', '--gpu-util-thresh', '1', '') == []
    assert '--once' in bash_complete('nvitop', '--gpu-util-thresh', '1', '2', '')
    assert '1' in bash_complete('nvitop', '-p', '1')
    assert 'root' in bash_complete('nvitop', '-u', 'nobody', 'ro')


def test_fish_offers_options_and_values(tmp_path, monkeypatch):
    monkeypatch.setenv('HOME', str(tmp_path))
    assert '--only-visible' in fish_complete('nvitop --only')
    assert fish_complete('nvitop -m c') == ['compact']
    assert fish_complete('nvitop --monitor=f') == ['--monitor=full']
    assert fish_complete('nvitop --json=p') == ['--json=pretty']
    assert fish_complete('nvitop --query process.host_memory_') == ['process.host_memory_percent']
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


@pytest.mark.parametrize('program', ['nvitop', 'nvisel', 'nvitop-exporter'])
def test_powershell_is_well_formed(program):
    made = docs.Docs(program)
    assert made.powershell_faults() == []
    rows = made.powershell_rows()
    named = [name.strip("'") for row in rows for name in row[0].split(', ')]
    assert sorted(named) == sorted(made.names())
    assert all(row[5] for row in rows), 'PowerShell takes no empty text for a help'
    assert f"-CommandName '{program}'" in made.powershell.read_text()


def test_powershell_knows_values():
    rows = {name.strip("'"): row for row in NVITOP.powershell_rows() for name in row[0].split(', ')}
    assert rows['--monitor'][1:5] == ('1', 'false', '', 'auto full compact dense')
    assert rows['--gpu-util-thresh'][1:5] == ('2', 'true', '', '')
    assert rows['--json'][1:5] == ('0', 'false', '', 'pretty')
    assert rows['--nvml'][1:5] == ('1', 'true', 'file', '')
    assert rows['--user'][1:5] == ('999', 'false', 'user', '')
    assert "driver''s" in NVITOP.powershell.read_text()


def test_manual_has_no_fault():
    assert NVITOP.faults() == ''


def test_manual_is_readable():
    plain = NVITOP.plain()
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
    plain = NVITOP.plain()
    modes = re.search(r'--monitor \[\{([\w,]+)\}\]', plain).group(1).split(',')
    assert modes == bash_complete('nvitop', '--monitor', '=')
    values = re.search(r'NVITOP_MONITOR_MODE\n.*?Values: a comma list of (.*?);', plain, re.DOTALL).group(1)
    assert re.split(r',\s+', values) == modes


def manual_keys() -> set[str]:
    """Names of keys that the manual has from the key table."""
    section = MAN.read_text().split('.SH KEYS\n')[1].split('.SS Mouse')[0]
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
    read = {name for path in sources for name in re.findall(r'(?:environment_get|options_variable)\((?:run, )?"(\w+)"', path.read_text())}
    assert {'COLUMNS', 'TMPDIR', 'XDG_CONFIG_HOME', 'CUDA_DEVICE_ORDER'} <= read
    page = MAN.read_text()
    inner = {'NVITOP_DEMO_ACTIVE', 'NVITOP_SIM', 'NVITOP_SIM_START', 'LD_LIBRARY_PATH', 'WSL_DISTRO_NAME',  # set by programs, not by people
             'SystemRoot', 'USERPROFILE'}  # and by Windows
    assert [name for name in sorted(read - inner) if name not in page] == []


def test_options_of_the_monitor_are_told_apart():
    page = NVITOP.help()
    found = re.findall(r'^ +(--[\w-]+).*?\n?  +Monitor only', page, re.MULTILINE)
    assert found == ['--readonly', '--no-mouse', '--no-host', '--pcie', '--light']
