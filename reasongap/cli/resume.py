"""`reasongap resume`: go on with a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reasongap.cli import options, paying
from reasongap.cli.options import Format


def resume(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder.")],
    budget: paying.Budget = None,
    most_tokens: paying.MostTokens = None,
    api_base: options.ApiBase = None,
    yes: paying.Yes = False,
    confirm_above: paying.ConfirmAbove = 1.0,
    engine: options.Engine = None,
    ray_address: options.RayAddress = None,
    format: options.Output = Format.TABLE,  # noqa: A002 (the option's name)
) -> None:
    """Go on with a run where it stopped: nothing that was answered is asked again.

    Everything that was asked for is known from the folder. A limit that stopped the run can
    be raised, a server may have moved, and another engine can take over.
    """
    from reasongap.cli.carry_out import ATTRITION, Consent, carry_out
    from reasongap.errors import UsageError
    from reasongap.runs.description import revive
    from reasongap.runs.folder import read_plan
    from reasongap.runs.manifest import unfinished

    manifest, compositions = read_plan(run)
    failed = False
    for sitting in unfinished(manifest):
        means = {"budget": budget, "max_output_tokens_total": most_tokens, "api_base": api_base}
        study = revive(sitting.study, **means)
        placed = [name for name, table in study.model.items() if "api_base" in table]
        if api_base and placed:
            raise UsageError(
                f"--api-base {api_base}: the study file gave {placed[0]} an address of its own. "
                "Change it there, and `reasongap compare STUDY.toml --out` this folder goes on"
            )
        try:
            carry_out(
                study,
                run,
                engine=options.engine_name(engine, ray_address, sitting.engine),
                read_cache=not sitting.fresh,
                form=format,
                consent=Consent(yes, confirm_above),
                compositions=compositions[: sitting.n],
            )
        except typer.Exit as ended:
            if ended.exit_code != ATTRITION:
                raise
            failed = True
    if failed:
        raise typer.Exit(ATTRITION)
