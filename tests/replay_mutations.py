#!/usr/bin/env python3
"""Takes guarding lines out, one at a time, and sees that the trap's test then fails.

usage: tests/replay_mutations.py [--list] [WORD ...]

tests/MUTATIONS says what to take out: a section per mutation with `file`, `find` (text that
stands there exactly once), `put` (what replaces it) and `test` (`meson NAME`, `pytest NODE`, or
`python NODE` for the tests of the Python package: its Python files are the copy's, the rest is as it
was installed). Works in a copy of the checkout; with WORDs only the sections whose name has one of
them.
A mutation is killed if the program still builds and the test fails. Before the first one each
test must pass on the unchanged copy, else its failing would mean nothing.
"""
import argparse
import configparser
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "build-python" / "root" / "site"


def copy_checkout(to: Path) -> None:
    """The files git knows or would take, as they stand now."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT,
                            check=True, capture_output=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)


def build(tree: Path) -> bool:
    return subprocess.run(["ninja", "-C", str(tree / "build")], stdout=subprocess.DEVNULL,
                          check=False).returncode == 0


def install_package(tree: Path) -> None:
    """The package with the Python files of the copy; what is built of C comes from its installation."""
    shutil.copytree(PACKAGE, tree / "site", symlinks=True)
    shutil.copytree(tree / "python" / "nvitop", tree / "site" / "nvitop", dirs_exist_ok=True)


def put(tree: Path, name: str, text: str) -> None:
    """Writes a file of the copy, and of its package."""
    (tree / name).write_text(text)
    if name.startswith("python/"):
        (tree / "site" / Path(name).relative_to("python")).write_text(text)


def passes(tree: Path, test: str) -> bool:
    kind, name = test.split(maxsplit=1)
    env = dict(os.environ, NVITOP_BUILD=str(tree / "build"), NVITOP_PYTHON_SITE=str(tree / "site"),
               PYTHONDONTWRITEBYTECODE="1")
    pytest = ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *name.split()]
    command = {"meson": ["meson", "test", "-C", str(tree / "build"), "--no-rebuild", *name.split()],
               "pytest": [sys.executable, *pytest],
               "python": [str(ROOT / ".venv" / "python" / "bin" / "python"), *pytest]}[kind]
    return subprocess.run(command, cwd=tree, env=env, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode == 0


def replay(tree: Path, name: str, mutation: configparser.SectionProxy) -> str:
    """'' if the mutation was killed, else what is wrong."""
    whole = (tree / mutation["file"]).read_text()
    if whole.count(mutation["find"]) != 1:
        return f"`{mutation['find']}` stands {whole.count(mutation['find'])} times in {mutation['file']}"
    put(tree, mutation["file"], whole.replace(mutation["find"], mutation["put"]))
    try:
        if not build(tree):
            return "does not build"
        return "survived: " + mutation["test"] if passes(tree, mutation["test"]) else ""
    finally:
        put(tree, mutation["file"], whole)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", action="store_true", help="only name the mutations")
    parser.add_argument("words", nargs="*", metavar="WORD")
    args = parser.parse_args()
    table = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    table.read(ROOT / "tests" / "MUTATIONS")
    names = [n for n in table.sections() if not args.words or any(w in n for w in args.words)]
    if args.list:
        print("\n".join(names))
        return 0
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="nvitop-mutations-") as folder:
        tree = Path(folder)
        copy_checkout(tree)
        if any(table[n]["test"].startswith("python ") for n in names):
            install_package(tree)
        subprocess.run(["meson", "setup", str(tree / "build"), str(tree), "-Doptimization=0"],
                       check=True, stdout=subprocess.DEVNULL)
        if not build(tree):
            print("the unchanged checkout does not build")
            print("0 passed, 1 failed")
            return 1
        for test in sorted({table[n]["test"] for n in names}):
            if not passes(tree, test):
                print(f"FAILED {test}: fails without any mutation")
                failed += 1
        for name in names:
            wrong = replay(tree, name, table[name])
            failed, passed = failed + bool(wrong), passed + (not wrong)
            print(f"{'FAILED' if wrong else 'killed'} {name}{': ' + wrong if wrong else ''}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
