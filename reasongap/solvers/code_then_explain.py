"""Code, then explain: a program is run, and the model reasons about what it returned.

After Gou et al. 2023 (ToRA, arXiv 2309.17452).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from reasongap.answers import read_with
from reasongap.domain import Question, Solution
from reasongap.models.seam import Model
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.naming import canonical
from reasongap.solvers.pot import ProgramOfThought
from reasongap.solvers.prompted import Prompted
from reasongap.solvers.running import joined, source_of, tell
from reasongap.solvers.seam import Solver


@dataclass(frozen=True)
class CodeThenExplain(Prompted):
    """The program of `inner`, and one call more that goes over it in words.

    The explanation answers, for it may put the program right; where it states no number,
    the program does.
    """

    inner: Solver = field(default_factory=ProgramOfThought)

    prompts = ("explain",)

    @property
    def name(self) -> str:
        """Its canonical specification."""
        return canonical("code-then-explain", self)

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """The number that the explanation states, else the program's."""
        coded = await self.inner.solve(question, model, sandbox)
        program, result = source_of(coded), tell(coded)
        reply = await self.ask("explain", question, model, program=program, result=result)
        reading = read_with(None, reply.text, len(question.hops), cut=reply.cut)
        explained = Solution(
            answer=reading.answer,
            strict_answer=reading.strict_answer,
            hop_answers=reading.hop_answers,
            rule=reading.rule,
            completions=(reply.completion,),
        )
        if explained.answer is None and coded.answer is not None:
            return joined(coded, explained)
        return replace(joined(explained, coded), findings=coded.findings)
