"""Writes what an installed package says of itself: `dist_info.py PYPROJECT.TOML VERSION METADATA`.

pip does it by itself. Where a system's package client installs the package, this is how programs and
other packages learn that it is there, of which version, and what it depends on.
"""

import sys
import tomllib
from pathlib import Path


def metadata(project: dict, version: str) -> str:
    """The table `project` as core metadata."""
    lines = ['Metadata-Version: 2.1', f'Name: {project["name"]}', f'Version: {version}',
             f'Summary: {project["description"]}', f'License: {project["license"]}',
             f'Requires-Python: {project["requires-python"]}']
    lines += [f'Classifier: {name}' for name in project['classifiers']]
    lines += [f'Requires-Dist: {name}' for name in project['dependencies']]
    lines += [f'Provides-Extra: {name}' for name in project['optional-dependencies']]
    return '\n'.join(lines) + '\n'


def main(pyproject: str, version: str, output: str) -> None:
    """Reads the one file and writes the other."""
    project = tomllib.loads(Path(pyproject).read_text(encoding='utf-8'))['project']
    Path(output).write_text(metadata(project, version), encoding='utf-8')


if __name__ == '__main__':
    main(*sys.argv[1:])
