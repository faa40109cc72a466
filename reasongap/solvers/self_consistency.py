"""Self-consistency: several samples, and the answer that most of them give (Wang et al. 2022)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial

from reasongap.domain import Question, Solution
from reasongap.errors import UsageError
from reasongap.models.seam import Model
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.naming import canonical
from reasongap.solvers.running import joined
from reasongap.solvers.sampling import MOST, SampledModel
from reasongap.solvers.seam import Solver
from reasongap.solvers.together import together


@dataclass(frozen=True)
class SelfConsistency:
    """`n` samples of `inner` at `temperature`, asked at once; the majority answers.

    Answers are the same where they are the same exact number. A sample without an answer
    does not vote; without any vote there is no answer. Of answers with equally many votes
    the one that the earliest sample gave wins. The first sample that gave it is the
    solution; what the others took stands before its own.
    """

    inner: Solver
    n: int = 5
    temperature: float = 0.7

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MOST:
            raise UsageError(f"self-consistency: n {self.n} is not between 1 and {MOST}")
        if not 0 <= self.temperature <= 2:
            raise UsageError(
                f"self-consistency: temperature {self.temperature:g} is not between 0 and 2"
            )

    @property
    def name(self) -> str:
        """Its canonical specification."""
        return canonical("self-consistency", self)

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """The solution of the first sample that gave the majority's answer."""
        models = (SampledModel(model, i, self.temperature) for i in range(self.n))
        samples = await together(
            [partial(self.inner.solve, question, sampled, sandbox) for sampled in models]
        )
        votes = Counter(sample.answer for sample in samples if sample.answer is not None)
        # A Counter keeps the order of first appearance, and max takes the first of the largest.
        majority = max(votes, key=votes.__getitem__, default=None)
        chosen = next(i for i, sample in enumerate(samples) if sample.answer == majority)
        return joined(samples[chosen], *samples[:chosen], *samples[chosen + 1 :])
