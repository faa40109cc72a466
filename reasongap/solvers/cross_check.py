"""Cross-check: in words and as a program, and a rule for when the two differ."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

from reasongap.answers import same
from reasongap.domain import Question, Solution
from reasongap.models.seam import Model
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.cot import ChainOfThought
from reasongap.solvers.naming import canonical
from reasongap.solvers.pot import ProgramOfThought
from reasongap.solvers.running import joined
from reasongap.solvers.sampling import SampledModel
from reasongap.solvers.seam import Solver
from reasongap.solvers.together import together


@dataclass(frozen=True)
class CrossCheck:
    """Two strategies side by side; what both give is the answer.

    Where only one gives an answer, that is it. Where they differ, `otherwise` decides:
    "program" takes `second`'s; "third" samples `first` once more at `temperature`, and takes
    what two of the three give, `second`'s if all differ. The findings say "agreed",
    "disagreed", or "one answer" and "no answer".
    """

    first: Solver = field(default_factory=ChainOfThought)
    second: Solver = field(default_factory=ProgramOfThought)
    otherwise: Literal["program", "third"] = "program"
    temperature: float = 0.7

    @property
    def name(self) -> str:
        """Its canonical specification."""
        return canonical("cross-check", self)

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """The solution that was agreed on or decided for, after what the others took."""
        first, second = await together(
            [partial(s.solve, question, model, sandbox) for s in (self.first, self.second)]
        )
        if first.answer is None or second.answer is None:
            neither = first.answer is second.answer
            decided = joined(second, first) if first.answer is None else joined(first, second)
            return _found(decided, "no answer" if neither else "one answer")
        if same(first.answer, second.answer):
            return _found(joined(second, first), "agreed")
        if self.otherwise == "program":
            return _found(joined(second, first), "disagreed")
        sampled = SampledModel(model, 1, self.temperature)
        third = await self.first.solve(question, sampled, sandbox)
        if third.answer is not None and same(third.answer, first.answer):
            return _found(joined(first, second, third), "disagreed")
        return _found(joined(second, first, third), "disagreed")


def _found(solution: Solution, finding: str) -> Solution:
    return replace(solution, findings=(*solution.findings, finding))
