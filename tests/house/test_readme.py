"""README.md against the program: the table of options, the examples' commands, the screens."""

import re
import subprocess

import pytest
import scan
from support import paths

README = (scan.ROOT / "README.md").read_text(encoding="utf-8")
OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*|-[A-Za-z0-9]{1,2})(?![\w-])")


def program(*arguments):
    return subprocess.run([paths.nvitop(), *arguments], capture_output=True, text=True,
                          env={"PATH": "/usr/bin:/bin", "COLUMNS": "200"}, timeout=30, check=True).stdout


def options_of_help():
    """The names in front of each option's sentence."""
    names = set()
    for line in program("--help").split("\n"):
        head = re.match(r"^  (-\S.*?)(?:   *|$)", line)
        if head:
            names |= set(OPTION.findall(head.group(1)))
    return names


def options_of_readme():
    table = README.split("<!-- table: options -->\n")[1].split("\n\n")[0]
    return {name for line in table.split("\n")[2:] for name in OPTION.findall(line.split("|")[1])}


def test_table_of_options_is_the_programs():
    assert len(options_of_help()) >= 40
    assert options_of_readme() == options_of_help()


def test_columns_that_can_be_hidden_are_the_programs():
    told = re.search(r"--hide-columns NAME \[NAME \.\.\.\]\n +.*: (.*)\.\n", program("--help")).group(1)
    row = re.search(r"^\| `--hide-columns NAME …` \|.*: (.*) \|$", README, re.MULTILINE).group(1)
    assert len(told.split(", ")) >= 8
    assert row.replace("`", "") == told


def test_variables_are_those_of_the_manual():
    tables = ("variables_nvitop.c", "option_source.h")
    table = "".join((scan.ROOT / "src/cmd" / name).read_text(encoding="utf-8") for name in tables)
    known = set(re.findall(r'^ +\{ "(\w+)"', table, re.MULTILINE))
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert {name for name in named if name.startswith("NVITOP_")} <= known
    assert {name for name in known if name.startswith("NVITOP_")} <= named


def screens():
    return re.findall(r"<!-- screen: (.*?) -->\n```text\n(.*?)```", README, re.DOTALL)


def test_screens_are_filled():
    assert len(screens()) >= 2
    for command, text in screens():
        assert text.count("\n") >= 5, f"run ./dev pictures: {command}"


@pytest.mark.parametrize("number", range(len(screens())))
def test_screens_fit_the_page(number):
    command, text = screens()[number]
    assert max(map(len, text.split("\n"))) <= 120, command
