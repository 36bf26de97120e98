"""Reads the rules of docs/architecture.md and checks a source tree against them."""

import fnmatch
import pathlib
import re

TABLE = re.compile(r"<!-- table: (\w+) -->\n((?:\|.*\n)+)")
QUOTED = re.compile(r"`([^`]+)`")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
CONDITION = re.compile(r"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif)\b[ \t]*(.*)$", re.MULTILINE)
COMMENT_OR_TEXT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
TWIN = re.compile(r"(.+)_(posix|windows)\.c")
PUBLIC_HEADER = "nvitop/nvitop.h"


class Rules:
    """The tables of the page, as data."""

    def __init__(self, page):
        tables = {name: parse_table(text) for name, text in TABLE.findall(page)}
        self.layers = {row[0].strip("`"): (quoted(row[1])[0], quoted(row[2])) for row in tables["layers"]}
        self.headers = [(quoted(row[0]), quoted(row[1])) for row in tables["headers"]]
        self.calls = [(quoted(row[0]), quoted(row[1])) for row in tables["calls"]]
        self.seams = [quoted(row[0])[0] for row in tables["seams"]]
        self.pairs = [pair for row in tables["pairs"] for pair in quoted(row[0])]
        self.exceptions = {(quoted(row[0])[0], quoted(row[1])[0]): row[2] for row in tables["exceptions"]}


def parse_table(text):
    """The cells of a Markdown table, without its two head rows."""
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines()]
    return rows[2:]


def quoted(cell):
    return QUOTED.findall(cell)


class File:
    """One source file: where it is, what it includes, what its code says without comments and texts."""

    def __init__(self, root, path):
        self.path = path.relative_to(root).as_posix()
        self.text = path.read_text(encoding="utf-8")
        bare = COMMENT_OR_TEXT.sub(lambda match: blank(match.group()), self.text)
        self.code = re.sub(r"^[ \t]*#.*$", "", bare, flags=re.MULTILINE)
        self.conditions = CONDITION.findall(bare)
        comments_out = re.sub(r"/\*.*?\*/", lambda match: blank(match.group()), self.text, flags=re.DOTALL)
        found = INCLUDE.findall(comments_out)
        self.system = [name for mark, name in found if mark == "<"]
        self.project = [name for mark, name in found if mark == '"']

    def module(self):
        return self.path.rsplit(".", 1)[0]


def blank(text):
    """As many lines of nothing."""
    return "\n" * text.count("\n") or " "


def read_tree(root):
    files = []
    for folder in ("include", "src", "sim"):
        for path in sorted((root / folder).rglob("*.[ch]")):
            files.append(File(root, path))
    return files


class Check:
    """The findings over one tree: (file, what, sentence). Exceptions are taken off, and counted."""

    def __init__(self, root, rules):
        self.root = pathlib.Path(root)
        self.rules = rules
        self.files = read_tree(self.root)
        self.used = set()
        self.findings = []

    def run(self):
        for file in self.files:
            self.check_includes(file)
            self.check_headers(file)
            self.check_calls(file)
            self.check_conditions(file)
            self.check_own_header(file)
            self.check_twin(file)
        self.check_cycles()
        for (path, what) in self.rules.exceptions:
            if (path, what) not in self.used:
                self.findings.append((path, what, "an exception that nothing needs"))
        return self.findings

    def found(self, file, what, sentence):
        if (file.path, what) in self.rules.exceptions:
            self.used.add((file.path, what))
        else:
            self.findings.append((file.path, what, sentence))

    def layer_of(self, path):
        for name, (folder, _) in self.rules.layers.items():
            if path.startswith(folder + "/"):
                return name
        return None

    def resolve(self, name, includer):
        """The path of a project include, which is written from `src/`, `include/` or the root,
        or, without a folder, names a neighbour."""
        for prefix in ("src/", "include/", ""):
            if (self.root / prefix / name).is_file():
                return prefix + name
        beside = includer.rsplit("/", 1)[0] + "/" + name
        return beside if "/" not in name and (self.root / beside).is_file() else None

    def check_includes(self, file):
        layer = self.layer_of(file.path)
        if layer is None:
            if file.path != "include/" + PUBLIC_HEADER:
                self.found(file, "layer", "belongs to no layer of the table")
            elif file.project:
                self.found(file, file.project[0], "the public header includes nothing of ours")
            return
        allowed = self.rules.layers[layer][1]
        for name in file.project:
            target = self.resolve(name, file.path)
            if target is None:
                self.found(file, name, "no such file; an include starts at src/, or names a neighbour")
                continue
            if name == PUBLIC_HEADER or name in allowed:
                continue
            other = self.layer_of(target)
            if other != layer and other not in allowed:
                self.found(file, name, f"{layer} may not include {other}")

    def check_headers(self, file):
        for names, places in self.rules.headers:
            for name in sorted(set(names) & set(file.system)):
                if not is_in(file.path, places):
                    self.found(file, name, f"<{name}> only in {', '.join(places)}")

    def check_calls(self, file):
        for names, places in self.rules.calls:
            if is_in(file.path, places):
                continue
            pattern = r"(?<![\w.>])(" + "|".join(map(re.escape, names)) + r")\s*\("
            for name in sorted(set(re.findall(pattern, file.code))):
                self.found(file, name, f"{name}() only in {', '.join(places)}")

    def check_conditions(self, file):
        """Only include guards, and the C++ and export marks of the public header, outside the seams."""
        if any(fnmatch.fnmatch(file.path, seam) for seam in self.rules.seams):
            return
        for kind, condition in file.conditions:
            is_guard = file.path.endswith(".h") and kind == "ifndef" and condition.strip() == guard_of(file.path)
            is_public = file.path == "include/" + PUBLIC_HEADER and condition.strip() in ("__cplusplus", "NVITOP_API")
            if not is_guard and not is_public:
                self.found(file, condition.strip(), f"#{kind} outside the seams")

    def check_own_header(self, file):
        own = file.module() + ".h"
        if file.path.endswith(".c") and (self.root / own).is_file():
            if self.header_of(file) != own:
                self.found(file, own, "its own header comes first")

    def header_of(self, file):
        return self.resolve(file.project[0], file.path) if file.project else None

    def check_twin(self, file):
        """NAME_posix.c and NAME_windows.c are there together, in one row, under the same header."""
        named = TWIN.fullmatch(file.path)
        if not named:
            return
        name, system = named.groups()
        other = f"{name}_{'windows' if system == 'posix' else 'posix'}.c"
        twins = [twin for twin in self.files if twin.path == other]
        if not twins:
            self.found(file, "twin", f"{other} belongs to it")
        elif self.header_of(file) != self.header_of(twins[0]):
            self.found(file, "twin", f"its first header is not that of {other}")
        elif not any(fnmatch.fnmatch(file.path, row) for row in self.rules.pairs + self.rules.seams):
            self.found(file, "row", "neither of a seam nor of a pair in the tables")

    def check_cycles(self):
        graph = {}
        for file in self.files:
            targets = graph.setdefault(file.module(), set())
            for name in file.project:
                target = self.resolve(name, file.path)
                if target:
                    targets.add(target.rsplit(".", 1)[0])
        for circle in circles(graph):
            self.findings.append((circle[0], "circle", "modules include each other: " + ", ".join(circle)))


def guard_of(path):
    """NVITOP_BASE_STR_H for src/base/str.h, NVITOP_SIM_CURVE_H for sim/curve.h."""
    parts = re.sub(r"^(src|include)/", "", path)
    name = re.sub(r"[^A-Za-z0-9]", "_", parts).upper()
    return name if name.startswith("NVITOP_") and path.startswith("include/") else "NVITOP_" + name


def is_in(path, places):
    return any(path == place or path.startswith(place + "/") for place in places)


def circles(graph):
    """Groups of more than one module that reach each other (Tarjan), without recursion limits in the way."""
    index, low, on_stack, stack, found = {}, {}, set(), [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        on_stack.add(node)
        for other in sorted(graph.get(node, ())):
            if other == node:
                continue
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in on_stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = []
            while not group or group[-1] != node:
                group.append(stack.pop())
                on_stack.discard(group[-1])
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found
