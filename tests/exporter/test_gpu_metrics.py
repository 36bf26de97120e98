"""Families of one GPU's health over scenarios of their own: what a board tells of itself, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from test_metrics import of_family, samples

BOARD = '''
[system]
clock = 0
[device 0]
vbios = 96.00.5E.00.01
part_number = 900-2G133-0000-000
serial = 1234567890123
ecc_errors = 2
ecc_errors_ever = 7
ecc_corrected = 30
ecc_corrected_ever = 400
pcie_replays = 11
retired_sbe = NOT_SUPPORTED
remapped_cor = 3
remapped_unc = 1
remapped_pending = 1
remapped_failure = 0
violation_power = 12500
violation_thermal = 250
violation_reliability = NOT_SUPPORTED
[device 1]
vbios = NOT_SUPPORTED
pcie_replays = NOT_SUPPORTED
retired_sbe = 5
retired_dbe = 2
retired_pending = 0
error.nvmlDeviceGetTotalEccErrors = NOT_SUPPORTED
'''


@pytest.fixture
def board(exporter, tmp_path: Path):
    """The exposition of a scenario's text, once all slow questions were asked."""
    def read(text: str) -> str:
        path = tmp_path / 'board.ini'
        path.write_text(text)
        with exporter(str(path)) as found:
            return found.metrics()
    return read


def by_label(text: str, name: str, gpu: int, *labels: str) -> dict[tuple[str, ...], float]:
    """A family of one GPU, by the values of these labels."""
    def value(key: str, label: str) -> str:
        return re.search(rf'[{{,]{label}="([^"]*)"', key)[1]
    return {tuple(value(key, label) for label in labels): number for key, number in of_family(text, name).items()
            if value(key, 'gpu') == str(gpu)}


def test_a_board_tells_what_it_is(board):
    text = board(BOARD)
    first, second = sorted(of_family(text, 'nvitop_gpu_info'))
    assert 'vbios_version="96.00.5E.00.01"' in first and 'board_part_number="900-2G133-0000-000"' in first
    assert 'vbios_version' not in second and 'board_part_number' not in second


def test_errors_of_the_memory_by_type_and_scope(board):
    text = board(BOARD)
    assert by_label(text, 'nvitop_gpu_ecc_errors_total', 0, 'type', 'scope') == {
        ('uncorrected', 'volatile'): 2, ('uncorrected', 'aggregate'): 7,
        ('corrected', 'volatile'): 30, ('corrected', 'aggregate'): 400,
    }
    assert not by_label(text, 'nvitop_gpu_ecc_errors_total', 1, 'type')


def test_rows_and_pages_that_were_replaced(board):
    text = board(BOARD)
    assert by_label(text, 'nvitop_gpu_remapped_rows_total', 0, 'type') == {('correctable',): 3, ('uncorrectable',): 1}
    assert by_label(text, 'nvitop_gpu_remapped_rows_pending', 0) == {(): 1}
    assert by_label(text, 'nvitop_gpu_remapped_rows_failure', 0) == {(): 0}
    assert not by_label(text, 'nvitop_gpu_retired_pages_total', 0)
    assert by_label(text, 'nvitop_gpu_retired_pages_total', 1, 'cause') == {('single_bit',): 5, ('double_bit',): 2}
    assert by_label(text, 'nvitop_gpu_retired_pages_pending', 1) == {(): 0}
    assert not by_label(text, 'nvitop_gpu_remapped_rows_total', 1)


def test_replays_and_the_time_clocks_were_held_down(board):
    text = board(BOARD)
    assert by_label(text, 'nvitop_gpu_pcie_replays_total', 0) == {(): 11}
    assert not by_label(text, 'nvitop_gpu_pcie_replays_total', 1)
    held = by_label(text, 'nvitop_gpu_violation_seconds_total', 0, 'cause')
    assert held == {('power',): 12.5, ('thermal',): 0.25, **{(cause,): 0 for cause in (
        'sync_boost', 'board_limit', 'low_utilization', 'total_app_clocks', 'total_base_clocks')}}


def test_a_driver_without_these_tells_none_of_them(board):
    """What a driver has not is no series, and never 0."""
    text = board(BOARD.replace('[system]', '[system]\nhide = nvmlDeviceGetFieldValues nvmlDeviceGetTotalEccErrors '
                                           'nvmlDeviceGetVbiosVersion nvmlDeviceGetBoardPartNumber'))
    assert 'vbios_version' not in text and 'board_part_number' not in text
    absent = 'ecc_errors|remapped|retired|pcie_replays|violation'
    assert not [key for key in samples(text) if re.match(rf'nvitop_gpu_({absent})', key)]
