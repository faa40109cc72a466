"""What a run that is under way has brought so far: answers, running gaps, money, trouble."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from reasongap.domain import MACHINERY, Record
from reasongap.report.grids import signed
from reasongap.runs.events import Answered, Event, Paced, Paid, Planned, Retried

COMPOSED = "composed"
RECENT = 0.98
"""How much of the rate each answer keeps from before: about the last fifty count."""

Row = tuple[str, str]
"""Model and strategy."""


@dataclass
class Tally:
    """Counts what the events of a run tell; `clock` gives seconds.

    `total` questions make up the run, `done` have their record, `fresh` of them by this
    sitting. Dollars are those of this sitting; `unpriced` calls cost what nobody knows.
    """

    clock: Callable[[], float]
    total: int = 0
    done: int = 0
    fresh: int = 0
    failed: int = 0
    retries: int = 0
    dollars: float = 0.0
    unpriced: int = 0
    limits: dict[str, int] = field(default_factory=dict)
    asked: Counter[tuple[Row, str]] = field(default_factory=Counter)
    right: Counter[tuple[Row, str]] = field(default_factory=Counter)
    _last: float = 0.0
    _pause: float = 0.0

    def hear(self, event: Event) -> None:
        """Count one event."""
        match event:
            case Planned(total, done):
                self.total, self.done, self._last = total, done, self.clock()
            case Answered(record):
                self._answered(record)
            case Paid(_, dollars, _):
                self.unpriced += dollars is None
                self.dollars += dollars or 0.0
            case Paced(endpoint, limit, _, _):
                self.limits[endpoint] = limit
            case Retried():
                self.retries += 1

    def _answered(self, record: Record) -> None:
        now = self.clock()
        keep = min(RECENT, self.fresh / (self.fresh + 1))
        self._pause = keep * self._pause + (1 - keep) * (now - self._last)
        self._last = now
        self.done += 1
        self.fresh += 1
        if record.outcome in MACHINERY:
            self.failed += 1
            return
        place = ((record.key.model, record.key.strategy), record.key.setting)
        self.asked[place] += 1
        self.right[place] += record.outcome == "correct"

    @property
    def rate(self) -> float:
        """Answers a second, of late; 0 before the first."""
        return 1 / self._pause if self._pause > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """What the rest will take at that rate, None before it is known."""
        return (self.total - self.done) / self.rate if self.rate else None

    @property
    def rows(self) -> list[Row]:
        """Models and strategies that have answers, in the order of their first."""
        return list(dict.fromkeys(row for row, _ in self.asked))

    def accuracies(self, row: Row) -> dict[str, float]:
        """The accuracy in each setting of the gap so far: the hops in order, then the chain."""
        settings = sorted(
            setting
            for other, setting in self.asked
            if other == row and (setting == COMPOSED or setting.removeprefix("hop").isdigit())
        )
        ordered = sorted(settings, key=lambda name: (name == COMPOSED, len(name), name))
        return {name: self.right[row, name] / self.asked[row, name] for name in ordered}

    def delta(self, row: Row) -> float | None:
        """Δ so far, of whatever was answered; None while a setting has no answer."""
        found = self.accuracies(row)
        chain = found.pop(COMPOSED, None)
        if chain is None or not found:
            return None
        return chain - math.prod(found.values())

    def gap(self, row: Row) -> str:
        """The accuracies and Δ so far, in a few words."""
        parts = [
            f"{'S_comp' if name == COMPOSED else name.replace('hop', 'S')} {share:.2f}"
            for name, share in self.accuracies(row).items()
        ]
        delta = self.delta(row)
        return " ".join([*parts, *([f"Δ {signed(delta)}"] if delta is not None else [])])

    def trouble(self) -> str:
        """Money, failures, retries and concurrency, as far as there is something to say."""
        parts = []
        if self.dollars or self.unpriced:
            parts.append(f"${self.dollars:.4f}{' + unknown' if self.unpriced else ''}")
        if self.failed:
            parts.append(f"{self.failed} failed")
        if self.retries:
            parts.append(f"{self.retries} retries")
        if self.limits:
            parts.append(f"{sum(self.limits.values())} at once")
        return " · ".join(parts)


def duration(seconds: float) -> str:
    """Seconds for people: 45 s, 12 min, 3 h 20 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
