"""Shared by the Python tests: where things are, the simulator, terminals, screens."""
