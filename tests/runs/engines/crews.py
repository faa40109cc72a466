"""A crew whose workers are objects of this process: an engine of many parts without a cluster."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import anyio

from reasongap.errors import ReasongapError, WorkerGone
from reasongap.models import Model
from reasongap.runs.engines.crew import crew_of
from reasongap.runs.engines.remote import RemoteModel, RemoteSandbox
from reasongap.runs.engines.seam import Opened
from reasongap.runs.engines.worker import Hello, Order, Reply, Work, Worker
from reasongap.runs.events import Emit
from reasongap.runs.study import Study

T = TypeVar("T")


class NearPost:
    """The way to a worker of this process, which can be lost at any time."""

    def __init__(self, worker: Worker, hello: Hello) -> None:
        self.worker, self.hello = worker, hello
        self.begun: list[Order] = []
        self.dismissed = False
        self._lost = anyio.Event()

    async def begin(self, orders: Sequence[tuple[int, Order]], dropped: Sequence[int]) -> None:
        self.begun += [order for _, order in orders]
        await self._unless_lost(lambda: self.worker.begin(orders, dropped))

    async def replies(self) -> list[tuple[int, Reply]]:
        return await self._unless_lost(self.worker.replies)

    async def dismiss(self) -> None:
        self.dismissed = True
        await self.worker.close()

    def lose(self) -> None:
        self._lost.set()

    async def _unless_lost(self, work: Callable[[], Awaitable[T]]) -> T:
        got: list[T] = []

        async def get() -> None:
            got.append(await work())
            group.cancel_scope.cancel()

        async with anyio.create_task_group() as group:
            group.start_soon(get)
            await self._lost.wait()
            group.cancel_scope.cancel()
        if not got:
            raise WorkerGone("lost")
        return got[0]


@dataclass
class NearEngine:
    """Every model and the sandbox on `workers` of this process; `posts` are the ways to them."""

    workers: int = 2
    name: str = "near"
    posts: list[NearPost] = field(default_factory=list)

    @asynccontextmanager
    async def open(self, study: Study, emit: Emit) -> AsyncIterator[Opened]:
        models = [model for model in study.models if isinstance(model, Model)]
        named = {model.spec.name: model for model in models}
        work = Work(tuple(model.spec for model in models), study)

        async def hire() -> NearPost:
            worker = Worker(lambda spec: named[spec.name])
            hello = await worker.open(work)
            if isinstance(hello, ReasongapError):
                raise hello
            self.posts.append(NearPost(worker, hello))
            return self.posts[-1]

        async with AsyncExitStack() as stack:
            crew = await stack.enter_async_context(crew_of(hire, self.workers, emit))
            hello = await crew.gather()
            sandbox = RemoteSandbox(hello, crew)
            yield Opened(self.name, [RemoteModel(m.spec, crew) for m in models], sandbox)
