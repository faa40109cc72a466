"""`reasongap compose`: chain the problems of a source, and say how that went."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from reasongap.cli import options
from reasongap.cli.ranges import between


def compose(
    problems: Annotated[
        str,
        typer.Option("-p", "--problems", metavar="SOURCE", help=f"{options.SOURCES}."),
    ] = "minted",
    column: options.Columns = None,
    n: Annotated[
        int | None,
        typer.Option(
            "-n",
            metavar="N",
            help="Compositions to make; all there are if left out.",
            callback=between(1),
        ),
    ] = None,
    hops: Annotated[
        int, typer.Option(metavar="K", help="Problems in a chain.", callback=between(2, 8))
    ] = 2,
    seed: Annotated[
        int, typer.Option(metavar="N", help="The same seed gives the same compositions.")
    ] = 0,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file; stdout if left out.")
    ] = None,
    confirm: Annotated[
        bool, typer.Option(help="Run the problems' programs, where there are any, as a check.")
    ] = True,
    sandbox: Annotated[
        str,
        typer.Option(metavar="NAME", help="Where these run; see `reasongap list sandboxes`."),
    ] = "restricted",
) -> None:
    """Write compositions, one JSON object a line, and print a summary."""
    import anyio

    from reasongap.cli.places import data_folder, keep_apart, lines_to
    from reasongap.problems import Counts
    from reasongap.problems.compositions import composition_line
    from reasongap.report.composing import render_summary
    from reasongap.report.progress import watching
    from reasongap.runs.compositions import batches_of, none_chained
    from reasongap.runs.study import make_study
    from reasongap.sandbox import open_sandbox

    keep_apart(Path(problems), out)
    columns = options.mapping(column)
    study = make_study(problems=problems, columns=columns, n=n, hops=hops, seed=seed)

    counts = Counts()

    async def work() -> None:
        async with open_sandbox(sandbox) as place:
            run = place.run if confirm else None
            with lines_to(out) as write, watching() as emit:
                async for batch in batches_of(study, n, data_folder(), run, emit):
                    counts.add(batch)
                    for composition in batch.kept:
                        write(composition_line(composition))
                if not counts.summary().compositions:
                    raise none_chained(study, counts.summary())

    try:
        anyio.run(work)
    finally:
        if (summary := counts.summary()).problems:
            print(render_summary(summary), end="", file=sys.stdout if out else sys.stderr)
