"""Rules that end a command with 1: `--fail-if 'delta(pot) < -0.10'`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from reasongap.analysis import Estimates
    from reasongap.domain import Record
    from reasongap.report.thresholds import Threshold
    from reasongap.runs.study import Study

MISSED = 1

FailIf = Annotated[
    list[str] | None,
    typer.Option(
        metavar="RULE",
        help="Exit with 1 where this holds or cannot be ruled out, such as 'delta(pot) < -0.10': "
        "a column of `--format csv`, a strategy, a bound. Repeatable.",
    ),
]


def read_rules(texts: Sequence[str] | None) -> tuple[Threshold, ...]:
    """The rules of the command line. Raises `UsageError` for one that cannot be read."""
    from reasongap.report.thresholds import read_threshold

    return tuple(map(read_threshold, texts or ()))


def check_rules(rules: Sequence[Threshold], study: Study) -> None:
    """Raise `UnknownName` for what a rule names and the study lacks, before anything is asked."""
    from reasongap.report.thresholds import check
    from reasongap.runs.opening import names_of

    if rules:
        check(rules, *names_of(study), study.hops)


def judge(rules: Sequence[Threshold], estimates: Estimates, records: Sequence[Record]) -> None:
    """End with 1, and say which rows and rules, where a rule holds or cannot be ruled out."""
    from reasongap.report.flat import gap_rows
    from reasongap.report.terminal import warn
    from reasongap.report.thresholds import missed

    asked = list(dict.fromkeys((record.key.model, record.key.strategy) for record in records))
    sentences = missed(rules, gap_rows(estimates), asked)
    warn(sentences)
    if sentences:
        raise typer.Exit(MISSED)
