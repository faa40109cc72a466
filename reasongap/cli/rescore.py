"""`reasongap rescore`: grade a run again from the replies that it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reasongap.cli import options
from reasongap.cli.options import Format
from reasongap.cli.ranges import between


def rescore(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder.")],
    sandbox: options.Sandbox = None,
    timeout: options.Timeout = None,
    memory: options.Memory = None,
    rule: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Read replies in words by this rule first: a name that `reasongap list rules` "
            "shows, or your own FILE.py.",
        ),
    ] = None,
    tolerance: Annotated[
        float | None,
        typer.Option(
            metavar="D",
            help="How far a fraction may lie from the right one.  (default: 1e-9)",
            callback=between(0),
        ),
    ] = None,
    against: Annotated[
        bool, typer.Option("--against", help="List every grade that changed, and why.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Keep the new grades as a run of its own.",
            rich_help_panel=options.PLACES,
        ),
    ] = None,
    format: options.Output = Format.TABLE,  # noqa: A002 (the option's name)
) -> None:
    """Grade a run again: replies are read and programs run anew. No model is called.

    Without options: with the rules of this version, under the run's own conditions.
    """
    from fractions import Fraction

    import anyio

    from reasongap.analysis import analyse
    from reasongap.answers import TOLERANCE, open_rule
    from reasongap.report.reasons import explained
    from reasongap.report.rescore import render_rescored
    from reasongap.report.terminal import warn
    from reasongap.runs.folder import read_run
    from reasongap.runs.rescore import conditions_of, write_run
    from reasongap.runs.rescore import rescore as grade_again

    whole = read_run(run)
    study = conditions_of(whole.manifest, sandbox=sandbox, timeout=timeout, memory=memory)
    opened = None if rule is None else open_rule(rule)
    forgiven = TOLERANCE if tolerance is None else Fraction(str(tolerance))
    graded = anyio.run(grade_again, whole, study, opened, forgiven)
    records = [one.new for one in graded]
    if out is not None:
        told = {"sandbox": str(study.sandbox), "limits": repr(study.limits)}
        told |= {"rule": rule} if rule is not None else {}
        told |= {"tolerance": f"{tolerance:g}"} if tolerance is not None else {}
        write_run(out, whole, told, records)
    estimates = analyse(records, whole.manifest.models, tuple(whole.manifest.strategies))
    estimates = explained(estimates, records)
    print(render_rescored(estimates, graded, format.value, against=against), end="")
    if format is Format.CSV:
        warn(estimates.notes)
