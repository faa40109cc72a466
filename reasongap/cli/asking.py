"""Options that say how questions are put: prompts, exemplars, the shape of messages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PANEL = "Prompts"

Prompt = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Wording of every strategy's prompt; see `reasongap prompts list`.  "
        "(default: the one called default)",
        rich_help_panel=PANEL,
    ),
]
Exemplars = Annotated[
    str | None,
    typer.Option(
        metavar="SET",
        help="Set of worked exemplars; see `reasongap prompts list`.  "
        "(default: the one called default)",
        rich_help_panel=PANEL,
    ),
]
Prompts = Annotated[
    list[str] | None,
    typer.Option(
        "--prompts",
        metavar="FACTOR",
        help="Also ask every strategy in its variants: wordings, shots, exemplars, preamble, or "
        "all, one factor at a time. Repeatable.",
        rich_help_panel=PANEL,
    ),
]
PromptFolder = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Your own prompts: NAME.toml in it is laid over ours.",
        rich_help_panel=PANEL,
    ),
]
System = Annotated[
    bool | None,
    typer.Option(
        "--system/--no-system",
        help="In chat form, instructions as a system message.  (default: each model's own)",
        rich_help_panel=PANEL,
    ),
]
Turns = Annotated[
    bool | None,
    typer.Option(
        "--turns/--no-turns",
        help="In chat form, exemplars as turns.  (default: each model's own)",
        rich_help_panel=PANEL,
    ),
]
ReasoningEffort = Annotated[
    str | None,
    typer.Option(
        metavar="WORD",
        help="For models that think first: low, medium, high …  (default: each model's own)",
        rich_help_panel=PANEL,
    ),
]
Form = Annotated[
    str | None,
    typer.Option(
        metavar="FORM",
        help="chat, or base for models that continue a text.  (default: each model's own)",
        rich_help_panel=PANEL,
    ),
]
Dtype = Annotated[
    str | None,
    typer.Option(
        metavar="KIND",
        help="For hf/ models: load weights as float32, bfloat16 or float16.  "
        "(default: as they are stored)",
        rich_help_panel=PANEL,
    ),
]

ASKED: dict[str, object] = {
    "prompt": Prompt,
    "exemplars": Exemplars,
    "prompts": Prompts,
    "prompt_folder": PromptFolder,
    "system": System,
    "turns": Turns,
    "reasoning_effort": ReasoningEffort,
    "form": Form,
    "dtype": Dtype,
}
"""These options by the field of `runs.study.Study` that each fills."""
