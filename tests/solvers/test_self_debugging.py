"""Self-debugging shows the model what came of its program, and stops where it should."""

from __future__ import annotations

from reasongap.models.scripted import ScriptedModel, request_text
from reasongap.solvers import SelfDebugging
from tests.solvers.asked import BASE, CHAIN, code, says, solve


def test_a_program_that_runs_is_left_alone() -> None:
    assert solve(SelfDebugging(), [code(12)]).answer == 12


def test_the_error_is_fed_back_until_it_runs() -> None:
    model = ScriptedModel([code("boom"), code("loop"), code(12)])
    solution = solve(SelfDebugging(), model)
    assert solution.answer == 12
    assert [execution.status for execution in solution.executions] == ["error", "timeout", "ok"]
    second, third = map(request_text, model.requests[1:])
    assert "return boom" in second
    assert "NameError: name 'boom' is not defined" in second
    assert "It does not end in time." in third


def test_rounds_are_bounded_and_the_last_failure_is_the_outcome() -> None:
    solution = solve(SelfDebugging(rounds=1), [code("boom"), code("loop")])
    assert solution.answer is None
    assert solution.executions[-1].status == "timeout"


def test_a_missing_program_is_asked_for() -> None:
    model = ScriptedModel(["Twelve legs.", code(12)])
    assert solve(SelfDebugging(), model).answer == 12
    assert "The reply held no program." in request_text(model.requests[1])


def test_it_stops_where_the_model_sends_the_same_program_again() -> None:
    assert solve(SelfDebugging(rounds=5), [code("boom"), code("boom")]).answer is None


def test_output_feedback_shows_the_value_and_takes_the_last_that_answers() -> None:
    model = ScriptedModel([code(11), code(12), code("boom")])
    solution = solve(SelfDebugging(feedback="output"), model)
    assert "solution() returns 11." in request_text(model.requests[1])
    assert solution.answer == 12
    assert solution.executions[-1].status == "ok", "what the answer rests on stands last"


def test_output_feedback_stops_where_the_model_stands_by_its_program() -> None:
    assert solve(SelfDebugging(feedback="output"), [code(12), code(12)]).answer == 12
    assert solve(SelfDebugging(feedback="output"), [code(12), says("12")]).answer == 12


def test_a_base_model_is_shown_programs_that_were_mended() -> None:
    model = ScriptedModel(
        ["def solution():\n    return boom", "def solution():\n    return 12"], BASE
    )
    assert solve(SelfDebugging(), model).answer == 12
    shown = model.requests[1].prompt or ""
    assert shown.count("NameError: name") == 8 + 1, "eight exemplars and its own"
    assert shown.endswith("A program that does solve it:\n```python\n")


def test_a_chain_asks_for_its_functions_again() -> None:
    model = ScriptedModel([code("boom"), code(24)])
    assert solve(SelfDebugging(), model, CHAIN).answer == 24
    assert "`solve_q1()`" in request_text(model.requests[1])
