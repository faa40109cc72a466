"""`reasongap score`: grade replies that were recorded elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reasongap.cli import options
from reasongap.cli.options import Format


def score(
    replies: Annotated[
        Path,
        typer.Argument(
            metavar="IN.jsonl", help="One JSON object a line: id, answer, response, strategy."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write every row with its grade there.",
            rich_help_panel=options.PLACES,
        ),
    ] = None,
    sandbox: Annotated[
        str,
        typer.Option(metavar="NAME", help="Where programs run; see `reasongap list sandboxes`."),
    ] = "restricted",
    format: options.Output = Format.TABLE,  # noqa: A002 (the option's name)
) -> None:
    """Grade recorded replies: accuracy by the strict and the flexible reading, and outcomes."""
    import anyio

    from reasongap.cli.places import keep_apart, lines_to
    from reasongap.report.scores import render_scores
    from reasongap.runs.scoring import Graded, Tallies, score_file
    from reasongap.sandbox import open_sandbox

    keep_apart(replies, out)

    async def work() -> Tallies:
        tallies = Tallies()
        async with open_sandbox(sandbox) as place:
            if out is None:
                await score_file(replies, place, tallies.add)
                return tallies
            with lines_to(out) as write:

                def keep(row: Graded) -> None:
                    tallies.add(row)
                    write(row.model_dump_json())

                await score_file(replies, place, keep)
        return tallies

    print(render_scores(anyio.run(work).result(), format.value), end="")
