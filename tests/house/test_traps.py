"""Every trap that the program promises to step around has a test that bears its number, and a
guarding line whose loss that test would notice."""

import configparser
import re

import pytest
import scan

PAGE = (scan.ROOT / "docs/differences.md").read_text(encoding="utf-8")
TRAPS = [int(number) for number in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)]
FAULTS = set(re.findall(r"^\| (D\d+) \|", PAGE, re.MULTILINE))
IN_C = re.compile(r"^static void (\w*trap_?\d+\w*)\(", re.MULTILINE)
IN_PYTHON = re.compile(r"^ *def (test_\w*trap_?\d+\w*)\(", re.MULTILINE)
NUMBER = re.compile(r"trap_?0*(\d+)")


def traps_with_tests():
    """Trap number → names of its tests."""
    found = {}
    for path in scan.project_files():
        pattern = {".c": IN_C, ".py": IN_PYTHON}.get(path.suffix)
        if pattern and path.relative_to(scan.ROOT).parts[0] == "tests":
            for name in pattern.findall(path.read_text(encoding="utf-8")):
                found.setdefault(int(NUMBER.search(name).group(1)), []).append(name)
    return found


def traps_with_mutations():
    text = (scan.ROOT / "tests/MUTATIONS").read_text(encoding="utf-8")
    return {int(number) for number in re.findall(r"^\[trap (\d+)", text, re.MULTILINE)}


def test_every_number_stands_on_the_page():
    assert len(TRAPS) > 40 and len(FAULTS) >= 20
    assert set(traps_with_tests()) | traps_with_mutations() == set(TRAPS)
    named = set()
    for path in (scan.ROOT / "tests").rglob("*"):
        if path.suffix in {".py", ".case"} or path.name == "MUTATIONS":
            text = path.read_text(encoding="utf-8")
            named |= {number.upper() for number in re.findall(r"\bD\d+\b|(?<=def test_)d\d+(?=_)", text)}
    assert len(named) > 10 and named <= FAULTS


@pytest.mark.parametrize("number", TRAPS)
def test_trap_has_a_test(number):
    assert traps_with_tests().get(number)


@pytest.mark.parametrize("number", TRAPS)
def test_trap_has_a_mutation(number):
    assert number in traps_with_mutations()


def test_what_a_mutation_takes_out_is_there_once():
    mutations = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    mutations.read(scan.ROOT / "tests/MUTATIONS", encoding="utf-8")
    wrong = [name for name in mutations.sections()
             if (scan.ROOT / mutations[name]["file"]).read_text(encoding="utf-8").count(mutations[name]["find"]) != 1]
    assert len(mutations.sections()) > 100 and not wrong
