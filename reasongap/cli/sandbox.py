"""`reasongap sandbox`: the image that the Docker sandbox runs programs in."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

app = typer.Typer(help="Build the image of the docker sandbox.", no_args_is_help=True)


@app.callback()
def _top() -> None: ...


@app.command("build")
def build(
    from_host: Annotated[
        bool, typer.Option("--from-host", help="Pack the running Python (the default).")
    ] = False,
    base: Annotated[
        str | None,
        typer.Option(metavar="IMAGE@DIGEST", help="Build on an image that has Python instead."),
    ] = None,
    packages: Annotated[
        str,
        typer.Option(
            "--with", metavar="NAMES", help="Packages that programs may import: sympy,numpy."
        ),
    ] = "",
) -> None:
    """Build the image that `--sandbox docker` runs, and print its name.

    Packing the running Python needs no registry. The same inputs give the same name.
    """
    from reasongap.errors import UsageError
    from reasongap.sandbox.containers.engine import Engine
    from reasongap.sandbox.containers.image import build_from_host, build_on, outdated

    if from_host and base is not None:
        raise UsageError("--from-host and --base exclude each other: give one")
    names = tuple(sorted({name.strip() for name in packages.split(",")} - {""}))
    engine = Engine.connect()
    try:
        if base is None:
            tag = build_from_host(engine, names, _say)
        else:
            tag = build_on(engine, base, names, _say)
        if old := outdated(engine):
            _say(f"images of other versions are left; to remove them: docker rmi {' '.join(old)}")
    finally:
        engine.close()
    print(tag)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
