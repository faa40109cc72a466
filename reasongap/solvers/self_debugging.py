"""Self-debugging: the model sees what came of its program and mends it (Chen et al. 2023)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from reasongap.domain import Question, Solution
from reasongap.errors import UsageError
from reasongap.models.seam import Model
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.naming import canonical
from reasongap.solvers.pot import ProgramOfThought
from reasongap.solvers.prompted import Prompted
from reasongap.solvers.running import joined, run_reply, source_of, tell
from reasongap.solvers.seam import Solver


@dataclass(frozen=True)
class SelfDebugging(Prompted):
    """The program of `inner`, mended in at most `rounds` further calls.

    With `feedback` "error" a round follows only where there is no answer: the program
    failed, or returned no number, or was missing. With "output" the model is also shown
    what a program that ran has returned and printed. It stops where the model sends the
    same program again, or none. The last program that gave an answer answers.
    """

    inner: Solver = field(default_factory=ProgramOfThought)
    rounds: int = 2
    feedback: Literal["error", "output"] = "error"

    prompts = ("mend",)

    def __post_init__(self) -> None:
        if self.rounds < 1:
            raise UsageError(f"self-debugging: {self.rounds} rounds are none at all")

    @property
    def name(self) -> str:
        """Its canonical specification."""
        return canonical("self-debugging", self)

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """The solution of the last round that gave an answer, else of the last one."""
        tried = [await self.inner.solve(question, model, sandbox)]
        for _ in range(self.rounds):
            latest = tried[-1]
            if latest.answer is not None and self.feedback == "error":
                break
            source, feedback = source_of(latest), tell(latest)
            reply = await self.ask("mend", question, model, program=source, feedback=feedback)
            mended = await run_reply(reply, question, sandbox)
            tried.append(mended)
            if not mended.programs or mended.programs[-1].source == source:
                break
        answered = [place for place, solution in enumerate(tried) if solution.answer is not None]
        chosen = answered[-1] if answered else len(tried) - 1
        return joined(tried[chosen], *tried[:chosen], *tried[chosen + 1 :])
