"""The workers of a run as its driver sees them: who is there, and who does what."""

from __future__ import annotations

import itertools
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Protocol

import anyio

from reasongap.domain import Completion, Execution
from reasongap.errors import EnvironmentBroken, ReasongapError, WorkerGone
from reasongap.runs.engines.worker import GATHER, Hello, Order, Reply
from reasongap.runs.events import Emit, Noted

PATIENCE = 120.0
"""Seconds that a run waits for a worker where there is none."""
GRACE = 10.0
"""Seconds that the first worker waits for the others before a run begins."""
SILENCE = 60.0
"""Seconds without a sign of life after which a worker counts as lost."""
PAUSE = 1.0
"""Seconds before a place whose worker was lost is filled again."""


class Post(Protocol):
    """The way to one worker, which said `hello`. Every call may raise `WorkerGone`."""

    hello: Hello

    async def begin(self, orders: Sequence[tuple[int, Order]], dropped: Sequence[int]) -> None:
        """Hand over numbered orders, and numbers of those that nobody waits for any more."""
        ...

    async def replies(self) -> list[tuple[int, Reply]]:
        """Replies by number, once there are any, and none now and then: a sign of life."""
        ...

    async def dismiss(self) -> None:
        """End the worker, also where it is lost."""
        ...


Hire = Callable[[], Awaitable[Post]]
"""Gets a new worker, however long that takes. Raises why there is none to be had."""


@dataclass
class _Awaited:
    """A reply that somebody waits for; None once there will be none."""

    came: anyio.Event = field(default_factory=anyio.Event)
    reply: Reply | None = None


@dataclass
class Line:
    """Orders on their way to one worker, and the replies awaited from it."""

    post: Post
    _awaited: dict[int, _Awaited] = field(default_factory=dict)
    _orders: list[tuple[int, Order]] = field(default_factory=list)
    _dropped: list[int] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _wake: anyio.Event = field(default_factory=anyio.Event)

    @property
    def load(self) -> int:
        """Orders that the worker has in hand."""
        return len(self._awaited)

    async def ask(self, order: Order) -> Completion | Execution:
        """What came of the order. Raises what it raised there, and `WorkerGone`."""
        number, awaited = next(self._numbers), _Awaited()
        self._awaited[number] = awaited
        self._orders.append((number, order))
        self._wake.set()
        try:
            await awaited.came.wait()
        except BaseException:
            self._dropped.append(number)
            self._wake.set()
            raise
        finally:
            self._awaited.pop(number, None)
        if awaited.reply is None:
            raise WorkerGone("the worker that had it is gone")
        if isinstance(awaited.reply, ReasongapError):
            raise awaited.reply
        return awaited.reply

    async def serve(self) -> None:
        """Carry orders there and replies back, until the worker is lost."""

        async def carry(there_or_back: Callable[[], Awaitable[None]]) -> None:
            with suppress(WorkerGone):
                await there_or_back()
            group.cancel_scope.cancel()

        try:
            async with anyio.create_task_group() as group:
                group.start_soon(carry, self._there)
                group.start_soon(carry, self._back)
        finally:
            for awaited in self._awaited.values():
                awaited.came.set()

    async def _there(self) -> None:
        while True:
            await self._wake.wait()
            self._wake = anyio.Event()
            orders, self._orders = self._orders, []
            dropped, self._dropped = self._dropped, []
            await self.post.begin(orders, dropped)
            await anyio.sleep(GATHER)

    async def _back(self) -> None:
        while True:
            replies: list[tuple[int, Reply]] | None = None
            with anyio.move_on_after(SILENCE):
                replies = await self.post.replies()
            if replies is None:
                raise WorkerGone(f"no word for {SILENCE:g} s")
            for number, reply in replies:
                if awaited := self._awaited.get(number):
                    awaited.reply = reply
                    awaited.came.set()


@dataclass
class Crew:
    """As many workers as there are `places`; one that is lost is replaced by a new one."""

    hire: Hire
    places: int
    emit: Emit
    lines: list[Line] = field(default_factory=list)
    common: Hello | None = None
    _begun: bool = False
    _refusals: list[ReasongapError] = field(default_factory=list)
    _changed: anyio.Event = field(default_factory=anyio.Event)

    async def ask(self, order: Order) -> Completion | Execution:
        """What came of the order, from the less busy of two workers drawn by lot.

        Raises what it raised there, `WorkerGone` where the worker is gone before it answers,
        and `EnvironmentBroken` where no worker comes.
        """
        await self._somebody()
        drawn = random.sample(self.lines, min(2, len(self.lines)))
        return await min(drawn, key=lambda line: line.load).ask(order)

    async def gather(self) -> Hello:
        """Wait for the workers; what is true of all. Raises why there is none of them."""
        await self._somebody()
        await self._until(lambda: self._settled, GRACE)
        assert self.common is not None, "whoever comes is compared with the others"
        self._begun = True
        return self.common

    async def fill(self) -> None:
        """Keep a place filled, as long as there is somebody of use to be had."""
        while True:
            try:
                post = await self.hire()
            except WorkerGone:
                await anyio.sleep(PAUSE)
                continue
            except ReasongapError as error:
                self._refuse(error)
                return
            if why := self._unlike(post.hello):
                await post.dismiss()
                self._refuse(EnvironmentBroken(why))
                return
            await self._employ(Line(post))

    def _refuse(self, error: ReasongapError) -> None:
        self._refusals.append(error)
        self.emit(Noted(f"One worker less: {error}"))
        self._news()

    def _unlike(self, hello: Hello) -> str | None:
        """Why a worker's answers would not be those of the others."""
        common = self.common or hello
        shared = tuple(layer for layer in common.layers if layer in hello.layers)
        if hello.image != common.image:
            return f"its container image is {hello.image}, the others have {common.image}"
        if self._begun and (lacking := set(common.layers).difference(shared)):
            return f"its sandbox lacks {', '.join(sorted(lacking))}, which the others have"
        self.common = replace(common, layers=shared)
        return None

    async def _employ(self, line: Line) -> None:
        self.lines.append(line)
        self._news()
        try:
            await line.serve()
            self.emit(Noted("A worker was lost. What it had in hand is done again"))
        finally:
            self.lines.remove(line)
            with anyio.CancelScope(shield=True):
                await line.post.dismiss()

    @property
    def _settled(self) -> bool:
        return len(self.lines) + len(self._refusals) >= self.places

    async def _somebody(self) -> None:
        """Wait for a worker to be there. Raises why none is."""
        if self.lines:
            return
        await self._until(lambda: bool(self.lines) or self._settled, PATIENCE)
        if self.lines:
            return
        if self._refusals:
            raise self._refusals[-1]
        raise EnvironmentBroken(
            f"no worker came within {PATIENCE:g} s: is the cluster full, or gone? What was "
            "answered is kept, and the run can be resumed"
        )

    def _news(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    async def _until(self, true: Callable[[], bool], seconds: float) -> None:
        with anyio.move_on_after(seconds):
            while not true():
                await self._changed.wait()


@asynccontextmanager
async def crew_of(hire: Hire, places: int, emit: Emit) -> AsyncIterator[Crew]:
    """A crew, dismissed in the end. It still gathers when it is given."""
    crew = Crew(hire, places, emit)
    try:
        async with anyio.create_task_group() as group:
            for _ in range(places):
                group.start_soon(crew.fill)
            yield crew
            group.cancel_scope.cancel()
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0]  # noqa: B904 (the context's own, which the group has wrapped)
