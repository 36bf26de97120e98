"""Where the tests of what goes with the exporter, rules and dashboards, find the others' helpers."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
