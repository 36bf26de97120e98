#!/usr/bin/env python3
"""Runs the test groups and counts.

`./dev test` starts it, after everything that is needed was installed. A group is a list of steps;
a step is a Meson build, the unit tests of one build, a folder of pytest tests, or a command. Each
step gives results: name, outcome, seconds. A step that ends badly without naming a failed test is
itself a failure, so a crash of a framework, an empty folder or a time-out never passes as silence.

The groups are wired here and nowhere else: see GROUPS.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOGS = ROOT / "build-logs"
JOBS = str(os.cpu_count() or 1)
LANES = 2  # groups at a time: most of a test's time is waiting, most of a build's is not
TAIL_LINES = 80

PASSED, FAILED, SKIPPED = "passed", "FAILED", "skipped"


class Result:
    """One test, or one step that stands for itself."""

    def __init__(self, name, outcome, seconds, text=""):
        self.name = name
        self.outcome = outcome
        self.seconds = seconds
        self.text = text


class Interrupted(Exception):
    """Someone asked the run to end."""


class Children:
    """The running steps of all lanes, so that an interrupted run can end them; it starts no more then."""

    def __init__(self):
        self.lock = threading.Lock()
        self.running = set()
        self.is_closed = False

    def start(self, *arguments, **options):
        with self.lock:
            if self.is_closed:
                raise Interrupted("the run was interrupted")
            child = subprocess.Popen(*arguments, **options)
            self.running.add(child)
            return child

    def forget(self, child):
        with self.lock:
            self.running.discard(child)

    def close(self):
        with self.lock:
            self.is_closed = True
            running = list(self.running)
        for child in running:
            end_session(child)


CHILDREN = Children()


class Run:
    """What the steps of one group share: its log, its child processes, its results."""

    def __init__(self, group):
        self.group = group
        self.results = []
        self.reports = 0
        self.log_path = LOGS / f"{group.name}.log"
        self.log = open(self.log_path, "w", encoding="utf-8", errors="replace")
        self.deadline = time.monotonic() + group.minutes * 60

    def command(self, argv, extra_env=None):
        """Runs to the end or to the group's deadline. Returns the exit status, None when late."""
        env = dict(os.environ, **(extra_env or {}))
        self.log.write(f"$ {' '.join(map(str, argv))}\n")
        self.log.flush()
        child = CHILDREN.start(argv, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=self.log,
                               stderr=subprocess.STDOUT, start_new_session=True)
        try:
            return child.wait(timeout=max(1.0, self.deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.log.write(f"runner: stopped, the group has {self.group.minutes} minutes\n")
            return None
        finally:
            end_session(child)
            CHILDREN.forget(child)

    def report(self):
        """Where the next report goes: each step has one of its own."""
        self.reports += 1
        return LOGS / f"{self.group.name}{f'-{self.reports}' if self.reports > 1 else ''}.xml"

    def add(self, name, outcome, seconds, text=""):
        self.results.append(Result(f"{self.group.name}: {name}", outcome, seconds, text))


def end_session(child):
    """Ends whatever the step left in its session's process group, so that no step outlives the run."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, number)
        except (ProcessLookupError, PermissionError):
            break
        try:
            child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue
    child.poll()


# ---- steps: each takes the run and returns nothing, but leaves at least one result


def single(name, argv, env=None):
    """A command that is one test."""
    def step(run):
        start = time.monotonic()
        status = run.command(argv, env)
        outcome = PASSED if status == 0 else FAILED
        run.add(name, outcome, time.monotonic() - start, f"exit status {status}")
    return step


OUTCOME_LINE = re.compile(r"^(passed|killed|FAILED) ([^:\n]+)(?:: (.*))?$", re.MULTILINE)


def told(name, argv):
    """A command that tells a line `passed NAME` (or killed) or `FAILED NAME: why` for each of its tests."""
    def step(run):
        start = time.monotonic()
        before = run.log_path.stat().st_size
        status = run.command(argv, test_environment())
        text = run.log_path.read_bytes()[before:].decode(errors="replace")
        lines = OUTCOME_LINE.findall(text)
        seconds = (time.monotonic() - start) / max(1, len(lines))
        for word, test, why in lines:
            run.add(test, FAILED if word == FAILED else PASSED, seconds, why)
        has_failed = any(word == FAILED for word, _, _ in lines)
        if not lines or (status != 0 and not has_failed) or (status == 0 and has_failed):
            run.add(f"{name}: ended with {status}", FAILED, time.monotonic() - start)
    return step


def build(folder, compiler, *options, env=None, is_installed=False):
    """A Meson build of its own; one test, which fails on any warning where the options say so.
    `is_installed`: also into the prefix that the options name."""
    def step(run):
        start = time.monotonic()
        path = ROOT / folder
        status = 0
        if not (path / "build.ninja").exists():
            status = run.command(["meson", "setup", str(path), str(ROOT), *options], {"CC": compiler, **(env or {})})
        if status == 0:
            status = run.command(["ninja", "-C", str(path), "-j", JOBS], env)
        if status == 0 and is_installed:
            status = run.command(["meson", "install", "-C", str(path), "--no-rebuild", "--quiet"], env)
        outcome = PASSED if status == 0 else FAILED
        run.add(f"{folder} builds", outcome, time.monotonic() - start, f"exit status {status}")
    return step


def unit(folder, multiplier=1, env=None):
    """`meson test` over one build."""
    def step(run):
        report = ROOT / folder / "meson-logs" / "testlog.junit.xml"
        report.unlink(missing_ok=True)
        start = time.monotonic()
        status = run.command(
            ["meson", "test", "-C", str(ROOT / folder), "--no-rebuild", "--print-errorlogs",
             "-t", str(multiplier)], env)
        collect(run, f"meson test {folder}", report, status, time.monotonic() - start)
    return step


def pytest(*folders, env=None, arguments=(), venv="test"):
    """The pytest tests of some folders, in one of the environments; a folder that is not there is a failure."""
    def step(run):
        absent = [folder for folder in folders if not (ROOT / folder).is_dir()]
        for folder in absent:
            run.add(f"{folder} is missing", FAILED, 0.0)
        if len(absent) == len(folders):
            return
        present = [folder for folder in folders if folder not in absent]
        report = run.report()
        report.unlink(missing_ok=True)
        start = time.monotonic()
        status = run.command(
            [str(VENV / venv / "bin/python"), "-m", "pytest", "-q", "-ra", "-p", "no:cacheprovider",
             "--timeout=300", f"--junit-xml={report}", *arguments, *present],
            dict(test_environment(), **(env or {})))
        collect(run, f"pytest {' '.join(present)}", report, status, time.monotonic() - start)
    step.folders = folders
    return step


def test_environment(folder="build-test"):
    """What the Python tests are told by environment variables."""
    return {
        "NVITOP_BUILD": str(ROOT / folder),
        "NVITOP_PEER_PYTHON": str(VENV / "peer/bin/python"),
        "NVITOP_PYNVML_11": str(VENV / "pynvml-11"),
        "NVITOP_PYNVML_13": str(VENV / "pynvml-13"),
        "NVITOP_TF_KERAS": str(VENV / "tf-keras"),
        "NVITOP_COMPOSE": str(VENV / "compose"),
        "NVITOP_SSHD": str(VENV / "sshd/usr/sbin/sshd"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
    }


def collect(run, name, report, status, seconds):
    """Reads a JUnit report. A bad end without a failed test, or a report without a test, fails."""
    before = len(run.results)
    try:
        suites = ElementTree.parse(report).getroot().iter("testsuite")
        for suite in suites:
            collect_suite(run, suite)
    except (OSError, ElementTree.ParseError) as error:
        run.add(f"{name}: no report", FAILED, seconds, str(error))
        return
    found = run.results[before:]
    if not found:
        run.add(f"{name}: no test was found", FAILED, seconds)
    elif status != 0 and not any(result.outcome == FAILED for result in found):
        run.add(f"{name}: ended with {status}", FAILED, seconds)


def collect_suite(run, suite):
    cases = suite.findall("testcase")
    for case in cases:
        bad = case.find("failure") if case.find("failure") is not None else case.find("error")
        skipped = case.find("skipped")
        outcome = FAILED if bad is not None else SKIPPED if skipped is not None else PASSED
        note = bad if bad is not None else skipped
        text = note.get("message") or "" if note is not None else ""
        # Meson gives the time of a program of many cases to its suite only.
        seconds = case.get("time") or (suite.get("time") if len(cases) == 1 else None) or 0
        name = ".".join(filter(None, [case.get("classname"), case.get("name")]))
        for part, part_outcome in parts_of(case, outcome):
            run.add(f"{name}{part}", part_outcome, float(seconds), text)
            seconds = 0  # told once: a program's parts have no times of their own


CMOCKA_LINE = re.compile(r"^\[ +(OK|FAILED|SKIPPED) +\] (\w+)$", re.MULTILINE)
CMOCKA_OUTCOMES = {"OK": PASSED, "FAILED": FAILED, "SKIPPED": SKIPPED}


def parts_of(case, outcome):
    """The tests inside a C test program, which Meson takes for one; the program's end is one of them
    when it is bad and no test says why."""
    said = case.findtext("system-out") or ""
    found = [(f" {name}", CMOCKA_OUTCOMES[word]) for word, name in CMOCKA_LINE.findall(said)]
    if not found or (outcome == FAILED and not any(one == FAILED for _, one in found)):
        found.append(("", outcome))
    return found


# ---- the groups


class Group:
    def __init__(self, name, about, steps, needs=(), minutes=10, show=False, alone=False, asked=False):
        self.name = name
        self.about = about
        self.steps = steps
        self.needs = needs        # groups that must have passed before
        self.minutes = minutes    # after these its step is ended and counts as failed
        self.show = show          # print its log even when all is well
        self.alone = alone        # nothing runs beside it
        self.asked = asked        # runs only if it is named
        self.results = []


SANITIZED = {
    "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}
PYTHON = str(VENV / "test/bin/python")

# The Python package, installed where its tests import it from. Its build wants a Meson newer than
# some systems have, and the Python of its own environment.
PACKAGE_ENV = {"PATH": f"{VENV / 'python/bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}

# What is released is all compiled anew, for more than one machine.
RELEASING = ["--timeout=1800"]

GROUPS = [
    Group("build-gcc", "gcc, every warning an error", [
        build("build-test", "gcc", "-Dwerror=true")]),
    Group("build-clang", "clang, every warning an error; instrumented for fuzzing", [
        build("build-clang", "clang", "-Dwerror=true", "-Dfuzz=true", "-Db_lundef=false", "-Doptimization=1",
              "-Db_sanitize=address,undefined")]),
    Group("lint", "formatting, shell scripts", [
        single("tests/lint", [str(ROOT / "tests/lint")])]),
    Group("layers", "who includes whom; no cycles", [
        pytest("tests/layers")]),
    Group("house", "hard rules and the measures", [
        pytest("tests/house"),
        single("measures", [PYTHON, str(ROOT / "tests/house/measures.py")])],
        needs=["build-gcc"], show=True),
    Group("unit", "C unit and case tests", [
        unit("build-test")], needs=["build-gcc"]),
    Group("mutations", "each guarding line, taken out, is missed by its test", [
        told("tests/replay_mutations.py",
             [PYTHON, str(ROOT / "tests/replay_mutations.py"), *os.environ.get("NVITOP_MUTATIONS", "").split()])],
        needs=["build-gcc", "python"], minutes=60, show=True),
    Group("parity", "screens against the original", [
        pytest("tests/parity")], needs=["build-gcc"], minutes=60),
    Group("cli", "the command line", [
        pytest("tests/cli", "tests/acceptance")], needs=["build-gcc"]),
    Group("nvisel", "choosing GPUs: cases, beside the original's, waiting", [
        pytest("tests/nvisel")], needs=["build-gcc"]),
    Group("abi", "our declarations against nvidia-ml-py", [
        pytest("tests/abi")], needs=["build-gcc"]),
    Group("host", "the host reader against psutil", [
        pytest("tests/host")], needs=["build-gcc"]),
    Group("sim", "the simulator, and other people's programs on it", [
        pytest("tests/sim", "tests/launcher")], needs=["build-gcc"]),
    Group("traps", "what users of such tools run into", [
        pytest("tests/traps")], needs=["build-gcc"]),
    Group("report", "JSON, CSV and their loop", [
        pytest("tests/report")], needs=["build-gcc"]),
    Group("exporter", "nvitop-exporter: metrics, server, who is let in", [
        pytest("tests/exporter")], needs=["build-gcc"], minutes=30),
    Group("fleet", "rules and dashboards, over 20 exporters that a Prometheus scrapes", [
        pytest("tests/fleet")], needs=["build-gcc"], minutes=20),
    Group("deploy", "the Dockerfile, compose file and manifests as they are read", [
        pytest("tests/deploy")], needs=["build-gcc"]),
    Group("image", "the image, built and run", [
        pytest("tests/image", arguments=["--timeout=900"])], needs=["build-gcc"], minutes=30, asked=True),
    Group("tty", "programs on a terminal that is watched", [
        pytest("tests/tty")], needs=["build-gcc"]),
    Group("ssh", "the monitor at the far end of ssh", [
        pytest("tests/ssh")], needs=["build-gcc"]),
    Group("trouble", "a driver, files and outputs that fail or never answer", [
        pytest("tests/trouble")], needs=["build-gcc"]),
    Group("library", "libnvitop as others meet it: installed, exported, documented, its examples", [
        pytest("tests/library")], needs=["build-gcc"]),
    Group("build-python", "the Python package, installed into a folder", [
        build("build-python", "gcc", "--native-file=python/build-python.ini", env=PACKAGE_ENV, is_installed=True)]),
    Group("python", "the Python package over the simulator", [
        pytest("tests/python", venv="python"),
        pytest("tests/docs", venv="docs")], needs=["build-gcc", "build-python"], minutes=15),
    Group("trainings", "Keras, Lightning and TensorBoard over the simulator", [
        pytest("tests/trainings", venv="torch")], needs=["build-gcc", "build-python"]),
    Group("frameworks", "trainings with TensorFlow and the Keras of old", [
        pytest("tests/trainings", venv="tensorflow", arguments=["-k", "keras"], env={
            "NVITOP_KERAS": "tensorflow tf_keras legacy"})], needs=["build-gcc", "build-python"], asked=True),
    Group("installer", "the driver installer on machines of all kinds, over fake tools", [
        pytest("tests/installer")]),
    Group("installer-apt", "the driver installer with the real apt, in Debian 12", [
        pytest("tests/apt")], minutes=30, asked=True),
    Group("packages", "the Debian packages in an empty Debian 12; the RPM; uninstalling", [
        pytest("tests/packages")], needs=["build-gcc"], minutes=60, asked=True),
    Group("packages-full", "the same packages built anew: same bytes; in Debian 12 and 13; their own tests", [
        pytest("tests/packages", env={"NVITOP_PACKAGES": "full"})], needs=["packages"], minutes=90, asked=True),
    Group("release", "tarball of a release, and zip for Windows; twice made, they and what pip gets are the same", [
        pytest("tests/release", arguments=RELEASING)], needs=["build-gcc"], minutes=60, asked=True),
    Group("old-system", "wheel and tarball of a release in Debian 11", [
        pytest("tests/old", arguments=RELEASING)], needs=["build-gcc"], minutes=60, asked=True),
    Group("aarch64", "wheel and tarball of a release for aarch64, run by an emulator", [
        pytest("tests/aarch64", arguments=RELEASING)], needs=["build-gcc"], minutes=60, asked=True),
    Group("windows", "the Windows programs by wine: report, nvisel, monitor, exporter", [
        pytest("tests/windows")], needs=["build-gcc"]),
    Group("wheel-windows", "the Python package's wheel for Windows, in a Python that wine runs", [
        pytest("tests/winpython", venv="python", arguments=["--timeout=1800"])],
        needs=["build-gcc", "build-python"], minutes=60, asked=True),
    Group("asan", "address and undefined behaviour sanitizers", [
        build("build-asan", "gcc", "-Db_sanitize=address,undefined", "-Doptimization=1"),
        unit("build-asan", 4, SANITIZED),
        pytest("tests/smoke", env={"NVITOP_CHECKER": "asan", "NVITOP_BUILD": str(ROOT / "build-asan")})]),
    Group("tsan", "thread sanitizer", [
        build("build-tsan", "gcc", "-Db_sanitize=thread", "-Doptimization=1"),
        unit("build-tsan", 4, SANITIZED),
        pytest("tests/smoke", env={"NVITOP_CHECKER": "tsan", "NVITOP_BUILD": str(ROOT / "build-tsan")})]),
    Group("stress", "libnvitop in hostile hands: threads, forks, leaks, a silent driver, wrong use", [
        pytest("tests/stress"),
        pytest("tests/stress", env={"NVITOP_CHECKER": "asan", "NVITOP_BUILD": str(ROOT / "build-asan")}),
        pytest("tests/stress", env={"NVITOP_CHECKER": "tsan", "NVITOP_BUILD": str(ROOT / "build-tsan")})],
        needs=["build-gcc", "asan", "tsan"]),
    Group("random", "the monitor under both sanitizers, with random keys, sizes and signals", [
        pytest("tests/random", env={"NVITOP_CHECKER": "asan", "NVITOP_BUILD": str(ROOT / "build-asan")}, arguments=["-s"]),
        pytest("tests/random", env={"NVITOP_CHECKER": "tsan", "NVITOP_BUILD": str(ROOT / "build-tsan")}, arguments=["-s"])],
        needs=["asan", "tsan"], minutes=240, show=True),
    Group("soak", "the monitor for minutes: nothing grows", [
        pytest("tests/soak")], needs=["build-gcc"], minutes=60),
    Group("valgrind", "the program under valgrind", [
        pytest("tests/smoke", env={"NVITOP_CHECKER": "valgrind"})], needs=["build-gcc"]),
    Group("fuzz", "every fuzz target", [
        told("tests/fuzz/run", [PYTHON, str(ROOT / "tests/fuzz/run"), str(ROOT / "build-clang")])],
        needs=["build-clang"], minutes=120, show=True),
    Group("bench", "the benchmark, once", [
        pytest("tests/bench")], needs=["build-gcc", "python"], alone=True),
]


# ---- running and telling


def on_signal(number, _frame):
    raise Interrupted(signal.Signals(number).name)


def run_group(group, passed_groups):
    """All steps of one group; whatever happens, it has at least one result. Returns the group."""
    run = Run(group)
    absent = [need for need in group.needs if passed_groups.get(need) is False]
    try:
        if absent:
            run.add(f"not run, because {' and '.join(absent)} failed", FAILED, 0.0)
        else:
            for step in group.steps:
                step(run)
                if run.results and run.results[-1].name.endswith(" builds") \
                        and run.results[-1].outcome == FAILED:
                    break
        if not run.results:
            run.add("gave no result", FAILED, 0.0)
    except Exception as error:  # pylint: disable=broad-except
        run.add(f"runner: {error!r}", FAILED, 0.0)
    run.log.close()
    group.results = run.results
    tell_group(run)
    return group


def next_group(waiting, running, passed_groups):
    """The first waiting group that may start now, or None."""
    chosen = {group.name for group in (*waiting, *running)}
    for group in waiting:
        if any(other.alone for other in running) or (group.alone and running):
            continue
        if not any(need in chosen and need not in passed_groups for need in group.needs):
            return group
    return None


def run_groups(groups, on_done):
    """All groups, two at a time; on_done(group) after each. Ends early with Interrupted."""
    waiting, running, passed_groups = list(groups), {}, {}

    def take_done(futures):
        for future in futures:
            group = running.pop(future)
            passed_groups[group.name] = count(group.results, FAILED) == 0
            on_done(group)

    with concurrent.futures.ThreadPoolExecutor(LANES) as lanes:
        try:
            while waiting or running:
                while len(running) < LANES and (group := next_group(waiting, list(running.values()), passed_groups)):
                    waiting.remove(group)
                    running[lanes.submit(run_group, group, dict(passed_groups))] = group
                take_done(concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED).done)
        except Interrupted:
            CHILDREN.close()
            take_done(concurrent.futures.wait(running).done)
            raise


def count(results, outcome):
    return sum(result.outcome == outcome for result in results)


TELLING = threading.Lock()


def tell_group(run):
    with TELLING:
        tell_group_locked(run)


def tell_group_locked(run):
    failed = [result for result in run.results if result.outcome == FAILED]
    skipped = [result for result in run.results if result.outcome == SKIPPED]
    seconds = time.monotonic() - (run.deadline - run.group.minutes * 60)
    state = "FAILED" if failed else "ok"
    note = f", {len(skipped)} skipped" if skipped else ""
    print(f"{state:7}{run.group.name:12} {count(run.results, PASSED)} passed, {len(failed)} failed"
          f"{note}  {seconds:.1f} s", flush=True)
    if failed or run.group.show:
        lines = run.log_path.read_text(encoding="utf-8", errors="replace").splitlines()
        for line in lines[-TAIL_LINES:]:
            print(f"    {line}")
    for result in failed:
        print(f"  FAILED {result.name}  {result.text.splitlines()[0] if result.text else ''}")
    for result in skipped:
        print(f"  skipped {result.name}: {result.text}")
    sys.stdout.flush()


def write_counts(path, results):
    if path:
        pathlib.Path(path).write_text(f"{count(results, PASSED)} {count(results, FAILED)}\n")


def tell_slowest(results):
    slowest = sorted(results, key=lambda result: -result.seconds)[:10]
    print("the slowest:")
    for result in slowest:
        print(f"  {result.seconds:7.1f} s  {result.name}")


def chosen_groups(names):
    """The groups of these names, in the order of the table, with those they need."""
    known = {group.name: group for group in GROUPS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SystemExit(f"no such group: {', '.join(unknown)}; there are: {', '.join(known)}")
    wanted, new = set(), set(names or (group.name for group in GROUPS if not group.asked))
    while new:
        wanted |= new
        new = {need for name in new for need in known[name].needs} - wanted
    return [group for group in GROUPS if group.name in wanted]


def main():
    parser = argparse.ArgumentParser(description="Runs the test groups.")
    parser.add_argument("groups", nargs="*", help="if none is named, all that need not be")
    parser.add_argument("--counts", help="file that gets `PASSED FAILED` after each group")
    parser.add_argument("--list", action="store_true", help="name the groups")
    options = parser.parse_args()
    if options.list:
        for group in GROUPS:
            print(f"{group.name:12} {group.about}{' (only if named)' if group.asked else ''}")
        return 0
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)
    LOGS.mkdir(exist_ok=True)
    results = []

    def on_done(group):
        results.extend(group.results)
        write_counts(options.counts, results)

    status = 0
    try:
        run_groups(chosen_groups(options.groups), on_done)
    except Interrupted as why:
        print(f"interrupted by {why}", flush=True)
        status = 130
    tell_slowest(results)
    return status or (1 if count(results, FAILED) or not count(results, PASSED) else 0)


if __name__ == "__main__":
    sys.exit(main())
