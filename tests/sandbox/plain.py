"""Plain CPython behind the kernel's walls: what the policy is compared with."""

from __future__ import annotations

from functools import partial

from reasongap.domain import Execution, Program
from reasongap.sandbox import Limits
from reasongap.sandbox.pool import Pool
from reasongap.sandbox.process import ProcessWorker
from reasongap.sandbox.worker import Settings


class PlainSandbox:
    """The restricted backend's workers without its policy."""

    name = "plain"

    def __init__(self, workers: int = 1) -> None:
        self._pool = Pool(workers, partial(ProcessWorker.start, Settings(policy=False)))

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        return await self._pool.run(program, limits or Limits())

    def layers(self) -> tuple[str, ...]:
        return ()

    async def aclose(self) -> None:
        self._pool.close()
