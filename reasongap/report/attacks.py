"""What came of attacks: a line a category, every success, and on demand every attack."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from reasongap.report.terminal import shown, visible
from reasongap.sandbox.attacks.throwaway import Control
from reasongap.sandbox.attacks.trial import Trial

BY = {
    "blocked": "policy",
    "timeout": "clock",
    "memory": "memory limit",
    "output_limit": "output limit",
    "crashed": "died of itself",
    "ok": "reached nothing",
}
"""What stopped a program that ended so, in a word or two; an error stops by its own name."""

MOST = 4
"""Ways of stopping that a category's line names."""

Controls = Mapping[str, Control]
"""The control of each attack by its id; empty where none was run."""


@dataclass(frozen=True)
class Siege:
    """All attacks on one sandbox, with the walls that stood and, where they ran, the controls.

    An attack whose control was not seen to succeed is not counted.
    """

    sandbox: str
    layers: tuple[str, ...]
    trials: tuple[Trial, ...]
    controls: Controls

    @property
    def counted(self) -> tuple[Trial, ...]:
        """The trials that prove something."""
        return tuple(t for t in self.trials if not self.controls or self.controls[t.attack.id].seen)

    @property
    def successes(self) -> tuple[Trial, ...]:
        """The trials in which the attack had an effect."""
        return tuple(trial for trial in self.trials if trial.succeeded)


@contextmanager
def trying(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A callback that counts up on stderr, on a terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(visible(what), total=total)
        yield lambda: bar.advance(task)


def attack_table(siege: Siege, every: bool = False) -> RenderableType:
    """One sandbox's siege; `every` lists each attack with what stopped it."""
    title = f"{len(siege.counted)} attacks on {siege.sandbox}"
    if skipped := len(siege.trials) - len(siege.counted):
        title += f" ({skipped} more not counted: their control was not seen to succeed)"
    parts: list[RenderableType] = [_text(title, "bold cyan")]
    parts.append(_each(siege) if every else _categories(siege))
    for trial in siege.successes:
        seen = "; ".join(each.what for each in trial.seen)
        parts.append(_text(f"! {trial.attack.id} ({trial.attack.tries}): {seen}", "bold red"))
    for trial in siege.trials if every else ():
        if trial not in siege.counted:
            control = siege.controls[trial.attack.id]
            parts.append(_text(f"not counted: {trial.attack.id}: {control.what}", "yellow"))
    verdict = f"{len(siege.successes)} succeeded" if siege.successes else "none succeeded"
    parts.append(Text(f"{verdict}. Walls: {', '.join(siege.layers)}", style="dim"))
    return Group(*parts, "")


def attacks_json(sieges: Sequence[Siege]) -> dict[str, Any]:
    """All of it, for `--format json`."""
    return {
        "schema": 1,
        "sandboxes": [
            {
                "name": siege.sandbox,
                "layers": siege.layers,
                "tried": len(siege.trials),
                "counted": len(siege.counted),
                "succeeded": len(siege.successes),
                "attacks": [_row(trial, siege.controls) for trial in siege.trials],
            }
            for siege in sieges
        ],
    }


def _row(trial: Trial, controls: Controls) -> dict[str, Any]:
    attack, control = trial.attack, controls.get(trial.attack.id)
    return {
        "category": attack.category,
        "name": attack.name,
        "tries": attack.tries,
        "effect": attack.effect,
        "succeeded": trial.succeeded,
        "seen": [asdict(each) for each in trial.seen],
        "stopped_by": None if trial.succeeded else trial.stopped_by,
        "control": None if control is None else asdict(control),
    }


def _categories(siege: Siege) -> Table:
    table = _table("category", "tried", "succeeded", "stopped by")
    for category in dict.fromkeys(trial.attack.category for trial in siege.counted):
        trials = [trial for trial in siege.counted if trial.attack.category == category]
        succeeded = sum(trial.succeeded for trial in trials)
        ways = Counter(_way(trial) for trial in trials if not trial.succeeded)
        named = [f"{count} {way}" for way, count in ways.most_common(MOST)]
        if rest := ways.total() - sum(count for _, count in ways.most_common(MOST)):
            named.append(f"{rest} otherwise")
        cells = (category, str(len(trials)), str(succeeded), ", ".join(named))
        table.add_row(*map(_text, cells))
    return table


def _each(siege: Siege) -> Table:
    table = _table("category", "attack", "tries to", "stopped by")
    for trial in siege.counted:
        attack = trial.attack
        ended = _text("succeeded", "red") if trial.succeeded else _text(trial.stopped_by)
        table.add_row(*map(_text, (attack.category, attack.name, attack.tries)), ended)
    return table


def _text(text: str, style: str = "") -> Text:
    return Text(shown(text), style=style)


def _way(trial: Trial) -> str:
    """What stopped it, in a word or two."""
    execution = trial.execution
    if execution is None:
        return "nothing"
    error = execution.error or "error"
    if execution.status == "blocked" and "bytes long" in error:
        return "size limit"
    return BY.get(execution.status) or re.split(r"[:( ]", error)[0]


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        number = column in ("tried", "succeeded")
        table.add_column(column, justify="right" if number else "left", overflow="fold")
    return table
