"""Rows of any data set, read as problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reasongap.answers import parse_number
from reasongap.domain import Problem
from reasongap.errors import BadRow

Row = Mapping[str, object]
FINAL = "####"
"""What GSM8K writes before the final answer of a solution."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold what.

    `answer` holds a number, or a solution that ends with `#### N`; `solution` is a column
    of its own where the two are apart: by default one of that name, where it is there. `id`
    and `program` are read where they are there.
    """

    question: str = "question"
    answer: str = "answer"
    solution: str | None = None
    id: str = "id"
    program: str = "program"


GSM8K_COLUMNS = Columns()


def read_row(row: Row, columns: Columns, place: str, line: int, source: str) -> Problem:
    """The problem in row `line` (from 1) of `place`; without an id of its own it is source/index.

    Raises BadRow for a missing column, an empty question or an answer that is no number.
    """
    question = _text(row, columns.question, place, line)
    written = _text(row, columns.answer, place, line)
    solution, _, final = written.rpartition(FINAL)
    if columns.solution is not None:
        solution = _text(row, columns.solution, place, line)
    elif not solution.strip() and "solution" in row:
        solution = _text(row, "solution", place, line)
    answer = parse_number(final)
    if answer is None:
        raise BadRow(
            place,
            line,
            f"the answer {final.strip()[-40:]!r} in column {columns.answer!r} is no number",
            f"Give a number, or a solution whose last line is '{FINAL} 18'",
        )
    name, program = row.get(columns.id), row.get(columns.program)
    return Problem(
        id=f"{source}/{line - 1}" if name is None else str(name),
        question=question,
        answer=answer,
        solution=solution.strip(),
        source=source,
        program=str(program) if program else None,
    )


def _text(row: Row, column: str, place: str, line: int) -> str:
    if column not in row:
        there = ", ".join(map(repr, row)) or "none"
        why = f"there is no column {column!r} among {there}"
        raise BadRow(place, line, why, "Name the right one: --column FIELD=NAME")
    text = str(row[column]) if type(row[column]) in (str, int, float) else ""
    if not text.strip():
        raise BadRow(place, line, f"column {column!r} holds no text but {row[column]!r}")
    return text
