"""The hard rules of the house: what no file of ours may hold, and what each must."""

import re

import pytest
import scan

TEXT_ENDINGS = {".c", ".h", ".cpp", ".py", ".md", ".build", ".txt", ".ini", ".case", ".in", ".toml", ".yml", ".sh", ""}
# Written in two halves, so that this file keeps its own rules.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "W" + "IP"]) + r")\b")
WORKPLACE = re.compile("|".join(["/wo" + "rk/", r"\.\./sha" + "red", "/opt/py" + "pi", "/tmp" + "/b-",
                                 "pypi" + r"\.org", "files.python" + "hosted", r"deb\.deb" + r"ian\.org"]))
PAUSE = re.compile(r"(?<![\w.])(?:time\.|asyncio\.)?(?:u|nano)?sle" + r"ep\s*\(")


def name_of(path):
    return path.relative_to(scan.ROOT).as_posix()


def texts(*folders, endings=TEXT_ENDINGS):
    """(name, text) of our text files; all of them, or those of some top folders."""
    for path in scan.project_files():
        if path.suffix not in endings or (folders and path.relative_to(scan.ROOT).parts[0] not in folders):
            continue
        try:
            yield name_of(path), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # data of a test: bytes on purpose


def hits(pattern, *folders, endings=TEXT_ENDINGS):
    return [f"{name}:{number}: {line.strip()[:100]}"
            for name, text in texts(*folders, endings=endings)
            for number, line in enumerate(text.split("\n"), 1) if pattern.search(line)]


def test_files_are_seen():
    assert len(list(texts())) > 100


def test_no_pause_stands_for_an_event():
    assert hits(PAUSE, "tests", endings={".c", ".h", ".py"}) == []


def test_nothing_is_marked_as_unfinished():
    assert hits(UNFINISHED) == []


def test_nothing_names_a_workplace_or_a_package_host():
    assert hits(WORKPLACE) == []


def test_every_c_file_says_what_it_promises():
    silent = [name for name, text in texts("src", "sim", "include", "bench", "examples", endings={".c", ".h", ".cpp"})
              if not text.startswith("/*")]
    assert silent == []


def test_every_python_file_says_what_it_is_for():
    silent = [name for name, text in texts(endings={".py"})
              if text.strip() and not re.match(r'(#!.*\n)?(#.*\n)*(r?"""|\'\'\')', text)]
    assert silent == []


def test_text_files_are_clean():
    faults = []
    for name, text in texts(endings={".c", ".h", ".cpp", ".py", ".md", ".build"}):
        if text and not text.endswith("\n"):
            faults.append(f"{name}: no line end at the end of the file")
        if "\r" in text:
            faults.append(f"{name}: a carriage return")
        if "\t" in text:
            faults.append(f"{name}: a tab")
        if re.search(r"[ \t]+$", text, re.MULTILINE):
            faults.append(f"{name}: blanks at a line's end")
    assert faults == []


def prose_lines(text):
    """Markdown lines that are prose: no code, no table, no heading."""
    is_code = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("```"):
            is_code = not is_code
        elif not is_code and not line.startswith(("    ", "|", "#")):
            yield number, line


def two_sentences(line):
    bare = re.sub(r"`[^`]*`", "x", re.sub(r"^\s*(?:\d+\.|[-*]) ", "", line))
    return re.search(r"[\w)*\"][.!?] +[A-Z]", bare) is not None


def test_markdown_has_one_sentence_per_line():
    found = [f"{name}:{number}: {line[:90]}" for name, text in texts(endings={".md"})
             for number, line in prose_lines(text) if two_sentences(line)]
    assert found == []


def test_dependencies_are_documented():
    page = (scan.ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    wanted = set()
    for name, text in texts(endings={".build"}):
        wanted |= set(re.findall(r"dependency\('([^']+)'", text))
    for line in (scan.ROOT / "dev").read_text(encoding="utf-8").split("\n"):
        row = re.match(r"^(\S+) +(command|library|header|file|runtime|debug|venv) \S+$", line)
        if row:
            wanted.add(row.group(1))
    for path in (scan.ROOT / "tests").glob("requirements-*.txt"):
        wanted |= set(path.read_text(encoding="utf-8").split())
    assert len(wanted) > 20
    missing = sorted(name for name in wanted if f"`{name}`" not in page)
    assert missing == []


@pytest.mark.parametrize("line", ["    time.sle" "ep(0.1)", "sle" "ep (1);", "  usle" "ep(10);", "nanosle" "ep(&t, 0);"])
def test_pause_rule_sees(line):
    assert PAUSE.search(line)


@pytest.mark.parametrize("line", ["no_sle" "ep(1)", '["sleep", "60"]', "sleeper(1)", "x.sle" "ep(2)"])
def test_pause_rule_lets_be(line):
    assert not PAUSE.search(line)


@pytest.mark.parametrize("word", ["TO" "DO", "FIX" "ME: later"])
def test_unfinished_rule_sees(word):
    assert UNFINISHED.search("/* " + word + " */")


@pytest.mark.parametrize("line,expected", [
    ("One sentence. Another one.", True), ("A question? Yes.", True), ("Only one, e.g. this.", False),
    ("1. One point of a list.", False), ("- A point. And more.", True), ("Code such as `a. B` counts as a word.", False), ("Version 1.0 is one.", False)])
def test_sentence_rule(line, expected):
    assert two_sentences(line) is expected
