"""Run a stream of programs: bounded concurrency, results in the order of the programs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict
from typing import Any

import anyio

from reasongap.domain import Execution, Program
from reasongap.sandbox.seam import Limits, Sandbox

KEYS = (
    "status",
    "value",
    "hop_values",
    "stdout",
    "error",
    "seconds",
    "cpu_seconds",
    "peak_memory",
    "truncated",
)
"""What `as_json` takes over from an execution, in its order."""


async def run_all(
    programs: Iterable[tuple[str, Program]],
    sandbox: Sandbox,
    limits: Limits | None = None,
    at_once: int = 8,
) -> AsyncIterator[tuple[str, Execution]]:
    """Each program's id with its execution, in order.

    At most `at_once` programs are taken from the iterable ahead of the one that is waited
    for: a file of a million streams in flat memory.
    """
    send, receive = anyio.create_memory_object_stream[_Slot](max(at_once - 1, 0))

    async def start_each() -> None:
        async with send, anyio.create_task_group() as group:
            for identity, program in programs:
                slot = _Slot(identity)
                await send.send(slot)
                group.start_soon(slot.fill, sandbox, program, limits)

    async with anyio.create_task_group() as group:
        group.start_soon(start_each)
        async with receive:
            async for slot in receive:
                yield slot.identity, await slot.execution()


def as_json(identity: str, execution: Execution) -> dict[str, Any]:
    """An execution as `reasongap exec` writes it: values are exact strings."""
    fields = asdict(execution)
    return {"id": identity} | {key: fields[key] for key in KEYS}


class _Slot:
    """The place of one program in the order, filled when it has run."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self._done = anyio.Event()
        self._execution: Execution | None = None

    async def fill(self, sandbox: Sandbox, program: Program, limits: Limits | None) -> None:
        self._execution = await sandbox.run(program, limits)
        self._done.set()

    async def execution(self) -> Execution:
        await self._done.wait()
        assert self._execution is not None
        return self._execution
