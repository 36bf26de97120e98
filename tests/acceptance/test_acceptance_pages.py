"""Cases 39 and 40, and the other screens beside the main one: typed on a terminal."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from support import paths, sim
from support.tty import Tty

ONE = '[device 0]\nname = NVIDIA Card\nmem_total = 16GiB\n[process P]\nmem = 1GiB\nsm = 40\ncommand = train\n'


class Monitor(Tty):
    """nvitop over a scenario; settings go to a folder of the test."""

    def __init__(self, running: sim.Sim, folder: Path, *args: str, rows: int = 40, columns: int = 100):
        super().__init__([paths.nvitop(), '-m', *args], rows, columns,
                         {**running.env, 'XDG_CONFIG_HOME': str(folder)})
        self.wait_text(r'^│ +\d+ +\d+ [CGX] ')

    def wait_row(self, row: int, pattern: str) -> re.Match:
        """Until that row matches from its beginning."""
        return self.wait_for(lambda tty: re.match(pattern, tty.lines()[row]), f'row {row}: {pattern}')

    def wait_style(self, row: int, colour: str):
        """Until that row is reversed, in that colour."""
        def is_so(tty):
            cell = tty.screen.buffer[row][0]
            return cell.reverse and cell.fg == colour
        self.wait_for(is_so, f'row {row} reversed, {colour}')


@pytest.fixture
def monitor(fixture_a, tmp_path):
    with Monitor(fixture_a, tmp_path) as running:
        yield running


def test_case_39_every_screen_leads_back_where_it_was_opened(monitor, fixture_a):
    monitor.type('t')
    monitor.wait_row(0, r' *PID  USER +DEVICE  NLWP  %CPU  %MEM +TIME  COMMAND')
    monitor.wait_row(1, r' *\d+ ')
    both = [line for line in monitor.lines() if f' {fixture_a.pids["P2"]} ' in f' {line}']
    assert len(both) == 1 and 'GPU 0,1' in both[0]
    monitor.type('Down')
    monitor.wait_style(1, 'green')
    first = monitor.wait_row(1, r' *(\d+)  (\S+) +Host ')
    monitor.type('e')
    monitor.wait_row(0, rf'Environment of process {first[1]} \({first[2]}@Host\): ')
    monitor.type('h')
    monitor.wait_text('Ctrl-C I')
    monitor.type('x')
    monitor.wait_row(0, 'Environment of process')
    monitor.type('q')
    monitor.wait_row(0, r' *PID  USER')
    monitor.wait_style(1, 'green')
    monitor.type('q')
    monitor.wait_text('Processes:')
    monitor.type('q')
    assert monitor.finish() == 0


def test_case_39_typed_ahead(monitor):
    monitor.type('t', 'Down', 'e')
    monitor.wait_row(0, r'Environment of process \d+ \(\S+@Host\): ')
    monitor.type('q', 'q', 'q')
    assert monitor.finish() == 0


def test_case_40_graphs_of_the_selected_process(fixture_a, tmp_path):
    with Monitor(fixture_a, tmp_path, rows=40, columns=120) as monitor:
        monitor.type('Down', 'Enter')
        monitor.wait_row(1, '│ Process:')
        monitor.wait_row(5, r'╞═+╤═+╡$')
        monitor.wait_row(6, r'│ MAX CPU: [\d.]+% ')
        assert re.match(rf'│ +0 +{fixture_a.pids["P1"]} C root +1031MiB +5 +3 ', monitor.lines()[4])
        monitor.type('e')
        monitor.wait_row(0, rf'Environment of process {fixture_a.pids["P1"]} \(root@GPU: Compute\): ')
        monitor.type('q')
        monitor.wait_row(1, '│ Process:')
        monitor.type('Enter')
        monitor.wait_text('Processes:')
        monitor.type('q')
        assert monitor.finish() == 0


def test_the_process_of_the_graphs_ends(tmp_path):
    scenario = tmp_path / 'one.ini'
    scenario.write_text(ONE)
    with sim.scenario(scenario) as running, Monitor(running, tmp_path) as monitor:
        monitor.type('Down', 'Enter')
        monitor.wait_row(7, r'│ +CPU: ')
        os.kill(running.pids['P'], signal.SIGKILL)
        monitor.wait_row(1, '│ Process: No Such Process ')
        monitor.wait_row(4, rf'│ +0 +{running.pids["P"]} C \S+ +1024MiB +40 .* No Such Process ')
        monitor.type('e')  # nobody else's environment
        monitor.type('q')
        monitor.wait_text('Processes:')
        monitor.type('q')
        assert monitor.finish() == 0


def test_the_tree_hands_the_selection_back(monitor, fixture_a):
    monitor.type('t')
    pid = fixture_a.pids['P1']
    row = monitor.wait_for(lambda tty: [y for y, line in enumerate(tty.lines()) if line.lstrip().startswith(f'{pid} ')], 'P1')[0]
    monitor.type(*['Down'] * row)
    monitor.wait_style(row, 'green')
    monitor.type('t')
    selected = monitor.wait_for(lambda tty: max(0, tty.reversed_row()), 'the selection')
    assert f' {pid} C ' in monitor.lines()[selected]


def test_no_graphs_without_a_selection(monitor):
    monitor.type('Enter', 'h')
    monitor.wait_text('Ctrl-C I')
    assert '│ Process:' not in monitor.text()


def test_own_environment_without_a_selection(monitor, fixture_a):
    monitor.type('e')
    monitor.wait_row(0, r'Environment of process \d+ \(root@Host\): nvitop')
    monitor.wait_text(f'^NVITOP_SIM_PIDS={re.escape(fixture_a.env["NVITOP_SIM_PIDS"])}$')


def test_why_a_value_is_not_available(monitor):
    monitor.type('w', 'Right')
    monitor.wait_row(0, r' GPU 1: NVIDIA A100')
    monitor.wait_text(r'^ serial +N/A \(not supported; NVML code 3\)')
    monitor.type('End')
    monitor.wait_text(r'^ remapped_rows_failure +N/A \(not supported; NVML code 3\)')


def test_settings_act_at_once_and_are_remembered(fixture_a, tmp_path):
    with Monitor(fixture_a, tmp_path) as monitor:
        monitor.wait_text('Load Average')
        monitor.type('F2')
        monitor.wait_row(2, ' +Display mode: auto')
        monitor.type('Down', 'Space', *['Down'] * 6, 'Space', 'Esc')
        monitor.wait_for(lambda tty: 'Processes:' in tty.text(), 'the main screen')
        assert 'Load Average' not in monitor.text()
        assert '%GMBW' not in monitor.text() and '%SM' in monitor.text()
        monitor.type('q')
        assert monitor.finish() == 0
    with Monitor(fixture_a, tmp_path) as monitor:
        assert 'Load Average' not in monitor.text()
        assert '%GMBW' not in monitor.text() and '%SM' in monitor.text()
        monitor.type('q')
        assert monitor.finish() == 0
