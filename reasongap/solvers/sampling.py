"""A model that is sampled: the same question again is another reply."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reasongap.domain import Completion, Request
from reasongap.models.seam import Model, ModelSpec

MOST = 1000
"""Samples of one question at most; so nested ones never share an index."""

STRIDE = 1009
"""Seeds from one sample to the next, which leaves room for the seeds of repeats between."""


@dataclass(frozen=True)
class SampledModel:
    """Sample number `sample` of a model, from 0, at `temperature` where none was asked for.

    The index goes into the request, and so into the key under which the reply is kept; a
    seed is moved along with it, for the same seed would bring the same reply.
    """

    model: Model
    sample: int
    temperature: float

    @property
    def spec(self) -> ModelSpec:
        """That of the model."""
        return self.model.spec

    async def complete(self, request: Request) -> Completion:
        """One completion of this sample."""
        temperature = self.temperature if request.temperature is None else request.temperature
        asked = self.spec.fill(replace(request, temperature=temperature))
        seed = None if asked.seed is None else asked.seed + STRIDE * self.sample
        sample = self.sample + MOST * asked.sample
        return await self.model.complete(replace(asked, seed=seed, sample=sample))

    async def aclose(self) -> None:
        """The model is its owner's to close."""
