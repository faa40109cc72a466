"""Time that passes only when every task waits for it: hours of a run in a moment."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Awaitable, Callable

import anyio
from anyio.lowlevel import checkpoint


class VirtualTime:
    """A clock and the sleep that belongs to it; `run` lets it pass while a coroutine runs."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._sleepers: list[tuple[float, int, anyio.Event]] = []
        self._order = itertools.count()

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        event = anyio.Event()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._order), event))
        await event.wait()

    def run(self, work: Callable[[], Awaitable[object]]) -> None:
        """Run the coroutine to its end; whatever it raises is raised."""
        anyio.run(self._run, work)

    async def _run(self, work: Callable[[], Awaitable[object]]) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(self._pass)
            await work()
            group.cancel_scope.cancel()

    async def _pass(self) -> None:
        while True:
            await anyio.wait_all_tasks_blocked()
            if self._sleepers:
                when, _, event = heapq.heappop(self._sleepers)
                self.now = max(self.now, when)
                event.set()
            await checkpoint()
