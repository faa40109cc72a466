"""What works on this machine, as a table or as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from reasongap.report.machine import Machine, SandboxState
from reasongap.report.terminal import shown

HERE, MISSING = Text("✓", style="green"), Text("–", style="yellow")


def machine_table(machine: Machine) -> RenderableType:
    """Each part, then each sandbox with its walls."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column()
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for part in machine.parts:
        table.add_row(HERE if part.here else MISSING, Text(part.name), Text(shown(part.detail)))
    for sandbox in machine.sandboxes:
        for place, line in enumerate(_lines(sandbox)):
            mark = Text() if place else HERE if sandbox.problem is None else MISSING
            table.add_row(mark, Text("" if place else f"sandbox {sandbox.name}"), line)
    return Group(table)


def machine_json(machine: Machine) -> dict[str, Any]:
    """The same for `--format json`."""
    return {
        "schema": 1,
        "parts": [asdict(part) for part in machine.parts],
        "sandboxes": [
            {**asdict(sandbox), "missing": dict(sandbox.missing)} for sandbox in machine.sandboxes
        ],
    }


def _lines(sandbox: SandboxState) -> Iterator[Text]:
    if sandbox.problem is not None:
        yield Text(shown(sandbox.problem))
        return
    yield Text(", ".join(sandbox.layers))
    for layer, why in sandbox.missing:
        yield Text(f"without {layer}: {why}", style="yellow")
