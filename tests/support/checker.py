"""A sanitizer's findings in files of their own, because a program may close its stderr before it ends."""

from __future__ import annotations

import os
from pathlib import Path

NAME = os.environ.get('NVITOP_CHECKER', '')  # asan, tsan, or none


def env(folder: Path) -> dict[str, str]:
    """The variables that send the findings to the folder."""
    found = folder / 'found'
    return {
        'ASAN_OPTIONS': f'detect_leaks=1:detect_stack_use_after_return=1:log_path={found}',
        'UBSAN_OPTIONS': f'print_stacktrace=1:log_path={found}',
        'TSAN_OPTIONS': f'second_deadlock_stack=1:log_path={found}',
    }


def findings(folder: Path) -> str:
    """All that was found so far."""
    return '\n'.join(path.read_text(errors='replace') for path in sorted(folder.glob('found.*'))).strip()
