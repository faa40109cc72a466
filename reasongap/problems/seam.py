"""The problem seam: where problems come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from reasongap.domain import Problem


@runtime_checkable
class ProblemSource(Protocol):
    """A named supply of problems, in a fixed order.

    `load` yields them one at a time, the same ones on every call and machine, and raises
    `BadFile`, `BadRow` or `DownloadFailed` with the row and the remedy. `name` identifies
    the data (path or hub name, split, seed), and goes to the manifest.
    """

    @property
    def name(self) -> str:
        """What identifies the data."""
        ...

    def load(self) -> Iterator[Problem]:
        """The problems, from the first."""
        ...
