"""A study from the command line: pay for it, run it, watch it, print it, survive Ctrl-C."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import anyio
import typer

from reasongap.api import new_folder, read_comparison, reply_cache
from reasongap.cli.failing import check_rules, judge
from reasongap.cli.interrupts import INTERRUPTED, Interrupts, answerable, leave, terminable
from reasongap.cli.options import Format
from reasongap.cli.places import data_folder
from reasongap.domain import MACHINERY, Composition
from reasongap.errors import (
    BudgetStop,
    EnvironmentBroken,
    Interrupted,
    ModelError,
    ReasongapError,
    UsageError,
)
from reasongap.report.progress import watching
from reasongap.report.tables import render
from reasongap.report.terminal import warn
from reasongap.report.thresholds import Threshold
from reasongap.runs.approval import ASK_ABOVE, estimate, over
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.engines import open_engine
from reasongap.runs.events import Emit
from reasongap.runs.journal import read_outcomes
from reasongap.runs.manifest import NAME as MANIFEST
from reasongap.runs.plan import Plan
from reasongap.runs.study import Study

ATTRITION = 4

Show = Callable[[Study, Path, Format], bool]
"""Prints what a folder holds of a study; returns whether the machinery failed somewhere."""


@dataclass(frozen=True)
class Consent:
    """What the user agrees to pay: anything (`yes`), or `above` dollars without being asked."""

    yes: bool = False
    above: float = ASK_ABOVE

    def __call__(self, plan: Plan) -> None:
        """Show what must be paid; ask where it is much. Raises `UsageError` for a no."""
        much = over(plan, self.above) and not self.yes
        if much and not sys.stdin.isatty():
            raise UsageError(
                f"{estimate(plan)}: above ${self.above:g} or unknown, and nobody is here to ask. "
                "Say --yes to pay it, or raise --confirm-above"
            )
        print(f"{estimate(plan)}.", file=sys.stderr)
        if not much:
            return
        with answerable():
            try:
                agreed = typer.confirm("Go on?", err=True)
            except typer.Abort:
                agreed = False
        if not agreed:
            raise UsageError("nothing was sent")


def carry_out(
    study: Study,
    out: Path | None,
    *,
    engine: str = "local",
    read_cache: bool,
    form: Format,
    consent: Consent | None = None,
    compositions: Sequence[Composition] | None = None,
    rules: Sequence[Threshold] = (),
    show: Show | None = None,
) -> None:
    """Run what is missing of a study, `show` it, and end with the contract's exit code.

    What `rules` name is looked for in the study before anything is asked. Where the run ends
    early, by Ctrl-C, its budget, a provider's fatal error or what is broken here, what there is
    is printed, with the command that goes on.
    """
    check_rules(rules, study)
    folder = out or new_folder()
    places = Places(folder, reply_cache(), data_folder(), read_cache)
    consent = consent or Consent()
    by, show = open_engine(engine), show or _print

    async def work(emit: Emit) -> None:
        stop = Interrupts(emit)
        await conduct(study, places, emit, compositions, engine=by, approve=consent, stop=stop)

    try:
        with terminable(), watching() as emit:
            anyio.run(work, emit)
    except KeyboardInterrupt:
        _print_partial(show, study, folder, form)
        raise typer.Exit(INTERRUPTED) from None
    except BudgetStop as stop:
        _print_partial(show, study, folder, form, f" {stop.option} MORE")
        raise
    except Interrupted as stopped:
        _print_partial(show, study, folder, form)
        print(f"reasongap: {stopped}", file=sys.stderr, flush=True)
        sys.stdout.flush()
        leave()
    except (ModelError, EnvironmentBroken):
        _print_partial(show, study, folder, form)
        raise
    failed = show(study, folder, form)
    command = f"reasongap show {shlex.quote(str(folder))}"
    print(f"Records: {folder}. Look closer: {command}", file=sys.stderr)
    if rules:
        comparison = read_comparison(folder, study)
        judge(rules, comparison.estimates, comparison.records)
    if failed:
        raise typer.Exit(ATTRITION)


def _print(study: Study, folder: Path, form: Format) -> bool:
    """Print the result on stdout, its notes too, or on stderr where the form has no room.

    Returns whether the machinery failed somewhere.
    """
    comparison = read_comparison(folder, study)
    print(render(comparison.estimates, form.value), end="")
    if form is Format.CSV:
        warn(comparison.estimates.notes)
    return any(record.outcome in MACHINERY for record in comparison.records)


def _print_partial(show: Show, study: Study, folder: Path, form: Format, more: str = "") -> None:
    """The table of what there is, if there is anything, and the command that goes on."""
    if read_outcomes(folder):
        try:
            show(study, folder, form)
        except ReasongapError as error:
            # What stopped the run is told last, and decides the exit code.
            warn([str(error)])
    if (folder / MANIFEST).exists():
        command = f"reasongap resume {shlex.quote(str(folder))}{more}"
        print(f"Unfinished. To go on: {command}", file=sys.stderr)
