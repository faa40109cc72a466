"""Direct answer: the number at once, without reasoning; the floor of every comparison."""

from __future__ import annotations

from dataclasses import dataclass

from reasongap.answers import Rule, read_with
from reasongap.domain import Question, Solution
from reasongap.errors import UsageError
from reasongap.models.seam import Model
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.naming import canonical
from reasongap.solvers.prompted import Prompted


@dataclass(frozen=True)
class DirectAnswer(Prompted):
    """One call that leaves no room for reasoning: at most `max_tokens` of reply.

    A reasoning model thinks before it replies and needs room for that: it keeps its own
    limit, and its answer is not without reasoning.
    """

    max_tokens: int = 32
    rule: Rule | None = None

    prompts = ("direct",)

    def __post_init__(self) -> None:
        if self.max_tokens < 1:
            raise UsageError(f"direct: max_tokens {self.max_tokens} leaves no room for an answer")

    @property
    def name(self) -> str:
        """Its canonical specification."""
        return canonical("direct", self)

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """The number in the reply; the answers of the hops before it are not asked for."""
        limit = None if model.spec.tuning == "reasoning" else self.max_tokens
        reply = await self.ask("direct", question, model, max_tokens=limit)
        reading = read_with(self.rule, reply.text, len(question.hops), cut=reply.cut)
        return Solution(
            answer=reading.answer,
            strict_answer=reading.strict_answer,
            hop_answers=reading.hop_answers,
            rule=reading.rule,
            completions=(reply.completion,),
        )
