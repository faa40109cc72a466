"""Drivers: each runs under the interpreter of its peer."""
