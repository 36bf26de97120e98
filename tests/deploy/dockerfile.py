"""The Dockerfile and .dockerignore, taken apart as far as the tests ask. Only the forms that ours has are known."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

from support import paths

DOCKERFILE = paths.ROOT / 'Dockerfile'
IGNORED = paths.ROOT / '.dockerignore'


def instructions() -> list[tuple[str, str]]:
    """(name, what follows) of each, without comments, lines joined."""
    text = re.sub(r'^[ \t]*#.*\n', '', DOCKERFILE.read_text(), flags=re.M)
    lines = re.sub(r'\\\n', ' ', text).splitlines()
    return [tuple(line.strip().split(None, 1)) for line in lines if line.strip()]


def stages() -> dict[str, list[tuple[str, str]]]:
    """The instructions of each stage under its name, '' for the last one."""
    found, now = {}, None
    for name, rest in instructions():
        if name == 'FROM':
            now = found.setdefault(rest.partition(' AS ')[2], [])
        elif now is not None:
            now.append((name, rest))
    return found


def values(stage: str, name: str) -> list[str]:
    return [rest for instruction, rest in stages()[stage] if instruction == name]


def packages(command: str) -> set[str]:
    """What a RUN installs by name."""
    after = command.partition('--no-install-recommends')[2].partition('&&')[0]
    return {word for word in shlex.split(after) if word not in ('<', '>')}


def copy_context(into: Path) -> None:
    """What `docker build` sees of the checkout: .dockerignore shuts everything out, and lets some in again."""
    first, *rest = [line for line in IGNORED.read_text().split('\n') if line and not line.startswith('#')]
    assert first == '*' and all(line.startswith('!') for line in rest)
    for line in rest:
        source, target = paths.ROOT / line[1:], into / line[1:]
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
