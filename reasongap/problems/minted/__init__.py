"""Word problems of our own, made fresh from templates, each with its solution and program.

    source.py       MintedSource: a stream of problems that never repeats; rows for files
    template.py     a template, and the problem that each point of its space makes
    reading.py      templates out of their TOML files, checked as they are read
    expression.py   the arithmetic of one step, exact
    spread.py       a shuffled way through a space too large to list
    templates/      the templates by theme, and the people in them

A template takes about ten lines of TOML; reading.py shows how to write one.
"""

from reasongap.problems.minted.source import MintedSource, mint, minted_row, template_names

__all__ = ["MintedSource", "mint", "minted_row", "template_names"]
