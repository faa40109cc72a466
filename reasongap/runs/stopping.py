"""Ending a run early without losing what is under way."""

from __future__ import annotations

from typing import Self

import anyio

GRACE = 3.0


class Stop:
    """A wish that a run end: nothing new is begun, and what is under way has `grace` seconds.

    Made inside the event loop that the run lives in, and entered while questions are asked:
    a kind that listens to signals listens then.
    """

    def __init__(self, grace: float = GRACE) -> None:
        self.grace = grace
        self._asked = anyio.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    @property
    def asked(self) -> bool:
        """Whether the run should end."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Ask the run to end."""
        self._asked.set()

    async def cut(self, scope: anyio.CancelScope) -> None:
        """Cancel `scope` once the run was asked to end and the grace is over."""
        await self._asked.wait()
        await anyio.sleep(self.grace)
        scope.cancel()
