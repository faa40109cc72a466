"""Calls that end in time: whatever a provider does, nothing hangs."""

from __future__ import annotations

from dataclasses import dataclass

import anyio

from reasongap.domain import Completion, Request
from reasongap.errors import Transient
from reasongap.models.seam import Model, ModelSpec


@dataclass(frozen=True)
class TimedModel:
    """A model whose calls take at most so many `seconds` each, from being sent on."""

    model: Model
    seconds: float

    @property
    def spec(self) -> ModelSpec:
        """That of the model behind."""
        return self.model.spec

    async def complete(self, request: Request) -> Completion:
        """One completion in time. Raises `Transient` where none came."""
        with anyio.move_on_after(self.seconds):
            return await self.model.complete(request)
        raise Transient(self.spec.name, f"no answer within {self.seconds:g} s")

    async def aclose(self) -> None:
        """Close the model behind."""
        await self.model.aclose()
