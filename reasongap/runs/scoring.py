"""Grading replies that were recorded elsewhere: rows in, the same rows with their grade out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Literal

import anyio
from pydantic import BaseModel, ConfigDict

from reasongap.answers import find_program, format_number, parse_number, score_response
from reasongap.domain import Outcome, Program
from reasongap.errors import BadRow
from reasongap.runs.inputs import checked_rows
from reasongap.sandbox import Sandbox

AT_ONCE = 8
"""Rows in hand at a time."""


class Reply(BaseModel):
    """A row of the input: a reply and the answer it should have given. More fields pass."""

    model_config = ConfigDict(frozen=True, extra="allow", coerce_numbers_to_str=True)

    id: str
    answer: str
    response: str
    strategy: Literal["cot", "pot"]


class Graded(Reply):
    """A row of the output. `strict` and `flexible` tell which reading was right."""

    extracted: str | None
    rule: str | None
    strict: bool
    flexible: bool
    outcome: Outcome


class Tally(BaseModel):
    """The accuracy of one strategy: shares of `n`, and how many ended in which way."""

    n: int
    strict: float
    flexible: float
    outcomes: dict[str, int]


def read_replies(path: Path) -> Iterator[tuple[Reply, Fraction]]:
    """The rows of a file with their gold answers. Raises `BadFile` and `BadRow`."""
    for line, reply in checked_rows(path, Reply):
        gold = parse_number(reply.answer)
        if gold is None:
            raise BadRow(str(path), line, f"the answer {reply.answer!r} is no number")
        yield reply, gold


async def score_file(path: Path, sandbox: Sandbox, write: Callable[[Graded], object]) -> None:
    """Grade every row of a file, in its order, and `write` each."""
    rows = read_replies(path)
    while batch := list(islice(rows, AT_ONCE)):
        graded: list[Graded | None] = [None] * len(batch)

        async def work(place: int, reply: Reply, gold: Fraction, done: list[Graded | None]) -> None:
            done[place] = await score(reply, gold, sandbox)

        try:
            async with anyio.create_task_group() as group:
                for place, (reply, gold) in enumerate(batch):
                    group.start_soon(work, place, reply, gold, graded)
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        for row in graded:
            assert row is not None
            write(row)


async def score(reply: Reply, gold: Fraction, sandbox: Sandbox) -> Graded:
    """The grade of one reply; a program in it is run in `sandbox`."""
    execution = None
    if reply.strategy == "pot" and (source := find_program(reply.response)):
        execution = await sandbox.run(Program(source))
    scored = score_response(gold, reply.response, reply.strategy, execution)
    grade = {
        "extracted": None if scored.extracted is None else format_number(scored.extracted),
        "rule": scored.rule,
        "strict": scored.strict,
        "flexible": scored.flexible,
        "outcome": scored.outcome,
    }
    return Graded.model_validate({**reply.model_dump(), **grade})


class Tallies:
    """Counts rows as they pass, and says the accuracy per strategy."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}

    def add(self, row: Graded) -> None:
        """Count one row."""
        counts = self._counts.setdefault(row.strategy, Counter())
        counts.update(n=1, strict=row.strict, flexible=row.flexible)
        counts[f"outcome {row.outcome}"] += 1

    def result(self) -> dict[str, Tally]:
        """The tally of each strategy."""
        return {
            strategy: Tally(
                n=counts["n"],
                strict=counts["strict"] / counts["n"],
                flexible=counts["flexible"] / counts["n"],
                outcomes={
                    name.removeprefix("outcome "): count
                    for name, count in counts.most_common()
                    if name.startswith("outcome ")
                },
            )
            for strategy, counts in self._counts.items()
        }
