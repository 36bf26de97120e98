"""Every shipped scenario through the program under a checker: a sanitizer of its build, or valgrind.

NVITOP_CHECKER says which one (asan, tsan, valgrind). The checker's findings go to files of their
own, because the program closes its stderr before it ends; any such file that is not empty fails.
"""

import os
import pathlib
import signal
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support import paths, term  # noqa: E402

CHECKER = os.environ.get("NVITOP_CHECKER", "asan")
SLOW = {"asan": 1, "tsan": 2, "valgrind": 4}[CHECKER]
# Each costs seconds under valgrind: there, these few go through all there is to go through.
VALGRIND_SCENARIOS = ("two", "mig", "a100", "none", "lost", "nodriver")
CONTROL = bytes(range(0, 10)) + bytes(range(11, 32)) + b"\x7f"


def scenarios():
    names = paths.shipped_scenarios()
    if CHECKER == "valgrind":
        names = [name for name in names if any(word in name for word in VALGRIND_SCENARIOS)] or names[:6]
    return names


def checked(command, folder):
    """The command under the checker, and the environment that sends its findings to the folder."""
    found = folder / "found"
    if CHECKER == "valgrind":
        return ["valgrind", "-q", "--leak-check=full", "--errors-for-leak-kinds=definite",
                f"--log-file={found}.%p", *command], {}
    options = {
        "ASAN_OPTIONS": f"detect_leaks=1:detect_stack_use_after_return=1:log_path={found}",
        "UBSAN_OPTIONS": f"print_stacktrace=1:log_path={found}",
        "TSAN_OPTIONS": f"second_deadlock_stack=1:log_path={found}",
    }
    return command, options


def findings(folder):
    return "\n".join(path.read_text(errors="replace") for path in sorted(folder.glob("found.*")))


def run(folder, *arguments, guard="1", program=paths.nvitop):
    command, env = checked([str(program()), *arguments], folder)
    result = term.run(command, dict(env, NVITOP_GUARD=guard), timeout=60 * SLOW)
    assert findings(folder).strip() == ""
    assert not any(byte in CONTROL for byte in result.raw)
    return result


def test_there_are_scenarios():
    assert len(paths.shipped_scenarios()) >= 10


@pytest.mark.parametrize("name", scenarios())
def test_scenario(name, tmp_path):
    # In one process, which ends the usual way: that is when leaks are looked for. A thread that is
    # frozen in the kernel would keep that process for ever, so there the guard is on.
    result = run(tmp_path, "-1", "--demo", name, guard="1" if name == "frozen" else "0")
    if result.rc == 0:
        assert result.out.count("\n") >= 5
    else:
        assert result.rc == 1 and result.err.strip()


@pytest.mark.parametrize("arguments", [
    ["--help"], ["--version"], ["--demo", "list"], ["-1", "--demo", "--ascii", "--only", "0", "99"],
    ["--json", "--demo", "hostile"], ["--json=pretty", "--demo", "mig"], ["--csv", "--demo", "two"], ["--list-metrics", "--json"],
    ["--query", "device,process,host", "--demo", "hostile"], ["--query", "nmae"], ["-1", "--nvml", "/no/such/library"], ["--no-such-option"], ["-1", "--procfs", "/no/such/folder", "--demo"]],
    ids=" ".join)
def test_command_line(arguments, tmp_path):
    assert run(tmp_path, *arguments).rc in (0, 1, 2)


@pytest.mark.parametrize(("status", "arguments"), [
    (0, "--help"), (0, "-V"), (0, "--explain -f 1GiB --demo mig"), (0, "--json --account-as-free --demo hostile"),
    (0, "-i 1,0 -O uuid --newline --demo lost"), (0, "--wait=9 --sustain 0.5 -c 1 --explain --demo two"),
    (4, "--wait=1 -f 900GiB --demo"), (0, "--sustain 0.5 -S --demo uma"), (2, "-c 3 -C 2"), (1, "--nvml /no/such/library"),
    (2, "--wait --demo nodriver")])
def test_choosing(status, arguments, tmp_path):
    guard = "0" if "--demo" in arguments else "1"
    assert run(tmp_path, *arguments.split(), guard=guard, program=paths.nvisel).rc == status


def test_loop(tmp_path):
    """Some lines, a signal, and an end that leaves nothing behind."""
    command, env = checked([str(paths.nvitop()), "--json", "--loop", "--interval", "0.25", "--demo", "hostile"], tmp_path)
    with subprocess.Popen(command, env=term.clean_env(dict(env, NVITOP_GUARD="0")), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE) as loop:
        for _ in range(3):
            assert loop.stdout.readline().endswith(b"}\n")
        # The launcher passes it on to its command, the program.
        loop.send_signal(signal.SIGTERM)
        rest = loop.stdout.read()
        assert rest == b"" or rest.endswith(b"}\n")
        assert loop.wait(60 * SLOW) == 128 + signal.SIGTERM
    assert findings(tmp_path).strip() == ""


def test_checker_sees(tmp_path):
    """The checker is really there: what it is given to find, it finds."""
    source = tmp_path / "bad.c"
    source.write_text("#include <pthread.h>\n#include <stdlib.h>\nstatic int shared;\n"
                      "static void *add(void *p) { for (int i = 0; i < 100000; i++) shared++; return p; }\n"
                      "int main(void) { pthread_t t; pthread_create(&t, 0, add, 0); add(0); pthread_join(t, 0);\n"
                      "char *volatile p = malloc(8); char c = p[8]; free(p); return c == 1; }\n")
    flags = {"asan": ["-fsanitize=address,undefined"], "tsan": ["-fsanitize=thread"], "valgrind": []}[CHECKER]
    built = term.run(["gcc", "-g", *flags, "-o", tmp_path / "bad", source, "-pthread"])
    assert built.rc == 0, built.err
    command, env = checked([str(tmp_path / "bad")], tmp_path)
    term.run(command, env, timeout=60 * SLOW)
    word = {"asan": "heap-buffer-overflow", "tsan": "data race", "valgrind": "Invalid read"}[CHECKER]
    assert word in findings(tmp_path)
