"""A pool of workers: programs go in, executions come out, whatever happens in between.

Whatever happens to the task that uses a worker (an error, a cancellation), a worker that
may hold half an answer is ended. A program whose worker is lost with it is run once more,
alone, for its neighbours may have been the cause; a second loss is its own outcome.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol

import anyio

from reasongap.domain import Execution, Program
from reasongap.errors import SandboxUnavailable, UsageError
from reasongap.sandbox import frames
from reasongap.sandbox.seam import Limits
from reasongap.sandbox.verdict import execution

GRACE = 2.0
"""Seconds that a worker may take beyond a program's own before it counts as stuck."""

LONGEST_RUN = 86_400.0
MOST_OUTPUT = 2 * 2**20
"""JSON may write it six times as long, and a frame has to hold that."""

Answer = tuple[frames.Message, bytes]
"""A worker's header, and the program's own report."""


class WorkerLost(Exception):
    """A worker died, or answered what no worker answers."""


class Worker(Protocol):
    """What a pool needs of a worker: `hello` is what it said of its walls.

    `ask` raises `WorkerLost`, and then `killed` says whether the system killed the worker.
    `kill` ends it, with all that it started, and returns what it last complained of.
    """

    hello: frames.Message

    async def ask(self, request: frames.Message) -> Answer:
        """The worker's answer to one request."""
        ...

    async def killed(self) -> bool:
        """Whether the system killed this lost worker."""
        ...

    def kill(self) -> str:
        """End it."""
        ...


class Pool:
    """At most `size` workers, each with one program at a time, started when first needed."""

    def __init__(self, size: int, start: Callable[[], Awaitable[Worker]]) -> None:
        self._size, self._start = size, start
        self._slots = anyio.Semaphore(size, fast_acquire=True)
        self._collecting = anyio.Lock()
        self._idle: deque[Worker] = deque()
        self._workers: set[Worker] = set()
        self._closings = 0

    async def prepare(self) -> frames.Message:
        """The hello of a worker, started now if none is there."""
        async with self._slots, self._worker() as worker:
            return worker.hello

    async def run(self, program: Program, limits: Limits) -> Execution:
        """What became of the program."""
        _check(limits)
        size = len(program.source.encode("utf-8", "surrogatepass"))
        if size > limits.source:
            why = f"the program is {size} bytes long, more than the {limits.source} allowed"
            return Execution("blocked", error=why)
        request, closings = _request(program, limits), self._closings
        async with self._slots:
            first = await self._attempt(request, program, limits)
        if isinstance(first, Execution):
            return first
        if self._closings != closings:
            raise SandboxUnavailable("the sandbox was closed while a program ran in it")
        async with self._alone():
            second = await self._attempt(request, program, limits)
        if isinstance(second, Execution):
            return second
        if second:
            return Execution("memory", error="the system killed the worker twice, for memory")
        return Execution("crashed", error="the program took its worker along, twice")

    def close(self) -> None:
        """End every worker, busy ones too."""
        self._closings += 1
        for worker in self._workers:
            worker.kill()
        self._workers.clear()
        self._idle.clear()

    async def _attempt(
        self, request: frames.Message, program: Program, limits: Limits
    ) -> Execution | bool:
        """The execution, or where the worker was lost, whether the system killed it."""
        killed = False
        try:
            async with self._worker() as worker:
                try:
                    with anyio.fail_after(limits.seconds + GRACE):
                        header, report = await worker.ask(request)
                except WorkerLost:
                    killed = await worker.killed()  # before we kill what is left of it
                    raise
                return execution(program, limits, header, report)
        except TimeoutError:
            return Execution("timeout", error=f"ran longer than {limits.seconds:g} s")
        except WorkerLost:
            return killed

    @asynccontextmanager
    async def _worker(self) -> AsyncIterator[Worker]:
        """A worker to use, the one that rested longest; ended unless its use went well."""
        worker = self._idle.popleft() if self._idle else await self._start()
        self._workers.add(worker)
        try:
            yield worker
        except BaseException:
            self._workers.discard(worker)
            worker.kill()
            raise
        self._idle.append(worker)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Every slot at once: nothing else runs meanwhile."""
        async with AsyncExitStack() as held:
            async with self._collecting:
                for _ in range(self._size):
                    await held.enter_async_context(self._slots)
            yield


def _request(program: Program, limits: Limits) -> frames.Message:
    return {
        "source": program.source,
        "entry_point": program.entry_point,
        "hop_functions": list(program.hop_functions),
        "seconds": limits.seconds,
        "cpu_seconds": limits.cpu_seconds,
        "memory": limits.memory,
        "output": limits.output,
    }


def cores() -> int:
    """Cores that this process may use: how many workers a pool has by default."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _check(limits: Limits) -> None:
    """Raise `UsageError` for limits that no process can be given."""
    for name in ("seconds", "cpu_seconds"):
        value = getattr(limits, name)
        if not 0 < value <= LONGEST_RUN:
            raise UsageError(f"limit {name}={value}: give seconds above 0, up to {LONGEST_RUN:g}")
    for name in ("memory", "output", "source"):
        value = getattr(limits, name)
        most = MOST_OUTPUT if name == "output" else 2**40
        if not 0 <= value <= most:
            raise UsageError(f"limit {name}={value}: give bytes from 0 to {most}")
