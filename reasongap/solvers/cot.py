"""Chain of thought: reason in natural language, answer on a last line (Wei et al. 2022)."""

from __future__ import annotations

from dataclasses import dataclass

from reasongap.answers import Rule, read_with
from reasongap.domain import Question, Solution
from reasongap.models.seam import Model
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.naming import canonical
from reasongap.solvers.prompted import Prompted


@dataclass(frozen=True)
class ChainOfThought(Prompted):
    """One call; the answer is read from the text, by `rule` first where one is given."""

    rule: Rule | None = None

    prompts = ("cot",)

    @property
    def name(self) -> str:
        """Its canonical specification."""
        return canonical("cot", self)

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """The number in the reply, with the hops' answers it stated on the way."""
        reply = await self.ask("cot", question, model)
        reading = read_with(self.rule, reply.text, len(question.hops), cut=reply.cut)
        return Solution(
            answer=reading.answer,
            strict_answer=reading.strict_answer,
            hop_answers=reading.hop_answers,
            rule=reading.rule,
            completions=(reply.completion,),
        )
