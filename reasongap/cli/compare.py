"""`reasongap compare`: models × strategies on the same compositions."""

from __future__ import annotations

from typing import Any

from reasongap.cli import options, paying
from reasongap.cli.failing import FailIf, read_rules
from reasongap.cli.options import Format


@options.takes_study
def compare(  # noqa: PLR0913, PLR0917 (an option each)
    study: options.StudyFile = None,
    model: options.Models = None,
    strategy: options.Strategies = None,
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
    """Ask every model under every strategy; print the gaps and how the strategies change them.

    Without arguments: the embedded model on minted problems. Only what the folder lacks is
    asked, so the same command goes on where a run was broken off. What a study file sets
    gives way to what is set here.
    """
    from reasongap.cli.carry_out import Consent, carry_out
    from reasongap.runs.study import load_study, make_study

    asked["models"] = tuple(model) if model else None
    asked["strategies"] = tuple(strategy) if strategy else None
    made = load_study(study, **asked) if study else make_study(**asked)
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
