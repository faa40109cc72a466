"""Watching a run on stderr: a live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from reasongap.domain import MACHINERY, Record
from reasongap.runs.events import Answered, Emit, Event, Fetched, Planned

PLAIN_EVERY = 10.0
"""Seconds between plain lines."""


@dataclass
class Tally:
    """What has been seen so far: right and asked per strategy, faults, dollars.

    `seen` counts every record, `asked` those that the machinery did not fail at.
    """

    right: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    seen: int = 0
    faults: int = 0
    cost: float = 0.0
    unknown_cost: bool = False

    def add(self, record: Record) -> None:
        """Count one record."""
        if record.outcome in MACHINERY:
            self.faults += 1
        else:
            name = record.key.strategy
            self.asked[name] = self.asked.get(name, 0) + 1
            self.right[name] = self.right.get(name, 0) + (record.outcome == "correct")
        self.seen += 1
        for completion in record.solution.completions:
            self.unknown_cost |= completion.cost is None
            self.cost += completion.cost or 0.0

    def __str__(self) -> str:
        parts = [f"{name} {self.right[name] / asked:.0%}" for name, asked in self.asked.items()]
        if self.cost:
            parts.append(f"${self.cost:.4f}{'+' if self.unknown_cost else ''}")
        if self.faults:
            parts.append(f"{self.faults} failed")
        return " · ".join(parts)


@contextmanager
def watching(console: Console | None = None) -> Iterator[Emit]:
    """An `emit` that shows the run while the context lasts."""
    console = console or Console(stderr=True)
    if console.is_terminal:
        with _live(console) as emit:
            yield emit
    else:
        yield _Plain()


@contextmanager
def fetching(name: str) -> Iterator[Callable[[int, int | None], None]]:
    """A callback of bytes done and bytes in all that shows a download on stderr."""
    columns = (
        TextColumn(f"[bold]pulling {name}"),
        BarColumn(bar_width=20),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def _live(console: Console) -> Iterator[Emit]:
    tally = Tally()
    columns = (
        TextColumn("[bold]asking"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[tally]}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, rate="", tally="")
        started, before = time.monotonic(), 0

        def emit(event: Event) -> None:
            nonlocal before
            match event:
                case Planned(total, done):
                    before = done
                    bar.update(task, total=total, completed=done)
                case Answered(record):
                    tally.add(record)
                    fresh = tally.seen
                    rate = f"{fresh / max(time.monotonic() - started, 1e-9):.1f}/s"
                    bar.update(task, completed=before + fresh, rate=rate, tally=str(tally))
                case Fetched(model, done, total):
                    bar.update(task, completed=done, total=total, tally=f"bytes of {model}")

        yield emit


class _Plain:
    """Progress for logs: a line at the start, every few seconds, and at the end."""

    def __init__(self) -> None:
        self.tally, self.total, self.done = Tally(), 0, 0
        self.pulled: set[str] = set()
        self.started = self.printed = time.monotonic()

    def __call__(self, event: Event) -> None:
        match event:
            case Planned(total, done):
                self.total, self.done = total, done
                known = f", {done} of them answered before" if done else ""
                print(f"{total} questions{known}", file=sys.stderr)
            case Answered(record):
                self.tally.add(record)
                self.done += 1
                self._maybe_print()
            case Fetched(model, done, total):
                if done == total and model not in self.pulled:
                    self.pulled.add(model)
                    print(f"pulled {model}: {done / 1e6:,.0f} MB", file=sys.stderr)

    def _maybe_print(self) -> None:
        now = time.monotonic()
        if self.done < self.total and now - self.printed < PLAIN_EVERY:
            return
        self.printed = now
        seconds = max(now - self.started, 1e-9)
        fresh = self.tally.seen
        left = (self.total - self.done) * seconds / fresh
        print(
            f"{self.done}/{self.total}  {fresh / seconds:.1f}/s  {left:.0f} s left  {self.tally}",
            file=sys.stderr,
        )
