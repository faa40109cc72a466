"""Watching a run on stderr: a live display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TransferSpeedColumn,
)
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from reasongap.report.tally import Tally, duration
from reasongap.report.terminal import visible
from reasongap.runs.events import Answered, Chained, Emit, Event, Fetched, Noted, Planned

PLAIN_EVERY = 10.0
"""Seconds between plain lines at first; each is a tenth of the time so far after the last."""


@contextmanager
def watching(console: Console | None = None) -> Iterator[Emit]:
    """An `emit` that shows the run while the context lasts.

    A notebook and a log get plain lines: nothing that moves a cursor.
    """
    console = console or Console(stderr=True)
    if console.is_terminal and not console.is_jupyter:
        display = _Display(console)
        try:
            yield display
        finally:
            display.close()
    else:
        yield _Plain()


@contextmanager
def fetching(name: str) -> Iterator[Callable[[int, int | None], None]]:
    """A callback of bytes done and bytes in all that shows a download on stderr."""
    with _download(Console(stderr=True)) as bar:
        task = bar.add_task(f"pulling {name}", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _download(console: Console) -> Progress:
    return _progress(console, DownloadColumn(), TransferSpeedColumn())


def _counting(console: Console) -> Progress:
    return _progress(console, MofNCompleteColumn())


def _progress(console: Console, *amounts: ProgressColumn) -> Progress:
    head = TextColumn("{task.description}", style="bold", markup=False)
    return Progress(head, BarColumn(bar_width=20), *amounts, console=console, transient=True)


@dataclass
class _Display:
    """A live display: a bar while weights are pulled or chains made, then the run with its gaps.

    It begins with the plan, so that whatever is asked of the user before can be answered.
    """

    console: Console
    tally: Tally = field(default_factory=lambda: Tally(time.monotonic))
    bar: Progress | None = None
    live: Live | None = None

    def __call__(self, event: Event) -> None:
        self.tally.hear(event)
        match event:
            case Fetched(model, done, total):
                self._advance(_download, f"pulling {model}", done, total)
            case Chained(made, wanted):
                self._advance(_counting, "composing", made, wanted)
            case Noted(text):
                self.console.print(Text(visible(text), style="yellow"))
            case Planned():
                self.live = Live(console=self.console, get_renderable=self._shown, transient=True)
                self.live.start()

    def _advance(
        self, made: Callable[[Console], Progress], what: str, done: int, total: int | None
    ) -> None:
        if self.bar is None and done != total:
            self.bar = made(self.console)
            self.bar.add_task(visible(what), completed=done, total=total)
            self.bar.start()
        elif self.bar is not None:
            self.bar.update(self.bar.task_ids[0], completed=done, total=total)
            if done == total:
                self.bar.stop()
                self.bar = None

    def _shown(self) -> RenderableType:
        tally, left = self.tally, self.tally.seconds_left
        head = Table.grid(padding=(0, 1))
        head.add_row(
            Text("asking", style="bold"),
            ProgressBar(total=tally.total or 1, completed=tally.done, width=20),
            f"{tally.done:,}/{tally.total:,}",
            f"{tally.rate:.1f}/s",
            "" if left is None else f"{duration(left)} left",
            tally.trouble(),
        )
        gaps = Table.grid(padding=(0, 2))
        for row in tally.rows:
            gaps.add_row(*(Text(visible(cell)) for cell in (*row, tally.gap(row))))
        return Group(head, gaps)

    def close(self) -> None:
        """Take the display away."""
        for shown in (self.bar, self.live):
            if shown is not None:
                shown.stop()


class _Plain:
    """Progress for logs: a line at the start, ever so often, and at the end."""

    def __init__(self) -> None:
        self.tally = Tally(time.monotonic)
        self.pulled: set[str] = set()
        self.started = self.printed = time.monotonic()

    def __call__(self, event: Event) -> None:
        self.tally.hear(event)
        match event:
            case Chained(made, wanted):
                self._rarely_tell(made, wanted)
            case Planned(total, done):
                known = f", {done} of them answered before" if done else ""
                print(f"{total} questions{known}", file=sys.stderr)
                self.started = self.printed = time.monotonic()
            case Answered():
                self._maybe_print()
            case Noted(text):
                print(text, file=sys.stderr)
            case Fetched(model, done, total):
                if done == total and model not in self.pulled:
                    self.pulled.add(model)
                    print(f"pulled {model}: {done / 1e6:,.0f} MB", file=sys.stderr)

    def _due(self) -> bool:
        """Whether the last line is so long ago that there may be another; then that is now."""
        now = time.monotonic()
        due = now - self.printed >= max(PLAIN_EVERY, (now - self.started) / 10)
        if due:
            self.printed = now
        return due

    def _rarely_tell(self, made: int, wanted: int | None) -> None:
        if self._due():
            of = "" if wanted is None else f" of {wanted:,}"
            print(f"{made:,}{of} compositions made", file=sys.stderr)

    def _maybe_print(self) -> None:
        tally = self.tally
        if tally.done < tally.total and not self._due():
            return
        left = tally.seconds_left or 0.0
        head = f"{tally.done}/{tally.total}  {tally.rate:.1f}/s  {duration(left)} left"
        print("  ".join(filter(None, (head, tally.trouble()))), file=sys.stderr)
        for row in tally.rows:
            print(f"  {' '.join(row)}  {tally.gap(row)}", file=sys.stderr)
