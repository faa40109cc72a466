"""A strategy: ask twice, and answer only where both replies agree."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from reasongap.domain import Completion, Question, Request, Solution
from reasongap.models import Model, ModelSpec
from reasongap.sandbox import Sandbox
from reasongap.solvers import ChainOfThought, Solver, canonical


@dataclass(frozen=True)
class Second:
    """A model whose every request is sample 1: another reply than the first one's."""

    model: Model

    @property
    def spec(self) -> ModelSpec:
        """That of the model."""
        return self.model.spec

    async def complete(self, request: Request) -> Completion:
        """The second reply to a request."""
        return await self.model.complete(replace(request, sample=1, temperature=0.7))

    async def aclose(self) -> None:
        """The model is its owner's to close."""


@dataclass(frozen=True)
class Twice:
    """Two calls of `inner`; no answer where they differ."""

    inner: Solver = field(default_factory=ChainOfThought)

    @property
    def name(self) -> str:
        """`twice`, or `twice(pot)`: what settings differ from the defaults."""
        return canonical("twice", self)

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """The second solution if the first says the same, else one without an answer."""
        first = await self.inner.solve(question, model, sandbox)
        second = await self.inner.solve(question, Second(model), sandbox)
        agreed = first.answer == second.answer
        return replace(
            second,
            answer=second.answer if agreed else None,
            strict_answer=second.strict_answer if agreed else None,
            completions=(*first.completions, *second.completions),
            programs=(*first.programs, *second.programs),
            executions=(*first.executions, *second.executions),
            findings=() if agreed else ("differed",),
        )
