"""What the build makes of a program's table of options, and what shells make of that."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import paths, term


def run(*command: str, **more) -> subprocess.CompletedProcess:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **more)


def needs(program: str) -> str:
    path = shutil.which(program)
    if not path:
        pytest.skip(f'{program} is not installed')
    return path


class Docs:
    """The manual and the completions of one program."""

    def __init__(self, program: str):
        self.program = program
        self.bash = paths.built(f'completions/{program}.bash')
        self.zsh = paths.built(f'completions/_{program}')
        self.fish = paths.built(f'completions/{program}.fish')
        self.powershell = paths.built(f'completions/{program}.ps1')
        self.man = paths.built(f'docs/man/{program}.1')

    @property
    def files(self) -> list[Path]:
        return [self.bash, self.zsh, self.fish, self.powershell, self.man]

    def help(self) -> str:
        return run(str(paths.built(f'bin/{self.program}')), '--help', env=term.clean_env({'COLUMNS': '300'})).stdout

    def names(self) -> list[str]:
        """Every option name, short and long, from the page that --help prints."""
        return [name for line in self.help().splitlines() if line.startswith('  -')
                for name in re.findall(r'(?<![\w-])(--?[A-Za-z0-9][\w-]*)', line.split('   ')[0])]

    def has(self, file: Path, name: str) -> bool:
        """Whether the file knows the option."""
        text = file.read_text()
        if file == self.fish:
            dashes = '-l' if name.startswith('--') else '-s' if len(name) == 2 else '-o'
            return re.search(rf'^complete .*{dashes} {re.escape(name.lstrip("-"))} ', text, re.MULTILINE) is not None
        if file == self.zsh:
            return re.search(rf'\){re.escape(name)}(=-)?\[', text) is not None
        if file == self.powershell:
            return any(f"'{name}'" in row[0] for row in self.powershell_rows())
        if file == self.man:
            return '\\fB' + name.replace('-', '\\-') + '\\fR' in text
        return re.search(rf"[ ']{re.escape(name)}[ ']", text) is not None

    def refused(self) -> list[str]:
        """What the shells say that can read their file."""
        found = [(shell, run(needs(shell), '-n', str(file)))
                 for shell, file in (('bash', self.bash), ('zsh', self.zsh), ('fish', self.fish)) if shutil.which(shell)]
        return [f'{shell}: {done.stderr}' for shell, done in found if done.returncode or done.stderr]

    def powershell_rows(self) -> list[tuple[str, ...]]:
        """Names, number of values, whether they are a must, kind, words and help of each option there."""
        text = self.powershell.read_text(encoding='ascii')
        lines = text.split('    $options = @(\n')[1].split('\n    )\n')[0].split('\n')
        quoted = "'((?:[^']|'')*)'"
        form = (r"        @\{ Names = ('-[\w-]+'(?:, '-[\w-]+')*); Values = (\d+); Must = \$(true|false); Kind = '(\w*)'; "
                f'Offers = {quoted}; Help = {quoted} }}')
        return [re.fullmatch(form, line).groups() for line in lines]

    def powershell_faults(self) -> list[str]:
        """What an independent grammar of PowerShell does not understand; there is no PowerShell here to ask."""
        for name in ('tree-sitter', 'tree-sitter-powershell'):
            sys.path.append(str(paths.ROOT / '.venv' / name))
        import tree_sitter
        import tree_sitter_powershell
        parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
        left, faults = [parser.parse(self.powershell.read_bytes()).root_node], []
        while left:
            node = left.pop()
            left += node.children
            if node.type == 'ERROR' or node.is_missing:
                faults.append(f'{self.powershell.name}:{node.start_point.row + 1}: {node.text[:60]!r}')
        return faults

    def bash_complete(self, *words: str) -> list[str]:
        """What bash would offer for the last of the words."""
        script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { :; }; ' \
                 f'_{self.program}; printf "%s\\n" "${{COMPREPLY[@]}}"'
        done = run(needs('bash'), '-c', script, 'bash', str(self.bash), *words)
        assert done.stderr == ''
        return done.stdout.split()

    def fish_complete(self, line: str) -> list[str]:
        done = run(needs('fish'), '-c', f'source {self.fish}; complete -C {line!r}')
        assert done.stderr == ''
        return [row.split('\t')[0] for row in done.stdout.splitlines()]

    def faults(self) -> str:
        """What mandoc finds wrong."""
        return run(needs('mandoc'), '-Tlint', '-W', 'warning', str(self.man)).stdout

    def plain(self) -> str:
        """The manual page as it is read."""
        return re.sub('.\b', '', run(needs('mandoc'), '-Tutf8', str(self.man)).stdout)
