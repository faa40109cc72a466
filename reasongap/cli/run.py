"""`reasongap run`: one model under one strategy."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from reasongap.cli import options, paying
from reasongap.cli.failing import FailIf, read_rules
from reasongap.cli.options import Format


@options.takes_study
def run(  # noqa: PLR0913, PLR0917 (an option each)
    model: Annotated[
        str,
        typer.Option("-m", "--model", metavar="MODEL", help="Any LiteLLM name, local/… or hf/…."),
    ] = "local/smollm2-135m",
    strategy: Annotated[
        str,
        typer.Option(
            "-s",
            "--strategy",
            "--solver",
            metavar="NAME",
            help="cot, pot, 'self-consistency(pot, n=5)', your own FILE.py; see "
            "`reasongap list strategies`.",
        ),
    ] = "cot",
    engine: options.Engine = None,
    ray_address: options.RayAddress = None,
    out: options.Out = None,
    format: options.Output = Format.TABLE,  # noqa: A002 (the option's name)
    fail_if: FailIf = None,
    no_cache: options.NoCache = False,
    yes: paying.Yes = False,
    confirm_above: paying.ConfirmAbove = 1.0,
    *,
    asked: dict[str, Any],
) -> None:
    """Ask one model under one strategy, and print its gap."""
    from reasongap.cli.carry_out import Consent, carry_out
    from reasongap.runs.study import make_study

    made = make_study(models=(model,), strategies=(strategy,), **asked)
    consent = Consent(yes, confirm_above)
    rules = read_rules(fail_if)
    carry_out(
        made,
        out,
        engine=options.engine_name(engine, ray_address),
        read_cache=not no_cache,
        form=format,
        consent=consent,
        rules=rules,
    )
