"""`reasongap show`: the items of a run, on the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reasongap.cli.options import Format, Output
from reasongap.cli.ranges import between


def show(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder.")],
    item: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="One composition in full: its id, or its number."),
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option(
            metavar="OUTCOME", help="Only records that ended so: wrong, no_answer, timeout …"
        ),
    ] = None,
    flip: Annotated[
        bool,
        typer.Option("--flip", help="Only questions that one strategy got right and another not."),
    ] = False,
    setting: Annotated[
        str | None,
        typer.Option(metavar="SETTING", help="Only this setting: hop1, hop2, composed …"),
    ] = None,
    model: Annotated[
        str | None, typer.Option("-m", "--model", metavar="MODEL", help="Only this model.")
    ] = None,
    strategy: Annotated[
        str | None, typer.Option("-s", "--strategy", metavar="NAME", help="Only this strategy.")
    ] = None,
    n: Annotated[
        int, typer.Option("-n", metavar="N", help="Records to show at most.", callback=between(1))
    ] = 20,
    format: Output = Format.TABLE,  # noqa: A002 (the option's name)
) -> None:
    """Show questions, replies, programs, executions, and why each was graded as it was.

    Without an ID: a line a record. With one, or as JSON: everything about it.
    """
    from reasongap.report.items import Filter, render_items, show_items
    from reasongap.runs.folder import read_run

    wanted = Filter(item, outcome, flip, setting, model, strategy)
    if format is Format.TABLE:
        show_items(read_run(run), wanted, most=n)
    else:
        print(render_items(read_run(run), wanted, n, format.value), end="")
