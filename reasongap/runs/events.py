"""What a run tells whoever watches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reasongap.domain import Record


@dataclass(frozen=True, slots=True)
class Chained:
    """`made` of `wanted` compositions are made; None for as many as there are."""

    made: int
    wanted: int | None


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


@dataclass(frozen=True, slots=True)
class Paid:
    """A call was sent and paid: dollars (None: unknown) and tokens of its reply."""

    model: str
    dollars: float | None
    tokens: int


@dataclass(frozen=True, slots=True)
class Paced:
    """An endpoint gets `limit` calls at once from Unix time `at` on; `why` says what changed it."""

    endpoint: str
    limit: int
    why: str
    at: float


@dataclass(frozen=True, slots=True)
class Retried:
    """A call to a model failed, and is tried again."""

    model: str
    why: str


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that the user should know, in a sentence."""

    text: str


Event = Chained | Planned | Answered | Noted | Fetched | Paid | Paced | Retried
Emit = Callable[[Event], None]


def silent(event: Event) -> None:
    """Watch nothing."""
