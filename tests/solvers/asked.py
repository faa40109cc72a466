"""What the tests of strategies ask, and short ways to script the replies."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import anyio

from reasongap.domain import Execution, Program, Question, Solution
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.models.scripted import Reply
from reasongap.sandbox import FakeSandbox, Limits
from reasongap.solvers import Solver

CHAIN = Question(
    "c",
    "b",
    "composed",
    ("How many legs have 3 cats?", "A box holds X pens. How many pens are in 2 boxes?"),
    (Fraction(12), Fraction(24)),
)
SINGLE = Question("c", "b", "hop1", CHAIN.hops[:1], CHAIN.hop_golds[:1])
BASE = ModelSpec("scripted", form="base")


def says(number: object) -> str:
    """A chain of thought that ends with this number."""
    return f"Let me see.\nFinal answer: {number}"


def code(number: object) -> str:
    """A reply with a program that returns this number, as `Interpreter` runs it."""
    return f"```python\ndef solution():\n    return {number}\n```"


class Interpreter(FakeSandbox):
    """A sandbox for programs whose last line returns a number, "boom" (an error), or "loop"."""

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        self.ran.append(program)
        value = program.source.strip().rpartition("return ")[2]
        if value == "boom":
            return Execution("error", error="NameError: name 'boom' is not defined")
        if value == "loop":
            return Execution("timeout")
        hops = (None,) * len(program.hop_functions)
        return Execution("ok", value=value, value_from="solution", hop_values=hops)


def solve(
    solver: Solver,
    replies: Sequence[Reply] | ScriptedModel,
    question: Question = SINGLE,
    sandbox: FakeSandbox | None = None,
) -> Solution:
    """The solver's solution on these replies, every one of which must be asked for."""
    model = replies if isinstance(replies, ScriptedModel) else ScriptedModel(replies)
    solution = anyio.run(solver.solve, question, model, sandbox or Interpreter())
    assert len(solution.completions) == len(model.requests), "every call is accounted for"
    if not isinstance(replies, ScriptedModel):
        assert len(model.requests) == len(replies), "every reply was asked for"
    return solution
