"""`reasongap compare`: models × strategies on the same compositions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from reasongap.cli import options
from reasongap.cli.options import Format


@options.takes_study
def compare(
    study: Annotated[
        Path | None, typer.Argument(metavar="[STUDY.toml]", help="A study file.")
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            "-m",
            "--model",
            metavar="MODEL",
            help="Any LiteLLM name, or local/…. Repeatable.  (default: local/smollm2-135m)",
        ),
    ] = None,
    strategy: Annotated[
        list[str] | None,
        typer.Option(
            "-s",
            "--strategy",
            "--solver",
            metavar="NAME",
            help="cot, pot, or your own FILE.py; the first is the baseline. Repeatable.  "
            "(default: cot, pot)",
        ),
    ] = None,
    out: options.Out = None,
    format: options.Output = Format.TABLE,  # noqa: A002 (the option's name)
    no_cache: options.NoCache = False,
    *,
    asked: dict[str, Any],
) -> None:
    """Ask every model under every strategy; print the gaps and how the strategies change them.

    Without arguments: the embedded model on minted problems. Only what the folder lacks is
    asked, so the same command goes on where a run was broken off. What a study file sets
    gives way to what is set here.
    """
    from reasongap.cli.carry_out import carry_out
    from reasongap.runs.study import load_study, make_study

    asked["models"] = tuple(model) if model else None
    asked["strategies"] = tuple(strategy) if strategy else None
    made = load_study(study, **asked) if study else make_study(**asked)
    carry_out(made, out, read_cache=not no_cache, form=format)
