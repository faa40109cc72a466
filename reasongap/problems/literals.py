"""The numbers written in a program, and putting others in their place."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Written:
    """A number in a program: where it stands (line from 1, columns in bytes) and its value."""

    line: int
    start: int
    end: int
    value: Fraction


def written(source: str) -> tuple[Written, ...]:
    """Every number of a program, in reading order. Raises SyntaxError."""
    found = [
        Written(node.lineno, node.col_offset, node.end_col_offset or 0, Fraction(repr(node.value)))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    ]
    return tuple(sorted(found, key=lambda number: (number.line, number.start)))


def rewrite(source: str, changes: dict[Written, str]) -> str:
    """The program with some of its numbers written anew."""
    lines = source.encode().split(b"\n")
    for number in sorted(changes, key=lambda number: number.start, reverse=True):
        line = lines[number.line - 1]
        text = changes[number].encode()
        lines[number.line - 1] = line[: number.start] + text + line[number.end :]
    return b"\n".join(lines).decode()
