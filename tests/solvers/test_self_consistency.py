"""Self-consistency asks for n different replies at once and lets them vote."""

from __future__ import annotations

from fractions import Fraction

import anyio
import pytest

from reasongap.domain import Completion, Request
from reasongap.errors import BudgetStop, Transient
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.solvers import ChainOfThought, ProgramOfThought, SelfConsistency
from tests.solvers.asked import CHAIN, SINGLE, Interpreter, code, says, solve


def three(replies: list[str]) -> Fraction | None:
    return solve(SelfConsistency(ChainOfThought(), n=len(replies)), replies).answer


def test_the_majority_answers() -> None:
    assert three([says(11), says(12), says("12.0")]) == 12


def test_a_tie_goes_to_the_answer_that_came_first_in_order() -> None:
    assert three([says(11), says(12), says(12), says(11)]) == 11


def test_a_reply_without_an_answer_does_not_vote() -> None:
    assert three(["No idea.", "None.", "Nor I.", says(12)]) == 12
    assert three(["No idea.", "None."]) is None


def test_samples_differ_in_index_temperature_and_seed() -> None:
    model = ScriptedModel([says(12)] * 3, ModelSpec("scripted", seed=7))
    solve(SelfConsistency(ProgramOfThought(), n=3, temperature=0.4), model)
    assert [request.sample for request in model.requests] == [0, 1, 2]
    assert {request.temperature for request in model.requests} == {0.4}
    assert len({request.seed for request in model.requests}) == 3
    assert model.requests[0].seed == 7


def test_samples_of_samples_never_share_a_reply() -> None:
    inner = SelfConsistency(ChainOfThought(), n=3, temperature=1.0)
    model = ScriptedModel([says(12)] * 6)
    solve(SelfConsistency(inner, n=2, temperature=0.2), model)
    assert len({request.sample for request in model.requests}) == 6
    assert {request.temperature for request in model.requests} == {1.0}, "the inner one chose"


def test_the_chosen_samples_evidence_stands_last() -> None:
    cut = Completion(Request(), "2 * 6 =", finish_reason="length")
    solution = solve(SelfConsistency(ChainOfThought(), n=2), [says(12), cut])
    assert [completion.finish_reason for completion in solution.completions] == ["length", "stop"]
    pot = solve(SelfConsistency(ProgramOfThought(), n=2), [code(12), code("boom")])
    assert [execution.status for execution in pot.executions] == ["error", "ok"]
    assert [program.source.split()[-1] for program in pot.programs] == ["boom", "12"]


@pytest.mark.parametrize(
    "error",
    [Transient("scripted", "down"), BudgetStop("$", 1.0, 1.0, 0.1)],
    ids=["model", "budget"],
)
def test_a_failed_sample_lets_the_others_finish_and_passes(error: Exception) -> None:
    arrived: list[int] = []

    class Slow(ScriptedModel):
        async def complete(self, request: Request) -> Completion:
            if request.sample == 0:
                raise error
            for _ in range(5):
                await anyio.lowlevel.checkpoint()
            arrived.append(request.sample)
            return await super().complete(request)

    model = Slow([says(12)] * 3)
    with pytest.raises(type(error)) as caught:
        anyio.run(SelfConsistency(ChainOfThought(), n=4).solve, CHAIN, model, Interpreter())
    assert caught.value is error
    assert sorted(arrived) == [1, 2, 3]


def test_cancelling_ends_every_sample() -> None:
    ended: list[int] = []

    class Endless(ScriptedModel):
        async def complete(self, request: Request) -> Completion:
            try:
                await anyio.sleep_forever()
            finally:
                ended.append(request.sample)
            raise AssertionError

    async def main() -> None:
        solver = SelfConsistency(ChainOfThought(), n=3)
        async with anyio.create_task_group() as group:
            group.start_soon(solver.solve, SINGLE, Endless([]), Interpreter())
            await anyio.wait_all_tasks_blocked()
            group.cancel_scope.cancel()

    anyio.run(main)
    assert sorted(ended) == [0, 1, 2]
