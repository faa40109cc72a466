"""Equations: the model states what holds, and sympy finds the answer.

After He-Yueya et al. 2023 (arXiv 2304.09102) and Ye et al. 2023 (SatLM, arXiv 2305.09656).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from reasongap.domain import Question, Solution
from reasongap.models.seam import Model
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.algebra import find_equations, solving_program
from reasongap.solvers.naming import canonical
from reasongap.solvers.prompted import Prompted
from reasongap.solvers.running import program_for, run_program


@dataclass(frozen=True)
class Equations(Prompted):
    """One call for equations, and one execution that solves them with sympy.

    The program is written here from what could be read as equations, and says that it needs
    sympy. There is no answer where they determine none: more than one real value, and not
    just one of them positive.
    """

    prompts = ("equations",)

    @property
    def name(self) -> str:
        """Its canonical specification."""
        return canonical("equations", self)

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """What the equations in the reply determine; no answer where there are none."""
        reply = await self.ask("equations", question, model)
        equations = find_equations(reply.text, opened=reply.opened)
        if not equations:
            return Solution(answer=None, completions=(reply.completion,))
        program = program_for(question, solving_program(equations, len(question.hops)))
        program = replace(program, packages=("sympy",))
        return await run_program(program, reply.completion, sandbox)
