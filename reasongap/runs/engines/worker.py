"""A worker: calls models and runs programs for a driver that may be on another machine.

Orders come in and replies go out several at a time, for a message costs more than a reply is
long. Nothing here knows how messages travel.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from reasongap.domain import Completion, Execution, Program, Request
from reasongap.errors import ReasongapError
from reasongap.models import Model, ModelSpec, open_model
from reasongap.runs.limited_sandbox import LimitedSandbox
from reasongap.runs.manifest import versions
from reasongap.runs.opening import check, sandbox_of
from reasongap.runs.study import Study
from reasongap.sandbox.seam import Limits

GATHER = 0.02
"""Seconds between two messages of one kind to one place: what is ready meanwhile goes together."""

SIGN = 10.0
"""Seconds after which a worker without replies says that it lives."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the model of this name."""

    model: str
    request: Request


@dataclass(frozen=True, slots=True)
class Run:
    """One program to run; without limits, under the study's."""

    program: Program
    limits: Limits | None


Order = Call | Run
Reply = Completion | Execution | ReasongapError
"""What came of an order. An error is to be raised where the order came from."""


@dataclass(frozen=True)
class Work:
    """What a worker needs of a study: models it may have to call, where programs run.

    Without a `study`, programs are not its business.
    """

    specs: tuple[ModelSpec, ...]
    study: Study | None


@dataclass(frozen=True)
class Hello:
    """What a worker is like: versions of what decides the numbers, and its sandbox's walls."""

    versions: dict[str, str]
    sandbox: str = ""
    layers: tuple[str, ...] = ()
    image: str | None = None


class Worker:
    """Carries out orders side by side: calls as many as it is given, programs one at a time.

    It has one core, and so one event loop and one process of its sandbox. `open_model` makes
    a model from its specification.
    """

    def __init__(self, open_model: Callable[[ModelSpec], Model] = open_model) -> None:
        self._open_model = open_model
        self._models: dict[str, Model] = {}
        self._sandbox: LimitedSandbox | None = None
        self._running = asyncio.Lock()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._replies: list[tuple[int, Reply]] = []
        self._replied = asyncio.Event()
        self._sent = 0.0

    async def open(self, work: Work) -> Hello | ReasongapError:
        """What it is like, once its sandbox runs programs; or why it is of no use."""
        try:
            self._models = {spec.name: self._open_model(spec) for spec in work.specs}
            if work.study is None:
                return Hello(versions())
            self._sandbox = sandbox = sandbox_of(work.study)
            await check(sandbox)
        except ReasongapError as error:
            return error
        return Hello(versions(), sandbox.name, sandbox.layers(), sandbox.image)

    async def begin(self, orders: Sequence[tuple[int, Order]], dropped: Sequence[int]) -> None:
        """Begin numbered orders, and leave those that nobody waits for any more."""
        for number, order in orders:
            self._tasks[number] = asyncio.create_task(self._carry_out(number, order))
        for number in dropped:
            if task := self._tasks.pop(number, None):
                task.cancel()

    async def replies(self) -> list[tuple[int, Reply]]:
        """The replies that nobody took yet: once there are any, or none for a sign of life."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._replied.wait(), SIGN)
            await asyncio.sleep(self._sent + GATHER - time.monotonic())
        self._replied.clear()
        self._sent = time.monotonic()
        replies, self._replies = self._replies, []
        return replies

    async def close(self) -> None:
        """End what it started."""
        under_way = list(self._tasks.values())
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        for model in self._models.values():
            await model.aclose()
        if self._sandbox is not None:
            await self._sandbox.aclose()

    async def _carry_out(self, number: int, order: Order) -> None:
        reply: Reply
        try:
            if isinstance(order, Call):
                reply = await self._models[order.model].complete(order.request)
            else:
                assert self._sandbox is not None, "it was told to run programs"
                async with self._running:
                    reply = await self._sandbox.run(order.program, order.limits)
        except ReasongapError as error:
            reply = error
        except Exception as error:  # noqa: BLE001 (the worker's boundary: the driver raises it)
            reply = ReasongapError(f"a worker failed: {type(error).__name__}: {error}")
        self._tasks.pop(number, None)
        self._replies.append((number, reply))
        self._replied.set()
