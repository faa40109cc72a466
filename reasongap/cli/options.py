"""Options that several commands take, each declared once."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, get_type_hints

import typer

from reasongap.cli.asking import ASKED
from reasongap.cli.paying import PAID
from reasongap.cli.ranges import between

ASKING, PROGRAMS, ENGINE, PLACES = "Asking", "Programs", "Engine", "Files and output"


class Format(StrEnum):
    """How a result is written to stdout."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    LATEX = "latex"


StudyFile = Annotated[
    Path | None,
    typer.Argument(
        metavar="STUDY.toml",
        help="A study file: options by their names, and a table a model.",
        show_default=False,
    ),
]
Models = Annotated[
    list[str] | None,
    typer.Option(
        "-m",
        "--model",
        metavar="MODEL",
        help="Any LiteLLM name, local/… or hf/…. Repeatable.  (default: local/smollm2-135m)",
    ),
]
Strategies = Annotated[
    list[str] | None,
    typer.Option(
        "-s",
        "--strategy",
        "--solver",
        metavar="NAME",
        help="cot, pot, 'self-consistency(pot, n=5)', your own FILE.py; see `reasongap list "
        "strategies`. The first is the baseline. Repeatable.  "
        "(default: cot, pot)",
    ),
]
SOURCES = (
    "Where problems come from: minted[:STEPS[:THEMES]], gsm8k[:train|:PATH], "
    "hf:NAME[@CONFIG][:SPLIT], or a JSON-lines file of problems"
)
Problems = Annotated[
    str | None,
    typer.Option(
        "-p",
        "--problems",
        metavar="SOURCE",
        help=f"{SOURCES} or compositions.  (default: minted; minted:1 with the embedded model)",
        show_default=False,
    ),
]
Count = Annotated[
    int | None,
    typer.Option(
        "-n",
        metavar="N",
        help="Compositions (chains of problems) to ask.  (default: 100; 15 with the embedded "
        "model)",
        show_default=False,
        callback=between(1),
    ),
]
Hops = Annotated[
    int | None,
    typer.Option(
        metavar="K", help="Problems in a chain, 2 to 8.  (default: 2)", callback=between(2, 8)
    ),
]
Seed = Annotated[
    int | None, typer.Option(metavar="N", help="Seed of everything that is drawn.  (default: 0)")
]
Controls = Annotated[
    list[str] | None,
    typer.Option(
        "--control",
        metavar="SETTING",
        help="Also ask the second problem as published (hop2-source: is it known by heart?) or "
        "behind an unrelated one (hop2-distracted). Repeatable.",
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="FIELD=NAME",
        help="The column of your rows that holds question, answer, solution, id or program. "
        "Repeatable.",
    ),
]
Shots = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="Worked exemplars to show, 0 to 8.  (default: 8 in base form, 0 in chat form)",
        callback=between(0, 8),
        rich_help_panel=ASKING,
    ),
]
Preamble = Annotated[
    bool | None,
    typer.Option(
        "--preamble/--no-preamble",
        help="State the form of the answer before the exemplars.  (default: yes)",
        rich_help_panel=ASKING,
    ),
]
Repeats = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="Times to ask each question.  (default: 1)",
        callback=between(1),
        rich_help_panel=ASKING,
    ),
]
Temperature = Annotated[
    float | None,
    typer.Option(
        metavar="T",
        help="Sampling temperature, 0 to 2.  (default: 0)",
        callback=between(0, 2),
        rich_help_panel=ASKING,
    ),
]
MaxTokens = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="Longest reply in tokens.  (default: each model's own, mostly 1024)",
        callback=between(1),
        rich_help_panel=ASKING,
    ),
]
ApiBase = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Where the model is served.", rich_help_panel=ASKING),
]
Connections = Annotated[
    int | None,
    typer.Option(
        "--max-connections",
        metavar="N",
        help="Calls in flight per endpoint, at most.  (default: 16)",
        callback=between(1),
        rich_help_panel=ASKING,
    ),
]
Deadline = Annotated[
    float | None,
    typer.Option(
        metavar="S",
        help="Seconds that one call may take before it is tried again.  (default: 600)",
        rich_help_panel=ASKING,
    ),
]
Sandbox = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Where programs run; see `reasongap list sandboxes`.  "
        "(default: restricted; of `rescore`: the run's own)",
        rich_help_panel=PROGRAMS,
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        metavar="S",
        help="Seconds a program may take.  (default: 5; of `rescore`: the run's own)",
        rich_help_panel=PROGRAMS,
    ),
]
Memory = Annotated[
    int | None,
    typer.Option(
        metavar="MB",
        help="Memory a program may take.  (default: 256; of `rescore`: the run's own)",
        callback=between(32),
        rich_help_panel=PROGRAMS,
    ),
]
AllowImport = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-import",
        metavar="PACKAGE",
        help="Let programs import numpy or sympy as well. Repeatable.",
        rich_help_panel=PROGRAMS,
    ),
]
RequireIsolation = Annotated[
    bool | None,
    typer.Option(
        "--require-isolation",
        help="Run nothing where an isolation layer is missing.",
        rich_help_panel=PROGRAMS,
    ),
]
Engine = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="What carries out calls and programs: local, or ray, on every core of this machine "
        "or of a cluster.  (default: local; of `resume`: the run's last)",
        rich_help_panel=ENGINE,
    ),
]
RayAddress = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="The Ray cluster: auto finds the one that this machine belongs to.  "
        "(default: one of this machine's own)",
        rich_help_panel=ENGINE,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="The run's folder; an existing one is extended.  "
        "(default: reasongap-runs/ and the time)",
        show_default=False,
        rich_help_panel=PLACES,
    ),
]
Output = Annotated[
    Format,
    typer.Option(
        "--format",
        metavar="FORM",
        help="How to print the result: table, json, csv, markdown or latex.",
        rich_help_panel=PLACES,
    ),
]
NoCache = Annotated[
    bool,
    typer.Option(
        "--no-cache",
        help="Ask afresh even where a reply is known (replies are still kept).",
        rich_help_panel=PLACES,
    ),
]

STUDY: dict[str, object] = {
    "problems": Problems,
    "n": Count,
    "hops": Hops,
    "seed": Seed,
    "controls": Controls,
    "columns": Columns,
    "shots": Shots,
    "preamble": Preamble,
    **ASKED,
    "repeats": Repeats,
    "temperature": Temperature,
    "max_tokens": MaxTokens,
    "api_base": ApiBase,
    "connections": Connections,
    "deadline": Deadline,
    "sandbox": Sandbox,
    "timeout": Timeout,
    "memory": Memory,
    "allow_import": AllowImport,
    "require_isolation": RequireIsolation,
    **PAID,
}
"""The options that make up a study, by the field of `runs.study.Study` that each fills."""


def engine_name(engine: str | None, ray_address: str | None, default: str = "local") -> str:
    """The engine as `runs.engines.open_engine` takes it. Raises typer's `BadParameter`."""
    if ray_address is None:
        return engine or default
    if engine != "ray":
        raise typer.BadParameter("goes with --engine ray", param_hint="--ray-address")
    return f"ray:{ray_address}"


def mapping(pairs: object) -> dict[str, str] | None:
    """The columns that FIELD=NAME options name. Raises typer's `BadParameter`."""
    if not isinstance(pairs, list) or not pairs:
        return None
    found = dict(pair.partition("=")[::2] for pair in pairs)
    for field, name in found.items():
        if not name:
            raise typer.BadParameter(f"{field!r} is no FIELD=NAME", param_hint="--column")
    return found


def takes_study(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a study, which it gets as one dictionary, `asked`."""

    @functools.wraps(command)
    def with_study(**given: object) -> None:
        asked = {field: given.pop(field) for field in STUDY}
        asked["columns"] = mapping(asked["columns"])
        command(**given, asked=asked)

    hints = get_type_hints(command, include_extras=True)
    own = [p for p in inspect.signature(command).parameters.values() if p.name != "asked"]
    shared = [
        inspect.Parameter(field, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option)
        for field, option in STUDY.items()
    ]
    parameters = [p.replace(annotation=hints[p.name], kind=p.KEYWORD_ONLY) for p in own] + shared
    with_study.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    with_study.__annotations__ = {p.name: p.annotation for p in parameters}
    return with_study
