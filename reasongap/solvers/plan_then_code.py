"""Plan, then code: first the steps in words, then a program that follows them.

Planning before reasoning is Wang et al. 2023 (Plan-and-Solve, arXiv 2305.04091); here a
program carries the plan out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from reasongap.answers import without_thinking
from reasongap.domain import Question, Solution
from reasongap.models.seam import Model
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.naming import canonical
from reasongap.solvers.prompted import Prompted
from reasongap.solvers.running import run_reply


@dataclass(frozen=True)
class PlanThenCode(Prompted):
    """Two calls and one execution: a plan, and the program for it."""

    prompts = ("plan", "planned")

    @property
    def name(self) -> str:
        """Its canonical specification."""
        return canonical("plan-then-code", self)

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """The value of the program that follows the plan."""
        plan = await self.ask("plan", question, model)
        words = without_thinking(plan.text).strip()
        solution = await run_reply(
            await self.ask("planned", question, model, plan=words), question, sandbox
        )
        return replace(solution, completions=(plan.completion, *solution.completions))
