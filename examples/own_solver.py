"""A strategy of one's own in thirty lines: answer at once, without any reasoning.

Beside chain of thought, on the command line:

    reasongap compare -s cot -s examples/own_solver.py
"""

from dataclasses import dataclass

from reasongap import Model, Question, Sandbox, Solution
from reasongap.answers import read_text
from reasongap.domain import Message, Request


@dataclass(frozen=True)
class DirectAnswer:
    """One call that allows no reasoning. Its fields would be its settings."""

    max_tokens: int = 16
    name: str = "at-once"

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """Ask for the number alone and read it from the reply."""
        asked = f"{question.text}\n\nReply with the last answer alone, a number."
        if model.spec.form == "chat":
            request = Request(messages=(Message("user", asked),), max_tokens=self.max_tokens)
        else:
            request = Request(prompt=f"{asked}\nFinal answer:", max_tokens=self.max_tokens)
        completion = await model.complete(request)
        reading = read_text(completion.text)
        return Solution(reading.answer, rule=reading.rule, completions=(completion,))


solver = DirectAnswer()
