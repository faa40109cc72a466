"""Program of thought: reply with a program, and let the sandbox answer (Chen et al. 2022)."""

from __future__ import annotations

from dataclasses import dataclass

from reasongap.domain import Question, Solution
from reasongap.models.seam import Model
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.naming import canonical
from reasongap.solvers.prompted import Prompted
from reasongap.solvers.running import run_reply


@dataclass(frozen=True)
class ProgramOfThought(Prompted):
    """One call and one execution; the answer is the value that the program computes.

    A chain asks for one function a hop, as the paper does: `solve_q1()` … and
    `solution()`; the hops' answers are the values of those functions.
    """

    prompts = ("pot",)

    @property
    def name(self) -> str:
        """Its canonical specification."""
        return canonical("pot", self)

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """The value of the program in the reply; no answer where there is no program."""
        return await run_reply(await self.ask("pot", question, model), question, sandbox)
