"""A study from the command line: run it, watch it, print it, and survive Ctrl-C."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import anyio
import typer

from reasongap.api import Comparison, new_folder, read_comparison, reply_cache
from reasongap.cli.options import Format
from reasongap.cli.places import data_folder
from reasongap.domain import MACHINERY
from reasongap.errors import ModelError
from reasongap.report.progress import watching
from reasongap.report.tables import render
from reasongap.runs.conduct import Places, conduct
from reasongap.runs.journal import read_records
from reasongap.runs.study import Study

ATTRITION, INTERRUPTED = 4, 130


def carry_out(study: Study, out: Path | None, *, read_cache: bool, form: Format) -> None:
    """Run what is missing of a study, print it, and end with the contract's exit code.

    Where the run ends early, by Ctrl-C or a provider's fatal error, what there is is
    printed, with the command that goes on.
    """
    folder = out or new_folder()
    places = Places(folder, reply_cache(), data_folder(), read_cache)
    try:
        with watching() as emit:
            anyio.run(conduct, study, places, emit)
    except KeyboardInterrupt:
        _print_partial(study, folder, form)
        raise typer.Exit(INTERRUPTED) from None
    except ModelError:
        _print_partial(study, folder, form)
        raise
    comparison = read_comparison(folder, study)
    _print(comparison, form)
    print(f"Records: {folder}. Look closer: reasongap show {folder}", file=sys.stderr)
    if any(record.outcome in MACHINERY for record in comparison.records):
        raise typer.Exit(ATTRITION)


def _print(comparison: Comparison, form: Format) -> None:
    """The result on stdout; its notes too, or on stderr where the form has no room for them."""
    print(render(comparison.estimates, form.value), end="")
    if form in (Format.JSON, Format.CSV):
        for note in comparison.estimates.notes:
            print(f"! {note}", file=sys.stderr)


def _print_partial(study: Study, folder: Path, form: Format) -> None:
    """The table of what there is, if there is anything, and how to go on."""
    if not read_records(folder):
        return
    _print(read_comparison(folder, study), form)
    named = any(argument.startswith("--out") for argument in sys.argv)
    command = [*sys.argv[1:], *([] if named else ["--out", str(folder)])]
    print(f"Unfinished. To go on: reasongap {shlex.join(command)}", file=sys.stderr)
