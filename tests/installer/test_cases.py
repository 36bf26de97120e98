"""How the cases of the installer are written anew."""

from __future__ import annotations

import cases
import pytest

OTHERS = """# What it is about.

== stands as it is, though nothing of it is true
machine:   system ubuntu
run: --latest
status: 7

"""
ASKED = """== another distribution
machine: system fedora
run: --latest --yes
"""
OUTCOME = """status: 3
! install-nvidia-driver: this is Fedora Linux 40: expected Ubuntu or Debian; nothing was changed
"""
REST = """
== stands without an outcome
machine:
run:
"""


def test_one_case_is_written_anew_and_the_others_are_left(tmp_path):
    path = tmp_path / 'some.case'
    path.write_text(OTHERS + ASKED + REST)
    cases.write_cases(path, ['another distribution'])
    assert path.read_text() == OTHERS + ASKED + OUTCOME + REST


def test_without_titles_all_are_written_anew(tmp_path):
    path = tmp_path / 'some.case'
    path.write_text(OTHERS + ASKED + REST)
    cases.write_cases(path, [])
    assert 'status: 7' not in path.read_text() and path.read_text().count('\nstatus: ') == 3


def test_title_that_no_case_has_changes_nothing(tmp_path):
    path = tmp_path / 'some.case'
    path.write_text(OTHERS + ASKED + REST)
    with pytest.raises(SystemExit, match="no case of .* is called 'elsewhere'"):
        cases.write_cases(path, ['another distribution', 'elsewhere'])
    assert path.read_text() == OTHERS + ASKED + REST
