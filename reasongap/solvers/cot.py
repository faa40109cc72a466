"""Chain of thought: reason in natural language, answer on a last line (Wei et al. 2022)."""

from __future__ import annotations

from dataclasses import dataclass

from reasongap.answers import read_text
from reasongap.domain import Question, Solution
from reasongap.models.seam import Model
from reasongap.prompts import load_prompt
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.asking import ask


@dataclass(frozen=True)
class ChainOfThought:
    """One call; the answer is read from the text.

    `shots` is the number of exemplars (None: what suits the model), `preamble` whether
    the form of the answer is stated.
    """

    shots: int | None = None
    preamble: bool = True

    name = "cot"

    @property
    def prompt_digest(self) -> str:
        """Hash of the texts that the prompt is made of."""
        return load_prompt("cot").digest

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """The number in the reply, with the hops' answers it stated on the way."""
        completion, text = await ask(
            load_prompt("cot"), question, model, shots=self.shots, preamble=self.preamble
        )
        reading = read_text(text, hops=len(question.hops))
        return Solution(
            answer=reading.answer,
            strict_answer=reading.strict_answer,
            hop_answers=reading.hop_answers,
            rule=reading.rule,
            completions=(completion,),
        )
