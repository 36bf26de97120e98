"""Tests of programs on a terminal."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
