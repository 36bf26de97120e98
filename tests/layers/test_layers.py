"""Who includes whom: the tables of docs/architecture.md against the tree, and the check against fakes."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import rules as layer_rules  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


def findings_of(root, page=PAGE):
    return layer_rules.Check(root, layer_rules.Rules(page)).run()


def test_tree_keeps_the_rules():
    findings = findings_of(ROOT)
    assert not findings, "\n" + "\n".join(": ".join(finding) for finding in findings)


def test_tree_was_really_read():
    files = layer_rules.read_tree(ROOT)
    assert len(files) > 40
    assert sum(len(file.project) for file in files) > 60
    assert sum(len(file.system) for file in files) > 60


def test_tables_are_whole():
    rules = layer_rules.Rules(PAGE)
    assert len(rules.layers) == 14
    assert len(rules.headers) >= 6 and len(rules.calls) >= 6 and len(rules.seams) == 5
    for name, (_, allowed) in rules.layers.items():
        for other in allowed:
            assert other in rules.layers or "/" in other, f"{name} names {other}, which is no layer"
    for names, places in rules.headers + rules.calls:
        assert names and places


def test_every_row_of_pairs_is_of_one():
    rules = layer_rules.Rules(PAGE)
    assert len(rules.pairs) > 20
    for row in rules.pairs:
        assert row.endswith("_*") and (ROOT / (row[:-1] + "posix.c")).is_file(), row


def test_table_of_layers_has_no_circle():
    rules = layer_rules.Rules(PAGE)
    graph = {name: {other for other in allowed if "/" not in other} for name, (_, allowed) in rules.layers.items()}
    assert layer_rules.circles(graph) == []


def test_siblings_are_blind_to_each_other():
    layers = layer_rules.Rules(PAGE).layers
    for family in (("nvml", "cuda", "host"), ("view", "report", "collect", "select")):
        for name in family:
            assert not set(family) & set(layers[name][1])


# One file that breaks one rule, and what must be said about it.
VIOLATIONS = {
    "sibling": ({"src/nvml/a.c": '#include "host/host.h"\n', "src/host/host.h": "int x;\n"},
                "nvml may not include host"),
    "upwards": ({"src/base/a.c": '#include "core/metric.h"\n', "src/core/metric.h": ""},
                "base may not include core"),
    "through the simulator": ({"sim/a.c": '#include "nvml/nvml.h"\n', "src/nvml/nvml.h": ""},
                              "sim may not include nvml"),
    "past core": ({"src/view/a.c": '#include "nvml/nvml.h"\n', "src/nvml/nvml.h": ""}, "view may not include nvml"),
    "relative include": ({"src/base/a.c": '#include "../core/x.h"\n'}, "no such file"),
    "loader": ({"src/nvml/a.c": "#include <dlfcn.h>\n"}, "<dlfcn.h> only in"),
    "curses": ({"src/view/a.c": "#  include <curses.h>\n"}, "<curses.h> only in"),
    "curses elsewhere in its layer": ({"src/tui/a.c": "#include <term.h>\n"}, "<term.h> only in"),
    "thread": ({"src/view/a.c": "#include <pthread.h>\n"}, "<pthread.h> only in"),
    "thread started": ({"src/core/a.c": "void f(void) { pthread_create(0, 0, 0, 0); }\n"}, "pthread_create() only in"),
    "socket": ({"src/core/a.c": "#include <sys/socket.h>\n"}, "<sys/socket.h> only in"),
    "child": ({"src/host/linux/a.c": "int f(void)\n{\n    return fork ();\n}\n"}, "fork() only in"),
    "environment": ({"src/nvml/a.c": 'char *f(void) { return getenv("A"); }\n'}, "getenv() only in"),
    "environment above": ({"src/core/a.c": 'const char *f(void) { return environment_get("A"); }\n'},
                          "environment_get() only in"),
    "file": ({"src/cmd/a.c": 'void *f(void) { return fopen("a", "r"); }\n'}, "fopen() only in"),
    "thread of Windows": ({"src/core/a.c": "void f(void) { CreateThread(0, 0, 0, 0, 0, 0); }\n"}, "CreateThread() only in"),
    "environment of Windows": ({"src/nvml/a.c": "void f(void) { GetEnvironmentVariableW(0, 0, 0); }\n"},
                               "GetEnvironmentVariableW() only in"),
    "end of a process": ({"src/cmd/a.c": "void f(void) { TerminateProcess(0, 1); }\n"}, "TerminateProcess() only in"),
    "child of Windows": ({"src/cmd/a.c": "void f(void) { CreateProcessW(); }\n"}, "CreateProcessW() only in"),
    "no twin": ({"src/base/await_posix.c": "int x;\n"}, "src/base/await_windows.c belongs to it"),
    "output": ({"src/view/a.c": 'void f(void) { printf("x"); }\n'}, "printf() only in"),
    "clock": ({"src/view/a.c": "long f(void) { return time(0); }\n"}, "time() only in"),
    "platform": ({"src/core/a.c": "#ifdef __linux__\n#endif\n"}, "#ifdef outside the seams"),
    "platform in a header": ({"src/core/a.h": "#ifndef NVITOP_CORE_A_H\n#define NVITOP_CORE_A_H\n#if _WIN32\n#endif\n#endif\n"},
                             "#if outside the seams"),
    "own header": ({"src/core/a.c": '#include "core/b.h"\n#include "core/a.h"\n', "src/core/a.h": "", "src/core/b.h": ""},
                   "its own header comes first"),
    "homeless": ({"src/other/a.c": "int x;\n"}, "belongs to no layer"),
    "circle of two": ({"src/core/a.c": '#include "core/a.h"\n#include "core/b.h"\n', "src/core/a.h": "",
                       "src/core/b.c": '#include "core/b.h"\n#include "core/a.h"\n', "src/core/b.h": ""}, "modules include each other"),
    "circle of three": ({"src/core/a.h": '#include "core/b.h"\n', "src/core/b.h": '#include "core/c.h"\n',
                         "src/core/c.h": '#include "core/a.h"\n'}, "src/core/a, src/core/b, src/core/c"),
}

# Files that look like a violation and are none.
HARMLESS = {
    "comment": {"src/view/a.c": '/* printf("x") and\n#include <pthread.h>\n*/\n// fork()\nint x;\n'},
    "text": {"src/view/a.c": 'const char *a = "fork() time( \\" printf(";\n'},
    "member": {"src/view/a.c": "void f(struct s *s) { s->kill(1); s->x.time(2); }\n"},
    "longer name": {"src/view/a.c": "void f(void) { str_printf(0); xtime(0); frame_exit (1); }\n"},
    "guard": {"src/core/a.h": "#ifndef NVITOP_CORE_A_H\n#define NVITOP_CORE_A_H\n#endif\n"},
    "seam": {"src/base/dylib_posix.c": "#include <dlfcn.h>\n#ifdef __GLIBC__\n#endif\n",
             "src/base/dylib_windows.c": ""},
    "pair": {"src/base/await_posix.c": '#include "base/await.h"\n', "src/base/await.h": "",
             "src/base/await_windows.c": '#include "base/await.h"\n'},
}


def write_tree(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def without_exceptions(page=PAGE):
    """The page with an empty table of exceptions: a fake tree needs none."""
    head, _, tail = page.partition("<!-- table: exceptions -->\n")
    return head + "<!-- table: exceptions -->\n" + "".join(tail.splitlines(keepends=True)[:2])


@pytest.mark.parametrize("name", VIOLATIONS)
def test_violation_is_found(name, tmp_path):
    files, sentence = VIOLATIONS[name]
    write_tree(tmp_path, files)
    findings = findings_of(tmp_path, without_exceptions())
    assert len(findings) == 1, findings
    assert sentence in findings[0][2]


def test_twins_without_a_row_are_found(tmp_path):
    write_tree(tmp_path, {f"src/core/a_{system}.c": "" for system in ("posix", "windows")})
    found = [(path, sentence) for path, what, sentence in findings_of(tmp_path, without_exceptions()) if what == "row"]
    assert found == [(f"src/core/a_{system}.c", "neither of a seam nor of a pair in the tables")
                     for system in ("posix", "windows")]


def test_twins_of_two_headers_are_found(tmp_path):
    write_tree(tmp_path, {f"src/base/await_{system}.c": f'#include "base/{system}.h"\n' for system in ("posix", "windows")})
    write_tree(tmp_path, {f"src/base/{system}.h": "" for system in ("posix", "windows")})
    sentences = [sentence for _, what, sentence in findings_of(tmp_path, without_exceptions()) if what == "twin"]
    assert len(sentences) == 2 and "its first header is not that of" in sentences[0]


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_is_let_be(name, tmp_path):
    write_tree(tmp_path, HARMLESS[name])
    assert findings_of(tmp_path, without_exceptions()) == []


def test_exception_is_needed_and_counts(tmp_path):
    page = without_exceptions() + "| `src/view/a.c` | `printf` | a test |\n"
    write_tree(tmp_path, {"src/view/a.c": 'void f(void) { printf("x"); }\n'})
    assert findings_of(tmp_path, page) == []
    write_tree(tmp_path, {"src/view/a.c": "int x;\n"})
    assert [finding[2] for finding in findings_of(tmp_path, page)] == ["an exception that nothing needs"]


def test_every_exception_has_a_reason():
    for place, reason in layer_rules.Rules(PAGE).exceptions.items():
        assert len(reason.split()) >= 3, place
