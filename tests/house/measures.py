#!/usr/bin/env python3
"""Prints the house's measures: size and shape of the code, beside the guide for each. Fails on none."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import scan  # noqa: E402


def read(paths):
    return {path.relative_to(scan.ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def in_tree(folders, ending):
    return [path for path in scan.project_files()
            if path.suffix == ending and path.relative_to(scan.ROOT).parts[0] in folders]


def lines(text):
    return text.count("\n")


def row(name, ours, guide):
    print(f"  {name:44} {ours:28} {guide}")


def largest(pairs, count=3):
    return ", ".join(f"{name} {size}" for size, name in sorted(((size, name) for name, size in pairs), reverse=True)[:count])


def measure_sizes(sources, headers):
    sizes = [lines(text) for text in sources.values()]
    row("lines per .c: median / p95 / max",
        f"{scan.median(sizes)} / {scan.percentile(sizes, 0.95)} / {max(sizes)}", "<= 200 / 450 / 700")
    row("  the longest", largest((pathlib.Path(name).name, lines(text)) for name, text in sources.items()), "")
    header_sizes = [lines(text) for name, text in headers.items() if not name.startswith("include/")]
    row("lines per .h: median / max", f"{scan.median(header_sizes)} / {max(header_sizes)}", "<= 60 / 200")


def measure_functions(sources):
    found = [(f"{pathlib.Path(path).name}:{name}", size, count)
             for path, text in sources.items() for name, size, count in scan.functions(text)]
    sizes = [size for _, size, _ in found]
    row("lines per function: median / p95 / max",
        f"{scan.median(sizes)} / {scan.percentile(sizes, 0.95)} / {max(sizes)}", "<= 15 / 50 / 80")
    row("  the longest", largest((name, size) for name, size, _ in found), "")
    many = [name for name, _, count in found if count > 5]
    row("functions, with more than 5 parameters", f"{len(found)}, {100 * len(many) / len(found):.1f} %", "<= 2 %")


def measure_state(sources):
    variables = [f"{pathlib.Path(path).name}: {name}"
                 for path, text in sources.items() for name in scan.mutable_variables(text)]
    row("mutable variables at file scope", str(len(variables)), "<= 10")
    for name in variables:
        row(f"  {name}", "", "")


def measure_words(sources, headers):
    public = [scan.prototypes(text) for name, text in headers.items() if name.startswith("include/")]
    inner = [scan.prototypes(text) for name, text in headers.items() if not name.startswith("include/")]
    for name, groups, guide in (("public", public, "100 %"), ("internal", inner, ">= 60 %")):
        flat = [has for group in groups for _, has in group]
        share = f"{100 * sum(flat) / len(flat):.0f} % of {len(flat)}" if flat else "none yet"
        row(f"{name} prototypes with a comment", share, guide)
    total = sum(map(lines, sources.values()))
    share = 100 * sum(map(scan.comment_lines, sources.values())) / total
    row("comment lines in .c", f"{share:.0f} %", "10-20 %")


def measure_includes(sources):
    counts = {name: len(re.findall(r'^#include "', text, re.MULTILINE)) for name, text in sources.items()}
    outside_cmd = [count for name, count in counts.items() if not name.startswith("src/cmd")]
    row("direct project includes per .c: median / max", f"{scan.median(list(counts.values()))} / {max(outside_cmd)}", "<= 6 / 15")


def measure_width(sources, headers):
    widths = [len(line) for text in (*sources.values(), *headers.values()) for line in text.split("\n") if line]
    row("line width p99 / max", f"{scan.percentile(widths, 0.99)} / {max(widths)}", "<= 100")


def measure_tests(sources, headers):
    tests = [path for path in scan.project_files() if path.relative_to(scan.ROOT).parts[0] == "tests"
             and path.suffix in (".c", ".h", ".py", ".case", "")]
    count = sum(lines(path.read_text(encoding="utf-8", errors="replace")) for path in tests)
    total = sum(map(lines, sources.values())) + sum(map(lines, headers.values()))
    row("test lines / source lines", f"{count} / {total} = {count / total:.2f}", ">= 0.6")


def main():
    sources = read(in_tree(("src", "sim"), ".c"))
    headers = read(in_tree(("src", "sim", "include"), ".h"))
    print(f"measures over {len(sources)} .c and {len(headers)} .h files, and the guide for each:")
    measure_sizes(sources, headers)
    measure_functions(sources)
    measure_state(sources)
    measure_words(sources, headers)
    measure_includes(sources)
    measure_width(sources, headers)
    measure_tests(sources, headers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
