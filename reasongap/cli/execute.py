"""`reasongap exec`: run one program in the sandbox, or a stream of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def execute(
    program: Annotated[
        str | None, typer.Argument(metavar="FILE|-", help="A Python file, or - for stdin.")
    ] = None,
    jsonl: Annotated[
        Path | None, typer.Option(help="One JSON object a line, with id and code, instead.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where --jsonl writes; stdout if left out.")] = None,
    sandbox: Annotated[str, typer.Option(metavar="NAME", help="Where to run.")] = "restricted",
    timeout: Annotated[float, typer.Option(help="Seconds a program may take.")] = 5.0,
    memory: Annotated[
        int, typer.Option(metavar="MB", help="Memory a program may take.", min=32)
    ] = 256,
    json: Annotated[bool, typer.Option("--json", help="Print the execution as JSON.")] = False,
) -> None:
    """Run generated code safely, and show its value.

    The value is that of `solution()`, else of `ans` or `answer`. Exit code 1 where a
    single program did not end well.
    """
    raise NotImplementedError
