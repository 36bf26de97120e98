"""The script `dev`: its last line on every path, its lists, and that it calls nobody when all is there."""

import os
import re
import shutil
import signal
import subprocess

import pytest
import scan

LAST_LINE = re.compile(r"^\d+ passed, \d+ failed$")
# What the script itself needs of a system, and nothing of what it would install.
PLAIN_TOOLS = ["sh", "dash", "cat", "dirname", "readlink", "mktemp", "rm", "cp", "cmp", "id", "mkdir", "ln", "tail", "env", "uname"]


@pytest.fixture
def checkout(tmp_path):
    """A checkout with nothing but the script and its lists."""
    root = tmp_path / "checkout"
    (root / "tests").mkdir(parents=True)
    shutil.copy(scan.ROOT / "dev", root / "dev")
    for path in (scan.ROOT / "tests").glob("requirements-*.txt"):
        shutil.copy(path, root / "tests" / path.name)
    return root


@pytest.fixture
def bare_path(tmp_path):
    """A PATH with no compiler, no package client, no sudo."""
    folder = tmp_path / "bare"
    folder.mkdir()
    for name in PLAIN_TOOLS:
        (folder / name).symlink_to(shutil.which(name))
    return str(folder)


def program(folder, name, body):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n" + body + "\n")
    path.chmod(0o755)
    return path


def run(root, *arguments, path, shell="sh", env=None):
    return subprocess.run([shell, str(root / "dev"), *arguments], env={"PATH": path, "LC_ALL": "C", **(env or {})},
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
def test_help_in_every_shell(checkout, shell):
    done = run(checkout, "help", path=os.environ["PATH"], shell=shutil.which(shell))
    assert done.returncode == 0 and done.stderr == ""
    for command in ("demo", "run", "build", "test", "sim", "parity", "fuzz", "bench", "lint", "install", "help"):
        assert re.search(rf"^  {command}\b", done.stdout, re.MULTILINE), command


def test_every_command_has_a_line_of_help(checkout):
    names = set(re.findall(r"^command_(\w+)\(\)", (checkout / "dev").read_text(), re.MULTILINE))
    listed = re.findall(r"^  (\w+)\b", run(checkout, "help", path=os.environ["PATH"]).stdout, re.MULTILINE)
    assert names == set(listed)


def test_unknown_command(checkout):
    done = run(checkout, "dance", path=os.environ["PATH"])
    assert done.returncode == 1 and "no such command: dance" in done.stderr


@pytest.mark.parametrize("command, named", [("install --help", "--help"), ("install foo", "foo"), ("wheel sparc", "sparc"),
                                            ("tarball sparc", "sparc"), ("reproducible x86_64 sparc", "sparc")])
def test_what_is_not_taken_is_said_before_anything_else(checkout, bare_path, command, named):
    done = run(checkout, *command.split(), path=bare_path)
    assert (done.returncode, done.stdout) == (1, "") and done.stderr.startswith("dev: ") and named in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_demo_without_anything_names_the_packages(checkout, bare_path):
    done = run(checkout, "demo", path=bare_path)
    assert done.returncode == 1 and done.stdout == ""
    for package in ("gcc", "meson", "ninja-build", "pkg-config", "libutf8proc-dev", "libinih-dev", "libjansson-dev"):
        assert re.search(rf"\b{package}\b", done.stderr), package


def test_demo_names_the_command_where_there_is_apt_but_no_right(checkout, bare_path, tmp_path):
    program(tmp_path / "user", "apt-get", "echo called >&2; exit 1")
    program(tmp_path / "user", "id", "echo 1000")
    done = run(checkout, "demo", path=f"{tmp_path / 'user'}:{bare_path}")
    assert done.returncode == 1 and "called" not in done.stderr
    assert "apt-get install -y --no-install-recommends gcc" in done.stderr


def test_demo_uses_sudo(checkout, bare_path, tmp_path):
    program(tmp_path / "user", "apt-get", f"echo apt-get \"$@\" >>{tmp_path}/calls")
    program(tmp_path / "user", "sudo", 'case $1 in -*) exit 0 ;; esac; "$@"')
    program(tmp_path / "user", "id", "echo 1000")
    done = run(checkout, "demo", path=f"{tmp_path / 'user'}:{bare_path}")
    assert done.returncode == 1 and "still missing after the installation" in done.stderr
    calls = (tmp_path / "calls").read_text().splitlines()
    assert [call.split()[2] for call in calls] == ["update", "-y"] and "libinih-dev" in calls[1]


@pytest.mark.skipif(not os.path.exists("/etc/debian_version"), reason="it is Debian whose folders have other names")
@pytest.mark.parametrize("has_dpkg_dev", [False, True])
def test_install_puts_the_library_where_debian_looks(checkout, bare_path, tmp_path, has_dpkg_dev):
    """Meson knows only by dpkg-dev that it is not lib64."""
    fakes, log = tmp_path / "fakes", tmp_path / "log"
    for name in ("gcc", "ninja", "pkg-config", *(["dpkg-architecture"] if has_dpkg_dev else [])):
        program(fakes, name, "exit 0")
    installed = checkout / "build" / "meson-logs" / "install-log.txt"
    program(fakes, "meson", f'echo "$@" >>{log}; mkdir -p {installed.parent}; : >{installed}')
    done = run(checkout, "install", f"--prefix={tmp_path}", path=f"{fakes}:{bare_path}")
    assert done.returncode == 0, done.stderr
    configured, = [line for line in log.read_text().split("\n") if line.startswith("configure ")]
    assert ("--libdir=lib" in configured.split()) is not has_dpkg_dev


def test_last_line_when_the_set_up_fails(checkout, bare_path):
    done = run(checkout, "test", path=bare_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed"


@pytest.fixture
def ready(checkout, tmp_path):
    """A checkout whose needs are all met: the real tools, the real environments, a runner to be written.

    Nothing is built in it, for it has no sources.
    """
    (checkout / ".venv").symlink_to(scan.ROOT / ".venv")
    program(checkout / "cross", "windows-libraries", "exit 0")
    folder = tmp_path / "front"
    for name in ("meson", "ninja"):
        program(folder, name, "exit 0")
    program(folder, "apt-get", f"touch {tmp_path}/apt-was-called; exit 1")
    return checkout, f"{folder}:{os.environ['PATH']}"


def write_runner(root, body):
    """A stand-in for the runner: $1 is the file of counts."""
    (root / "tests/runner.py").write_text(
        "import os, signal, sys\ncounts = sys.argv[sys.argv.index('--counts') + 1]\n" + body + "\n")


@pytest.mark.parametrize("body,status,line", [
    ("open(counts, 'w').write('3 0\\n')", 0, "3 passed, 0 failed"),
    ("open(counts, 'w').write('3 2\\n'); sys.exit(1)", 1, "3 passed, 2 failed"),
    ("open(counts, 'w').write('3 2\\n')", 1, "3 passed, 2 failed"),
    ("open(counts, 'w').write('3 0\\n'); os.kill(os.getpid(), signal.SIGKILL)", 137, "3 passed, 1 failed"),
    ("raise ValueError", 1, "0 passed, 1 failed"),
    ("pass", 1, "0 passed, 0 failed"),
])
def test_last_line(ready, tmp_path, body, status, line):
    root, path = ready
    write_runner(root, body)
    done = run(root, "test", path=path)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (status, line), done.stderr
    assert not (tmp_path / "apt-was-called").exists()


@pytest.mark.parametrize("number,status", [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_last_line_when_interrupted(ready, number, status):
    root, path = ready
    write_runner(root, "open(counts, 'w').write('7 0\\n'); print('ready', flush=True); signal.pause()")
    child = subprocess.Popen(["sh", str(root / "dev"), "test"], env={"PATH": path, "LC_ALL": "C"},
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    child.send_signal(number)
    rest = child.stdout.read()
    assert child.wait(timeout=30) == status
    assert rest.splitlines()[-1] == "7 passed, 1 failed" and LAST_LINE.match(rest.splitlines()[-1])


def test_continuous_integration_runs_the_tests_and_nothing_else():
    lines = (scan.ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    code = [line for line in lines if line and not line.startswith("#")]
    assert code == ['exec "$(dirname -- "$0")/../dev" test']
