"""What a study would send first, without sending it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from reasongap.domain import Completion, Question, Request
from reasongap.errors import ModelError, UsageError
from reasongap.models import ModelSpec
from reasongap.problems import questions
from reasongap.runs.compositions import compositions_of
from reasongap.runs.opening import sandbox_of, solvers_of, spec_of
from reasongap.runs.study import Study


class Shown(ModelError):
    """A call was written down instead of sent."""


@dataclass
class Notepad:
    """A model that writes requests down and answers none: `ModelError` passes every solver."""

    spec: ModelSpec
    requests: list[Request] = field(default_factory=list)

    async def complete(self, request: Request) -> Completion:
        """Write the request down as it would have been sent, and raise `Shown`."""
        self.requests.append(self.spec.fill(request))
        raise Shown(self.spec.name, "shown, not sent")

    async def aclose(self) -> None:
        """Nothing to free."""


@dataclass(frozen=True)
class FirstCalls:
    """The requests that a strategy sends at once for a question, before any reply."""

    strategy: str
    question: Question
    requests: tuple[Request, ...]


async def first_calls(study: Study, setting: str, data: Path | None) -> list[FirstCalls]:
    """What the study would send first in one setting: for each question and strategy.

    No model is opened and nothing is sent. Raises what making the study's parts raises.
    """
    (chosen,) = study.models
    if not isinstance(chosen, str):
        raise UsageError("a model is named here, not given as an object")
    solvers, spec, sandbox = solvers_of(study), spec_of(study, chosen), sandbox_of(study)
    try:
        compositions = await compositions_of(study, data, sandbox.run)
        shown = []
        for composition in compositions:
            (question,) = questions(composition, (setting,), compositions)
            for solver in solvers:
                notepad = Notepad(spec)
                try:
                    await solver.solve(question, notepad, sandbox)
                except Shown:
                    shown.append(FirstCalls(solver.name, question, tuple(notepad.requests)))
        return shown
    finally:
        await sandbox.aclose()
