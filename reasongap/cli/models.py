"""`reasongap models`: the real models that run on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(
    help="List, pull and remove the models that run on this machine.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="A name that `models list` shows.")]


@app.command("list")
def list_local() -> None:
    """List them: size, license, bytes, and whether they are here."""
    from reasongap.models import list_models
    from reasongap.models.local.weights import WEIGHTS, installed
    from reasongap.report.grids import size

    here = installed()
    for spec in list_models():
        name = spec.name.removeprefix("local/")
        weights = WEIGHTS[name]
        state = "here" if name in here else "not pulled"
        megabytes = f"{weights.bytes / 1e6:,.0f} MB"
        print(f"{spec.name:<28} {size(spec.size):>6} {megabytes:>9}  {weights.license}  {state}")
    print("Any other: local/PATH.gguf, hf/CHECKPOINT, or a name that LiteLLM knows.")


@app.command("pull")
def pull(name: Name) -> None:
    """Fetch a model's weights into the user's cache, checked."""
    from reasongap.models.local.weights import pull as fetch
    from reasongap.report.progress import fetching

    with fetching(name) as progress:
        path = fetch(name.removeprefix("local/"), progress=progress)
    print(path)


@app.command("rm")
def remove(name: Name) -> None:
    """Remove a model's weights from the user's cache."""
    from reasongap.models.local.weights import remove as clear

    print(f"freed {clear(name.removeprefix('local/')) / 1e6:,.0f} MB")
