"""The command line: one file a command; each imports its work when it runs."""

from __future__ import annotations

import sys
import warnings
from typing import Annotated

import typer

from reasongap.cli import (
    cache,
    compare,
    compose,
    doctor,
    encoding,
    execute,
    listing,
    mint,
    models,
    places,
    plan,
    prompts,
    report,
    rescore,
    resume,
    run,
    sandbox,
    score,
    show,
    trajectory,
)
from reasongap.errors import ReasongapError

app = typer.Typer(
    name="reasongap",
    help="Measure the reasoning gap of language models, and how much of it code closes.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"reasongap {version('reasongap')}")
        raise typer.Exit


@app.callback()
def _top(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None: ...


app.command("compare")(compare.compare)
app.command("run")(run.run)
app.command("resume")(resume.resume)
app.command("trajectory")(trajectory.trajectory)
app.command("plan")(plan.plan)
app.command("report")(report.report)
app.command("rescore")(rescore.rescore)
app.command("show")(show.show)
app.command("compose")(compose.compose)
app.command("mint")(mint.mint)
app.command("exec")(execute.execute)
app.command("score")(score.score)
app.command("doctor")(doctor.doctor)
app.command("list")(listing.listing)
app.add_typer(cache.app, name="cache")
app.add_typer(models.app, name="models")
app.add_typer(prompts.app, name="prompts")
app.add_typer(sandbox.app, name="sandbox")


def main() -> None:
    """Run the command line; a user's mistake ends in one line, never in a traceback."""
    encoding.never_fail(sys.stdout, sys.stderr)
    # A call that Ctrl-C cuts off inside LiteLLM leaves a coroutine behind: nobody's mistake.
    warnings.filterwarnings("ignore", message="coroutine .* was never awaited")
    try:
        with places.printing():
            app()
    except ReasongapError as error:
        print(f"reasongap: {execute.shown(str(error), sys.stderr)}", file=sys.stderr)
        sys.exit(error.exit_code)
