"""Measurements: run one with `python -m benchmarks.NAME`; figures are of this machine, ratios travel."""
