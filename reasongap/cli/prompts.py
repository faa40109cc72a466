"""`reasongap prompts`: what there is to ask with, and exactly what would be sent."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from reasongap.cli import options, paying
from reasongap.cli.ranges import between

app = typer.Typer(
    help="List the prompts, and show exactly what would be sent.", no_args_is_help=True
)


WITHOUT_EFFECT = (*paying.PAID, "repeats", "controls", "dtype", "connections", "deadline")
"""Fields of a study that change nothing of what is sent first."""

Shown = Annotated[
    int | None,
    typer.Option(
        "-n",
        metavar="N",
        help="Compositions to show.  (default: 1)",
        show_default=False,
        callback=between(1),
    ),
]


def _of_asking(command: Callable[..., None]) -> Callable[..., None]:
    """A command that takes a study, without the options that say nothing about its prompts."""

    @functools.wraps(command)
    def asking(**given: object) -> None:
        command(**given, **dict.fromkeys(WITHOUT_EFFECT))

    signature = inspect.signature(command)
    kept = [p for p in signature.parameters.values() if p.name not in WITHOUT_EFFECT]
    kept = [p.replace(annotation=Shown) if p.name == "n" else p for p in kept]
    asking.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
    asking.__annotations__ = {p.name: p.annotation for p in kept}
    return asking


@app.command("list")
def list_prompts(
    prompt_folder: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Your own prompts: NAME.toml in it is laid over ours."),
    ] = None,
) -> None:
    """List every prompt with its wordings, and the sets of exemplars."""
    from reasongap.prompts import exemplar_sets, prompt_names, read_folder

    own = read_folder(prompt_folder) if prompt_folder else ()
    for name, wordings in prompt_names(own).items():
        print(f"{name:<24} {', '.join(wordings)}")
    print(f"{'exemplars':<24} {', '.join(exemplar_sets(own))}")


@app.command("show")
@_of_asking
@options.takes_study
def show(
    strategy: Annotated[
        str, typer.Argument(metavar="STRATEGY", help="Its name: cot, pot(prompt=terse) …")
    ],
    model: Annotated[
        str, typer.Option("-m", "--model", metavar="MODEL", help="Whose form it is asked in.")
    ] = "local/smollm2-135m",
    setting: Annotated[
        str,
        typer.Option(
            metavar="SETTING", help="The form to ask in: hop1, hop2, composed, hop2-source …"
        ),
    ] = "composed",
    *,
    asked: dict[str, Any],
) -> None:
    """Print what a strategy would send for its first questions; nothing is sent.

    A strategy of several calls shows the first: the later ones hold what was replied.
    """
    import anyio

    from reasongap.cli.places import data_folder
    from reasongap.report.prompts import print_calls
    from reasongap.runs.first_calls import first_calls
    from reasongap.runs.study import make_study

    asked["n"] = asked["n"] or 1
    study = make_study(models=(model,), strategies=(strategy,), **asked)
    print_calls(anyio.run(first_calls, study, setting, data_folder()))
