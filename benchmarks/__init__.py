"""Measurements of the till, each beside a baseline that runs in the same command: `python -m benchmarks`."""
