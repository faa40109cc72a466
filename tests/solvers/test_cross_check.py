"""Cross-check takes what two strategies agree on, and its rule where they differ."""

from __future__ import annotations

import pytest

from reasongap.models import ScriptedModel
from reasongap.solvers import ChainOfThought, CrossCheck, SelfConsistency
from tests.solvers.asked import code, says, solve


@pytest.mark.parametrize(
    ("first", "second", "answer", "finding"),
    [
        (says(12), code("12.0"), 12, "agreed"),
        (says(11), code(12), 12, "disagreed"),
        (says(12), code("boom"), 12, "one answer"),
        ("No idea.", code(12), 12, "one answer"),
        ("No idea.", code("boom"), None, "no answer"),
    ],
)
def test_the_program_decides(first: str, second: str, answer: int | None, finding: str) -> None:
    solution = solve(CrossCheck(), [first, second])
    assert solution.answer == answer
    assert solution.findings == (finding,)


@pytest.mark.parametrize(("third", "answer"), [(11, 11), (12, 12), (13, 12)])
def test_a_third_sample_decides_only_where_the_two_differ(third: int, answer: int) -> None:
    model = ScriptedModel([says(11), code(12), says(third)])
    assert solve(CrossCheck(otherwise="third"), model).answer == answer
    assert [request.sample for request in model.requests] == [0, 0, 1]
    assert model.requests[2].temperature == 0.7
    assert solve(CrossCheck(otherwise="third"), [says(12), code(12)]).answer == 12


def test_what_the_answer_rests_on_stands_last() -> None:
    solution = solve(CrossCheck(), [says(12), code("boom")])
    assert solution.completions[-1].text == says(12)
    assert solution.rule == "final_line"


def test_it_takes_any_two_strategies() -> None:
    solver = CrossCheck(second=SelfConsistency(ChainOfThought(), n=3))
    assert solve(solver, [says(9), says(12), says(12), says(9)]).answer == 12
