"""Tests of the command line: they look from outside, at programs as the build left them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
