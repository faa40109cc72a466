"""What a run tells whoever watches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reasongap.domain import Record


@dataclass(frozen=True, slots=True)
class Planned:
    """`total` questions make up the run, and `done` of them were answered before."""

    total: int
    done: int


@dataclass(frozen=True, slots=True)
class Answered:
    """One more question has its record."""

    record: Record


@dataclass(frozen=True, slots=True)
class Fetched:
    """`done` of `total` bytes of a model's weights are here; None where nobody knows."""

    model: str
    done: int
    total: int | None


Event = Planned | Answered | Fetched
Emit = Callable[[Event], None]


def silent(event: Event) -> None:
    """Watch nothing."""
