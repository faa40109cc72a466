"""Our sandboxes, by name, and workers with the kernel's layers but without the policy.

A lane alone has a pool of a worker a core, as everyone who runs programs has.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

from benchmarks.peers.driving import Lanes, Run, drive
from benchmarks.ways_to_run import all_busy, answered, pool_of
from reasongap.domain import Execution, Program
from reasongap.sandbox import Limits, open_sandbox
from reasongap.sandbox.worker import Settings


def answering(run: Callable[[Program], Awaitable[Execution]]) -> Run:
    """What gives the value of a program that a sandbox ran."""

    async def once(program: str) -> str:
        execution = await run(Program(program))
        return execution.value or f"{execution.status}: {execution.error}"

    return once


@asynccontextmanager
async def in_sandbox(name: str, lanes: int) -> AsyncIterator[Sequence[Run]]:
    """A sandbox with the workers that it has by default."""
    async with open_sandbox(name) as sandbox:
        await all_busy(partial(answered, sandbox))
        yield [answering(sandbox.run)] * lanes


@asynccontextmanager
async def kernel_layers(lanes: int) -> AsyncIterator[Sequence[Run]]:
    """Worker processes behind the kernel's layers, without the policy."""
    pool = pool_of(Settings(policy=False))
    try:
        await all_busy(pool.prepare)
        yield [answering(partial(pool.run, limits=Limits()))] * lanes
    finally:
        pool.close()


WAYS: dict[str, Lanes] = {
    "kernel": kernel_layers,
    **{name: partial(in_sandbox, name) for name in ("restricted", "docker", "docker-restricted")},
}

if __name__ == "__main__":
    drive(WAYS)
