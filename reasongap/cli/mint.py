"""`reasongap mint`: fresh problems of our own templates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reasongap.cli.ranges import between


def mint(
    n: Annotated[
        int, typer.Option("-n", metavar="N", help="Problems to write.", callback=between(1))
    ] = 100,
    steps: Annotated[
        str, typer.Option(metavar="STEPS", help="Steps a problem takes: 3, or 2-4.")
    ] = "2-4",
    templates: Annotated[
        str,
        typer.Option(
            metavar="NAMES",
            help="Only these themes or templates, such as shop,farm/hay.  (default: all)",
        ),
    ] = "",
    seed: Annotated[
        int, typer.Option(metavar="N", help="The same seed gives the same problems.")
    ] = 0,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file; stdout if left out.")
    ] = None,
) -> None:
    """Write fresh word problems, one JSON object a line, with solution and program."""
    import json

    from reasongap.cli.places import lines_to
    from reasongap.problems import parse_steps
    from reasongap.problems.minted import MintedSource, minted_row
    from reasongap.problems.minted.source import templates_of

    source = MintedSource(parse_steps(steps), seed, n, templates_of(templates))
    with lines_to(out) as write:
        for problem in source.load():
            write(json.dumps(minted_row(problem), ensure_ascii=False))
