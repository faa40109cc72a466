"""What every sandbox over a pool of workers does alike: run, tell of its walls, open and close."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from reasongap.domain import Execution, Program
from reasongap.sandbox.pool import Pool
from reasongap.sandbox.seam import Limits


class PooledSandbox(ABC):
    """Runs programs on the workers of its `_pool`; `start` fills `_layers` and `_missing`.

    Use it as `async with`, which also finds out at once whether it works here.
    """

    _pool: Pool
    _layers: tuple[str, ...]
    _missing: dict[str, str]

    @abstractmethod
    async def start(self) -> None:
        """Start a worker, so that `layers` is known; `SandboxUnavailable` where that fails."""

    @abstractmethod
    async def aclose(self) -> None:
        """End every worker. The sandbox can be used again: it starts new ones."""

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        """What became of the program; `SandboxUnavailable` only where no worker starts."""
        await self.start()
        return await self._pool.run(program, limits or Limits())

    def layers(self) -> tuple[str, ...]:
        """The isolation layers that are active, once a worker has started."""
        return self._layers

    def missing(self) -> dict[str, str]:
        """The layers that this machine does not give, with the reason."""
        return dict(self._missing)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()
