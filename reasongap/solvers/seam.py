"""The solver seam: one coroutine from a question to a solution."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from reasongap.domain import Question, Solution
from reasongap.models.seam import Model
from reasongap.sandbox.seam import Sandbox


@runtime_checkable
class Solver(Protocol):
    """A strategy for answering a question with a model.

    `name` is what tables call it. `solve` asks the model as often as it needs, runs code
    only in `sandbox`, and returns a `Solution` with every completion, program and
    execution it used; a reply without an answer is a solution whose answer is None. It
    lets `ModelError` and `SandboxUnavailable` pass: the runner decides on those. Make a
    solver a frozen dataclass, for its repr is the configuration that reports print and
    part of every record's key.
    """

    @property
    def name(self) -> str:
        """What tables and records call it."""
        ...

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """The model's solution of the question."""
        ...
