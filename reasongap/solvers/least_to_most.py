"""Least to most: one problem at a time, its answer put into the next (Zhou et al. 2022)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reasongap.domain import Question, Solution
from reasongap.models.seam import Model
from reasongap.problems.mentions import fill
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.naming import canonical
from reasongap.solvers.running import joined
from reasongap.solvers.seam import Solver


@dataclass(frozen=True)
class LeastToMost:
    """`inner` on every hop alone, with the number that it gave for the hop before as X.

    It tells "cannot do the hop" from "cannot compose": what is left of the gap is not the
    model's composing. The chain is taken apart here, not by the model. Where a hop
    has no answer the later ones are not asked. A single question is `inner`'s.
    """

    inner: Solver

    @property
    def name(self) -> str:
        """Its canonical specification."""
        return canonical("least-to-most", self)

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """The solution of the last hop, with the answers of those before it."""
        solved: list[Solution] = []
        for hop, gold in zip(question.hops, question.hop_golds, strict=True):
            text = hop
            if solved:
                before = solved[-1].answer
                if before is None:
                    break
                text = fill(hop, before)
            alone = replace(question, hops=(text,), hop_golds=(gold,))
            solved.append(await self.inner.solve(alone, model, sandbox))
        if not question.chained:
            return solved[0]
        last = joined(solved[-1], *solved[:-1])
        missing = len(question.hops) - len(solved)
        answers = [*(solution.answer for solution in solved), *[None] * missing]
        strict = all(solution.strict_answer is not None for solution in solved)
        return replace(
            last,
            hop_answers=tuple(answers[:-1]),
            strict_answer=last.strict_answer if strict else None,
        )
