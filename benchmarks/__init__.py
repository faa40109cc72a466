"""Measurements of reasongap itself: each module is one command, `python -m benchmarks.NAME`."""
