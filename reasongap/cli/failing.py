"""Rules that end a command with 1: `--fail-if 'delta(pot) < -0.10'`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from reasongap.analysis import Estimates
    from reasongap.report.thresholds import Threshold

MISSED = 1

FailIf = Annotated[
    list[str] | None,
    typer.Option(
        metavar="RULE", help="End with 1 where it holds: 'delta(pot) < -0.10'. Repeatable."
    ),
]


def read_rules(texts: Sequence[str] | None) -> tuple[Threshold, ...]:
    """The rules of the command line. Raises `UsageError` for one that cannot be read."""
    from reasongap.report.thresholds import read_threshold

    return tuple(map(read_threshold, texts or ()))


def judge(rules: Sequence[Threshold], estimates: Estimates) -> None:
    """End with 1, and say which rows and rules, where a rule holds."""
    from reasongap.report.flat import gap_rows
    from reasongap.report.thresholds import missed

    sentences = missed(rules, gap_rows(estimates))
    for sentence in sentences:
        print(f"! {sentence}", file=sys.stderr)
    if sentences:
        raise typer.Exit(MISSED)
