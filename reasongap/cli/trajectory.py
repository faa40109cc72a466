"""`reasongap trajectory`: checkpoints of a training run, from their folder to the curve."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reasongap.cli import options, paying
from reasongap.cli.options import Format

if TYPE_CHECKING:
    from reasongap.runs.study import Study

TRAINING = "Training"

Series = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=DIR",
        help="A folder with checkpoint-N folders, and what to call it. Repeatable.",
        rich_help_panel=TRAINING,
    ),
]
Base = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        help="The model before training: step 0 of every series.",
        rich_help_panel=TRAINING,
    ),
]
Further = Annotated[
    list[str] | None,
    typer.Option(
        "-m",
        "--model",
        metavar="MODEL",
        help="A further model to ask beside the series. Repeatable.",
    ),
]
Figures = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Where to write the curve, as SVG, PDF and PNG.  (default: the run's folder)",
        show_default=False,
        rich_help_panel=options.PLACES,
    ),
]


@options.takes_study
def trajectory(  # noqa: PLR0913, PLR0917 (an option each)
    study: options.StudyFile = None,
    series: Series = None,
    base: Base = None,
    model: Further = None,
    strategy: options.Strategies = None,
    engine: options.Engine = None,
    ray_address: options.RayAddress = None,
    out: options.Out = None,
    figures: Figures = None,
    format: options.Output = Format.TABLE,  # noqa: A002 (the option's name)
    no_cache: options.NoCache = False,
    yes: paying.Yes = False,
    confirm_above: paying.ConfirmAbove = 1.0,
    *,
    asked: dict[str, Any],
) -> None:
    """Ask every checkpoint of training runs; print and draw how single problems and chains go.

    Says at which step the chain is best, and whether the fall behind it is more than noise.
    Only what the folder lacks is asked. Models that a study file gives a `series` and a
    `step`, such as checkpoints on a server, take part too.
    """
    from reasongap.api import new_folder
    from reasongap.cli.carry_out import Consent, carry_out
    from reasongap.runs.series import series_tables, with_tables
    from reasongap.runs.study import load_study, make_study

    tables = series_tables(_named(series), base)
    asked["models"] = (*(model or ()), *tables) or None
    asked["strategies"] = tuple(strategy) if strategy else None
    made = with_tables(load_study(study, **asked) if study else make_study(**asked), tables)
    folder = out or new_folder()

    def show(study: Study, run: Path, form: Format) -> bool:
        return _show(study, run, form, figures or run)

    carry_out(
        made,
        folder,
        engine=options.engine_name(engine, ray_address),
        read_cache=not no_cache,
        form=format,
        consent=Consent(yes, confirm_above),
        show=show,
    )


def _named(series: list[str] | None) -> dict[str, Path]:
    """The folder of each series. Raises typer's `BadParameter`."""
    found: dict[str, Path] = {}
    for text in series or ():
        name, _, folder = text.partition("=")
        if not name or not folder or name in found:
            why = f"{text!r} is no NAME=DIR" if not (name and folder) else f"{name!r} stands twice"
            raise typer.BadParameter(why, param_hint="--series")
        found[name] = Path(folder)
    return found


def _show(study: Study, run: Path, form: Format, figures: Path) -> bool:
    """Print the trajectories that a run holds and draw them; whether the machinery failed."""
    from reasongap.analysis import analyse
    from reasongap.analysis.merging import merge
    from reasongap.analysis.trajectory import trajectories
    from reasongap.domain import MACHINERY
    from reasongap.report.reasons import explained
    from reasongap.report.terminal import warn
    from reasongap.report.trajectory import render_trajectories, save_curves
    from reasongap.runs.folder import read_run
    from reasongap.runs.opening import names_of

    evidence = merge([read_run(run, lean=True).only(*names_of(study), study.size)])
    rows = trajectories(evidence)
    estimates = analyse(evidence.records, evidence.specs, evidence.strategies)
    notes = explained(estimates, evidence.records).notes
    print(render_trajectories(rows, notes, form.value), end="")
    if form is Format.CSV:
        warn(notes)
    if rows:
        command = shlex.join(["reasongap", *sys.argv[1:]])
        (*_, image) = save_curves(rows, figures, command)
        print(f"Curve: {image} (and .svg, .pdf)", file=sys.stderr)
    return any(record.outcome in MACHINERY for record in evidence.records)
