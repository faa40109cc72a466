"""Calls that wait their turn and are tried again: limits and retries around a model."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import anyio

from reasongap.domain import Completion, Request
from reasongap.errors import ModelError, RateLimited, Transient
from reasongap.models.seam import Model, ModelSpec

Sleep = Callable[[float], Awaitable[None]]


@dataclass
class ThrottledModel:
    """A model behind at most `connections` calls at once, each tried at most `tries` times.

    Only `RateLimited` and `Transient` are tried again: after the wait that the provider
    names (at most `longest` seconds), else after 1, 2, 4 … seconds, jittered. `deadline`
    bounds one call in seconds, so that nothing hangs.
    """

    model: Model
    connections: int = 16
    tries: int = 5
    longest: float = 60.0
    deadline: float = 600.0
    sleep: Sleep = anyio.sleep
    rng: random.Random = field(default_factory=random.Random)
    retries: int = 0

    def __post_init__(self) -> None:
        self._turns = anyio.CapacityLimiter(self.connections)

    @property
    def spec(self) -> ModelSpec:
        """That of the model behind."""
        return self.model.spec

    async def complete(self, request: Request) -> Completion:
        """One completion, or the last error once the tries are used up."""
        for attempt in range(self.tries):
            try:
                async with self._turns:
                    return await self._once(request)
            except (RateLimited, Transient) as error:
                if attempt == self.tries - 1:
                    raise
                self.retries += 1
                await self.sleep(self._wait(attempt, error))
        raise AssertionError("the last try returns or raises")

    async def _once(self, request: Request) -> Completion:
        try:
            with anyio.fail_after(self.deadline):
                return await self.model.complete(request)
        except TimeoutError as error:
            why = f"no answer within {self.deadline:g} s"
            raise Transient(self.spec.name, why) from error

    def _wait(self, attempt: int, error: ModelError) -> float:
        named = error.retry_after if isinstance(error, RateLimited) else None
        wait = named if named is not None else 2.0**attempt * self.rng.uniform(0.5, 1.5)
        return min(wait, self.longest)

    async def aclose(self) -> None:
        """Close the model behind."""
        await self.model.aclose()
