"""`reasongap plan`: what a study takes and what it can show, before anything is sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reasongap.cli import options
from reasongap.cli.options import Format
from reasongap.cli.ranges import between

if TYPE_CHECKING:
    from reasongap.runs.study import Study


@options.takes_study
def plan(
    study: options.StudyFile = None,
    model: options.Models = None,
    strategy: options.Strategies = None,
    pilot: Annotated[
        Path | None,
        typer.Option(
            metavar="RUN",
            help="A run of the same kind, whose lengths of replies and scatter of answers hold.",
        ),
    ] = None,
    precision: Annotated[
        float,
        typer.Option(
            metavar="D", help="Wished half width of Δ's 95% interval.", callback=between(0.001, 1)
        ),
    ] = 0.05,
    assume: Annotated[
        float,
        typer.Option(
            metavar="S",
            help="Accuracy on a hop, where no pilot says more.",
            callback=between(0.01, 0.99),
        ),
    ] = 0.7,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="A run's folder: plan what it still lacks.",
            rich_help_panel=options.PLACES,
        ),
    ] = None,
    format: options.Output = Format.TABLE,  # noqa: A002 (the option's name)
    *,
    asked: dict[str, Any],
) -> None:
    """Say what a study takes (calls, tokens, dollars) and the smallest effect it can show.

    Takes a study as `compare` does, and asks nobody. Sources of problems are read, prompts are
    the real ones, and replies that the cache holds cost nothing.
    """
    from reasongap.runs.study import load_study, make_study

    asked["models"] = tuple(model) if model else None
    asked["strategies"] = tuple(strategy) if strategy else None
    made = load_study(study, **asked) if study else make_study(**asked)
    _print(made, pilot, out, precision, assume, format)


def _print(
    study: Study,
    pilot: Path | None,
    out: Path | None,
    precision: float,
    assume: float,
    form: Format,
) -> None:
    import anyio

    from reasongap.analysis.detectable import Wish, showings
    from reasongap.api import new_folder, reply_cache
    from reasongap.cli.places import data_folder
    from reasongap.report.plan import plan_notes, render_plan
    from reasongap.report.progress import watching
    from reasongap.report.terminal import warn
    from reasongap.runs.calling import Places
    from reasongap.runs.folder import read_run
    from reasongap.runs.lengths import lengths_of
    from reasongap.runs.planning import foresee

    records = read_run(pilot, lean=True).records if pilot else ()
    places = Places(out or new_folder(), reply_cache(), data_folder())
    with watching() as emit:
        found = anyio.run(foresee, study, places, lengths_of(records), emit)
    n, blocks = len(found.compositions), {one.block for one in found.compositions}
    wish = Wish(n, len(blocks) / n, precision, (assume,) * study.hops, study.repeats)
    shown = showings(wish, found.models, found.strategies, records)
    print(render_plan(found.plan, shown, wish, form.value), end="")
    if form is Format.CSV:
        warn(plan_notes(found.plan, shown, wish))
