"""Records made up for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from reasongap.domain import (
    Completion,
    Execution,
    Key,
    Outcome,
    Program,
    Question,
    Record,
    Request,
    Solution,
    Usage,
)

SETTINGS = ("hop1", "hop2", "composed")
MARKS: Mapping[str, Outcome] = {
    "1": "correct",
    "0": "wrong",
    "m": "model_error",
    "s": "sandbox_error",
    "t": "truncated",
}


def record(
    composition: str,
    setting: str,
    outcome: Outcome = "correct",
    *,
    model: str = "m",
    strategy: str = "cot",
    repeat: int = 0,
    block: str | None = None,
    hops: int = 2,
    cost: float | None = 0.5,
    tokens: int | None = 10,
) -> Record:
    """One graded answer; each composition is its own block unless `block` is given."""
    asked = hops if setting == "composed" else 1
    reply = Completion(Request(), "", cost=cost, usage=Usage(7, tokens), seconds=1.5)
    ran = Execution("ok", seconds=0.5)
    return Record(
        Key(model, strategy, composition, setting, repeat),
        Question(
            composition, block or composition, setting, ("?",) * asked, (Fraction(1),) * asked
        ),
        Solution(None, completions=(reply,), programs=(Program(""),), executions=(ran,)),
        outcome,
        strict=False,
        seconds=9.0,
    )


def answers(
    *rows: str, model: str = "m", strategy: str = "cot", repeat: int = 0
) -> Iterator[Record]:
    """The records of compositions c0, c1 …: a mark a setting, "-" where nothing was asked."""
    for number, marks in enumerate(rows):
        for setting, mark in zip(SETTINGS, marks, strict=True):
            if mark != "-":
                yield record(
                    f"c{number}",
                    setting,
                    MARKS[mark],
                    model=model,
                    strategy=strategy,
                    repeat=repeat,
                )
