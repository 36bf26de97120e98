"""The runner: whatever goes wrong in a group is a failed test, never silence."""

import os
import re

import pytest
import runner
import scan


@pytest.fixture
def run_one(tmp_path, monkeypatch, capsys):
    """Runs one group of the given steps; returns (name, outcome) of its results."""
    monkeypatch.setattr(runner, "LOGS", tmp_path)

    def run(*steps, minutes=1, needs=(), passed_groups=None):
        group = runner.Group("sample", "", list(steps), needs=needs, minutes=minutes)
        results = runner.run_group(group, passed_groups or {}).results
        capsys.readouterr()
        return [(result.name, result.outcome) for result in results]
    return run


def outcomes(results):
    return [outcome for _, outcome in results]


def test_command(run_one):
    assert outcomes(run_one(runner.single("a", ["true"]), runner.single("b", ["false"]))) == ["passed", "FAILED"]


@pytest.mark.parametrize("script,expected", [
    ("echo passed a: 3 edges; echo killed trap 1", ["passed", "passed"]),
    ("echo passed a; echo 'FAILED b: why'; exit 1", ["passed", "FAILED"]),
    ("echo passed a; exit 3", ["passed", "FAILED"]),
    ("echo 'FAILED b: why'", ["FAILED", "FAILED"]),
    ("echo nothing", ["FAILED"]),
])
def test_command_that_tells(run_one, script, expected):
    assert outcomes(run_one(runner.told("it", ["sh", "-c", script]))) == expected


def test_killed_command(run_one):
    assert outcomes(run_one(runner.single("a", ["sh", "-c", "kill -9 $$"]))) == ["FAILED"]


def test_program_that_is_not_there(run_one):
    assert outcomes(run_one(runner.single("a", ["/no/such/program"]))) == ["FAILED"]


def test_late_command_is_ended(run_one):
    assert outcomes(run_one(runner.single("a", ["sh", "-c", "read x <&2; cat /dev/zero >/dev/null"]), minutes=0)) == ["FAILED"]


def test_missing_folder(run_one):
    assert run_one(runner.pytest("tests/no-such-folder")) == [("sample: tests/no-such-folder is missing", "FAILED")]


def test_folder_without_tests(run_one, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    (tmp_path / "empty").mkdir()
    assert outcomes(run_one(runner.pytest("empty"))) == ["FAILED"]


def test_pytest_results_are_counted(run_one, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    (tmp_path / "few").mkdir()
    (tmp_path / "few/test_few.py").write_text(
        "import pytest\ndef test_a(): pass\ndef test_b(): assert 0\n"
        "def test_c(): pytest.skip('why')\n@pytest.fixture\ndef bad(): raise ValueError\ndef test_d(bad): pass\n")
    assert outcomes(run_one(runner.pytest("few"))) == ["passed", "FAILED", "skipped", "FAILED"]


def test_pytest_that_dies(run_one, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    (tmp_path / "few").mkdir()
    (tmp_path / "few/test_few.py").write_text("import os\ndef test_a(): pass\ndef test_b(): os.abort()\n")
    assert outcomes(run_one(runner.pytest("few"))) == ["FAILED"]


def report(tmp_path, text):
    path = tmp_path / "report.xml"
    path.write_text(text)
    return path


def collected(tmp_path, monkeypatch, text, status):
    monkeypatch.setattr(runner, "LOGS", tmp_path)
    run = runner.Run(runner.Group("sample", "", []))
    runner.collect(run, "it", report(tmp_path, text), status, 1.0)
    return [(result.name, result.outcome, result.seconds) for result in run.results]


def test_bad_end_with_good_tests_is_a_failure(tmp_path, monkeypatch):
    text = '<testsuites><testsuite><testcase name="a" time="2.5"/></testsuite></testsuites>'
    assert collected(tmp_path, monkeypatch, text, 0) == [("sample: a", "passed", 2.5)]
    assert collected(tmp_path, monkeypatch, text, 3)[-1] == ("sample: it: ended with 3", "FAILED", 1.0)


def test_report_without_tests_is_a_failure(tmp_path, monkeypatch):
    assert [row[1] for row in collected(tmp_path, monkeypatch, "<testsuites/>", 0)] == ["FAILED"]
    assert [row[1] for row in collected(tmp_path, monkeypatch, "<testsu", 0)] == ["FAILED"]


def test_failures_and_errors_of_meson(tmp_path, monkeypatch):
    text = ('<testsuites><testsuite name="p" time="4"><testcase classname="p" name="a"><failure/></testcase></testsuite>'
            '<testsuite name="q"><testcase name="b"><error/></testcase><testcase name="c"/></testsuite></testsuites>')
    assert collected(tmp_path, monkeypatch, text, 1) == [
        ("sample: p.a", "FAILED", 4.0), ("sample: b", "FAILED", 0.0), ("sample: c", "passed", 0.0)]


CMOCKA = "<testsuites><testsuite><testcase name='a' time='2'>{}<system-out>{}</system-out></testcase></testsuite></testsuites>"


def test_tests_of_a_c_program_are_counted(tmp_path, monkeypatch):
    said = "[ RUN      ] one\n[       OK ] one\n[ RUN      ] two\n[  FAILED  ] two\n[  SKIPPED ] three\n[==========] 3 test(s) run.\n"
    assert collected(tmp_path, monkeypatch, CMOCKA.format("<failure/>", said), 1) == [
        ("sample: a one", "passed", 2.0), ("sample: a two", "FAILED", 0.0), ("sample: a three", "skipped", 0.0)]


def test_c_program_that_crashes_after_good_tests(tmp_path, monkeypatch):
    said = "[ RUN      ] one\n[       OK ] one\n[ RUN      ] two\n"
    assert collected(tmp_path, monkeypatch, CMOCKA.format("<failure/>", said), 1) == [
        ("sample: a one", "passed", 2.0), ("sample: a", "FAILED", 0.0)]


def test_group_whose_need_failed_does_not_run(run_one):
    ran = run_one(runner.single("a", ["true"]), needs=["build-gcc"], passed_groups={"build-gcc": False})
    assert outcomes(ran) == ["FAILED"]


def test_step_without_a_result_is_a_failure(run_one):
    assert outcomes(run_one(lambda run: None)) == ["FAILED"]


def test_broken_step_is_a_failure(run_one):
    assert outcomes(run_one(lambda run: 1 // 0)) == ["FAILED"]


def sleeper(tmp_path, name):
    """A step that runs until its file is removed or it is ended."""
    return runner.single("waits", ["sh", "-c", f"mkfifo {tmp_path}/{name}; read x <{tmp_path}/{name}"])


def test_lanes_keep_needs_and_solitude(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(runner, "LOGS", tmp_path)
    lock, running, seen = runner.threading.Lock(), set(), {}

    def watch(name):
        def step(run):
            with lock:
                running.add(name)
                seen[name] = set(running)
            run.add("ran", runner.PASSED, 0.0)
            with lock:
                running.discard(name)
        return step
    groups = [runner.Group("alone", "", [watch("alone")], alone=True), runner.Group("a", "", [watch("a")]),
              runner.Group("b", "", [watch("b")], needs=["a"]), runner.Group("c", "", [watch("c")])]
    done = []
    runner.run_groups(groups, lambda group: done.append(group.name))
    capsys.readouterr()
    assert sorted(done) == ["a", "alone", "b", "c"] and done.index("a") < done.index("b")
    assert seen["alone"] == {"alone"} and "a" not in seen["b"]


def test_interrupted_lanes_end_their_children(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(runner, "LOGS", tmp_path)
    monkeypatch.setattr(runner, "CHILDREN", runner.Children())

    def when_the_other_is_stuck(run):
        while not runner.CHILDREN.running:
            os.sched_yield()
        run.add("ran", runner.PASSED, 0.0)
    interrupting = runner.Group("interrupting", "", [when_the_other_is_stuck])
    groups = [runner.Group("stuck", "", [sleeper(tmp_path, "fifo"), runner.single("next", ["true"])]), interrupting]
    done = []

    def on_done(group):
        done.append(group)
        if group is interrupting:
            raise runner.Interrupted("SIGTERM")
    with pytest.raises(runner.Interrupted):
        runner.run_groups(groups, on_done)
    capsys.readouterr()
    assert [group.name for group in done] == ["interrupting", "stuck"]
    assert [result.outcome for result in done[1].results] == ["FAILED", "FAILED"]


def test_groups_bring_what_they_need():
    assert [group.name for group in runner.chosen_groups(["cli"])] == ["build-gcc", "cli"]
    left_out = set(runner.GROUPS) - set(runner.chosen_groups([]))
    assert {group.name for group in left_out} == set("frameworks image old-system installer-apt packages packages-full release aarch64 wheel-windows".split())
    assert [group.name for group in runner.chosen_groups(["frameworks"])] == ["build-gcc", "build-python", "frameworks"]
    assert [group.name for group in runner.chosen_groups(["packages-full"])] == ["build-gcc", "packages", "packages-full"]
    with pytest.raises(SystemExit):
        runner.chosen_groups(["no-such-group"])


def test_every_folder_of_tests_is_in_a_group():
    wired = {folder for group in runner.GROUPS for step in group.steps for folder in getattr(step, "folders", ())}
    there = {path.parent.relative_to(scan.ROOT).as_posix() for path in (scan.ROOT / "tests").rglob("test_*.py")}
    assert sorted(folder for folder in there if not any(is_under(folder, one) for one in wired)) == []


def is_under(folder, other):
    return folder == other or folder.startswith(other + "/")


def test_every_unit_test_folder_is_in_the_build():
    listed = re.findall(r"subdir\('([^']+)'\)", (scan.ROOT / "tests/meson.build").read_text(encoding="utf-8"))
    there = {path.parent.relative_to(scan.ROOT / "tests").as_posix() for path in (scan.ROOT / "tests/unit").rglob("test_*.c")}
    assert there and sorted(there - set(listed)) == []
