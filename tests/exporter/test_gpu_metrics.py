"""Families of one GPU's health over scenarios of their own: what a board tells of itself, and nothing else."""

from __future__ import annotations

import contextlib
import re
import time
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


LINKS = '''
[device 0]
nvlink_count = 3
nvlink_tx = 90000
nvlink_rx = 30000
[device 1]
nvlink_count = 3
nvlink_tx = 500
nvlink_rx = 500
nvlink_each = no
[device 2]
'''
SILENT_LINKS = LINKS + '''
[device 0]
error.nvmlDeviceGetFieldValues = UNKNOWN after 12
'''
LINK_BYTES = 'nvitop_gpu_nvlink_bytes_total'


@pytest.fixture
def linked(exporter, tmp_path: Path):
    """An exporter over a scenario's text that has told of NVLinks."""
    @contextlib.contextmanager
    def run(text: str):
        path = tmp_path / 'links.ini'
        path.write_text(text)
        with exporter(str(path)) as found:
            found.wait_until(lambda: by_label(found.metrics(), LINK_BYTES, 0, 'link') and
                             by_label(found.metrics(), LINK_BYTES, 1, 'link'), 'the links were never told')
            yield found
    return run


def test_each_nvlink_or_their_sum_but_never_both(linked):
    with linked(LINKS) as found:
        text = found.metrics()
    each = by_label(text, LINK_BYTES, 0, 'link', 'direction')
    assert set(each) == {(link, way) for link in '012' for way in ('tx', 'rx')}
    assert each['2', 'tx'] > each['1', 'tx'] > each['0', 'tx'] > 0
    assert each['2', 'tx'] > each['2', 'rx'] > 0
    assert set(by_label(text, LINK_BYTES, 1, 'link', 'direction')) == {('all', 'tx'), ('all', 'rx')}
    assert not by_label(text, LINK_BYTES, 2, 'link')


def test_links_that_fall_silent_are_not_replaced_by_a_sum(linked):
    with linked(SILENT_LINKS) as found:
        found.wait_until(lambda: not by_label(found.metrics(), LINK_BYTES, 0, 'link'), 'they never fell silent')
        assert set(by_label(found.metrics(), LINK_BYTES, 1, 'link')) == {('all',)}
        assert by_label(found.metrics(), 'nvitop_gpu_up', 0) == {(): 1}


ERRORS = '''
[device 0]
xid = steps 79@0 13@0.5 13@1
[device 1]
[device 2]
xid = steps 48@0
error.nvmlDeviceRegisterEvents = NOT_SUPPORTED
'''
XIDS = 'nvitop_gpu_xid_errors_total'


def test_critical_errors_are_counted_by_their_number(exporter, tmp_path: Path):
    path = tmp_path / 'xids.ini'
    path.write_text(ERRORS)
    began = time.time()
    with exporter(str(path)) as found:
        found.wait_until(lambda: by_label(found.metrics(), XIDS, 0, 'xid').get(('13',)) == 2, 'they never came')
        text = found.metrics()
    assert by_label(text, XIDS, 0, 'xid') == {('79',): 1, ('13',): 2}
    assert not by_label(text, XIDS, 1, 'xid') and not by_label(text, XIDS, 2, 'xid')
    assert began <= by_label(text, 'nvitop_gpu_xid_last_timestamp_seconds', 0)[()] <= time.time()
    assert not by_label(text, 'nvitop_gpu_xid_last_timestamp_seconds', 1)


def test_a_driver_without_events_tells_of_none(board):
    text = board(ERRORS + '[system]\nhide = nvmlEventSet*\n')
    assert XIDS + '{' not in text and sum(of_family(text, 'nvitop_gpu_up').values()) == 3


COUNTERS = '''
[device 0]
arch = 9
sm_active = 62.5
tensor_active = 40
dram_active = NOT_SUPPORTED
[device 1]
arch = 8
sm_active = 10
'''


def test_performance_counters_where_a_gpu_has_them(exporter, tmp_path: Path):
    path = tmp_path / 'counters.ini'
    path.write_text(COUNTERS)
    with exporter(str(path)) as found:
        found.wait_until(lambda: of_family(found.metrics(), 'nvitop_gpu_sm_active_ratio'), 'no second sample came')
        text = found.metrics()
    assert by_label(text, 'nvitop_gpu_sm_active_ratio', 0) == {(): 0.625}
    assert by_label(text, 'nvitop_gpu_tensor_active_ratio', 0) == {(): 0.4}
    assert not of_family(text, 'nvitop_gpu_dram_active_ratio')
    assert not by_label(text, 'nvitop_gpu_sm_active_ratio', 1)
