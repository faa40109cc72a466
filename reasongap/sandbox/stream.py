"""Run a stream of programs: bounded concurrency, results in the order of the programs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
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
    take: Callable[[str, Execution], None],
    limits: Limits | None = None,
    at_once: int = 8,
) -> None:
    """Give each program's id and execution to `take`, in the order of the programs.

    At most `at_once` programs are read ahead of the one that is waited for: a file of a
    million goes through in flat memory. Raises what `programs`, `take` and the sandbox
    raise (`SandboxUnavailable`), the first of it.
    """
    waiting: deque[_Slot] = deque()
    try:
        async with anyio.create_task_group() as group:
            for identity, program in programs:
                waiting.append(_Slot(identity))
                group.start_soon(waiting[-1].fill, sandbox, program, limits)
                if len(waiting) >= at_once:
                    await waiting.popleft().hand_to(take)
            while waiting:
                await waiting.popleft().hand_to(take)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None


def as_json(identity: str, execution: Execution) -> dict[str, Any]:
    """An execution as `reasongap exec` writes it: values are exact strings."""
    fields = asdict(execution)
    return {"id": identity} | {key: fields[key] for key in KEYS}


class _Slot:
    """The place of one program in the order, filled when it has run."""

    def __init__(self, identity: str) -> None:
        self._identity = identity
        self._done = anyio.Event()
        self._execution: Execution | None = None

    async def fill(self, sandbox: Sandbox, program: Program, limits: Limits | None) -> None:
        self._execution = await sandbox.run(program, limits)
        self._done.set()

    async def hand_to(self, take: Callable[[str, Execution], None]) -> None:
        await self._done.wait()
        assert self._execution is not None
        take(self._identity, self._execution)
