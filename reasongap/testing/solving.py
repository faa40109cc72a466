"""What a solver does on scripted models: the part of the conformance kit that asks it."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

import anyio

from reasongap.domain import Completion, Execution, Program, Question, Request, Solution
from reasongap.errors import BudgetStop, ReasongapError, Transient
from reasongap.models import ModelSpec
from reasongap.sandbox import FakeSandbox, Limits
from reasongap.solvers import Solver

SINGLE = Question("c", "b", "hop1", ("How many legs have 3 cats?",), (Fraction(12),))
CHAIN = Question(
    "c",
    "b",
    "composed",
    ("How many legs have 3 cats?", "A box holds X pens. How many pens are in 2 boxes?"),
    (Fraction(12), Fraction(24)),
)
REPLIES = {
    "an answer in words": "3 * 4 = 12\nAnswer to Q1: 12\nSo X = 12.\n12 * 2 = 24\nFinal answer: 24",
    "a program": "```python\ndef solve_q1():\n    return 3 * 4\n\n\n"
    "def solution():\n    return solve_q1() * 2\n```",
    "an empty reply": "",
    "a reply without a number": "I would rather not say.",
    "a program that is none": "```python\ndef solution(:\n```",
}
RAN = {
    "runs": Execution("ok", value="24", value_from="solution"),
    "fails": Execution("error", error="NameError: name 'cats' is not defined"),
}
FORMS = (ModelSpec("scripted"), ModelSpec("scripted-base", form="base"))
PATIENCE = 10.0
"""Seconds that a cancelled solver may take to end."""


@dataclass
class Watched:
    """A model that always gives the same text, until call number `last`, where `then` is done."""

    spec: ModelSpec
    text: str
    last: int | None = None
    then: Callable[[], ReasongapError] | None = None
    calling: anyio.Event | None = None
    requests: list[Request] = field(default_factory=list)
    replies: list[Completion] = field(default_factory=list)

    async def complete(self, request: Request) -> Completion:
        """The text; or the error, or an endless wait, where the last call has come."""
        request = self.spec.fill(request)
        call = len(self.requests)
        self.requests.append(request)
        await anyio.lowlevel.checkpoint()
        if call == self.last:
            if self.then is not None:
                raise self.then()
            assert self.calling is not None
            self.calling.set()
            await anyio.sleep_forever()
        reply = Completion(request, self.text, cost=0.0, model=self.spec.name)
        self.replies.append(reply)
        return reply

    async def aclose(self) -> None:
        """Nothing to free."""


class Ran(FakeSandbox):
    """A sandbox where every program ends the same, with a value for each hop that it names."""

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        """The default execution, if it ended well with hop values."""
        came = await super().run(program, limits)
        hop = "12" if came.status == "ok" else None
        return replace(came, hop_values=(hop,) * len(program.hop_functions))


async def check_solving(solver: Solver) -> list[str]:
    """What is wrong with a solver, the first thing of each kind; empty where nothing is."""
    async for why in _complaints(solver):
        return [why]
    return []


async def _complaints(solver: Solver) -> AsyncIterator[str]:
    for spec in FORMS:
        for question in (SINGLE, CHAIN):
            for what, text in REPLIES.items():
                for how, execution in RAN.items():
                    place = f"{spec.form} form, {question.setting}, {what} whose program {how}: "
                    model, sandbox = Watched(spec, text), Ran(default=execution)
                    solution = await solver.solve(question, model, sandbox)
                    for why in _solution(solution, question, model, sandbox):
                        yield place + why
                    again = Watched(spec, text)
                    await solver.solve(question, again, Ran(default=execution))
                    if again.requests != model.requests:
                        yield f"{place}asked once more, it asks something else"
                    for call in range(len(model.requests)):
                        async for why in _interrupted(solver, question, model, execution, call):
                            yield place + why


def _solution(
    solution: object, question: Question, model: Watched, sandbox: FakeSandbox
) -> list[str]:
    if not isinstance(solution, Solution):
        return [f"solve gives {solution!r}, no Solution"]
    wrong = []
    for number in (solution.answer, solution.strict_answer, *solution.hop_answers):
        if not (number is None or isinstance(number, Fraction)):
            wrong.append(f"the answer {number!r} is no Fraction and not None")
    if len(solution.hop_answers) not in (0, len(question.hops) - 1):
        wrong.append(f"there are {len(solution.hop_answers)} answers of hops before the last")
    if Counter(solution.completions) != Counter(model.replies):
        wrong.append(
            f"{len(model.replies)} replies came, and the solution holds "
            f"{len(solution.completions)}: each must be in `completions` once"
        )
    if Counter(solution.programs) != Counter(sandbox.ran):
        wrong.append(
            f"{len(sandbox.ran)} programs ran, and the solution holds {len(solution.programs)}"
        )
    if len(solution.programs) != len(solution.executions):
        wrong.append("programs and executions are not aligned")
    for request in model.requests:
        if (request.prompt is None) is (model.spec.form == "base"):
            wrong.append(f"a {model.spec.form} model gets a request of the other form")
    twice = [request for request, n in Counter(model.requests).items() if n > 1]
    if twice:
        wrong.append("the same request goes out twice: number them with `Request.sample`")
    return wrong


async def _interrupted(
    solver: Solver, question: Question, whole: Watched, execution: Execution, call: int
) -> AsyncIterator[str]:
    """What is wrong where call `call` of a `whole` run fails, or is cancelled."""
    spec, text = whole.spec, whole.text
    for error in (Transient(spec.name, "the line is down"), BudgetStop("$", 1.0, 1.0, 0.1)):
        model = Watched(spec, text, call, lambda error=error: error)  # type: ignore[misc]
        try:
            await solver.solve(question, model, Ran(default=execution))
        except ReasongapError as raised:
            if raised is not error:
                yield f"call {call + 1} raises {error!r}, and solve raises {raised!r}"
        else:
            yield f"call {call + 1} raises {type(error).__name__}, and solve goes on"
    calling = anyio.Event()
    model = Watched(spec, text, call, calling=calling)
    with anyio.move_on_after(PATIENCE):
        async with anyio.create_task_group() as group:
            group.start_soon(solver.solve, question, model, Ran(default=execution))
            await calling.wait()
            group.cancel_scope.cancel()
        return
    yield f"cancelled in call {call + 1}, it does not end"
