"""Plan-then-code asks for a plan, then for the program that follows it."""

from __future__ import annotations

from reasongap.models.scripted import ScriptedModel, request_text
from reasongap.solvers import PlanThenCode
from tests.solvers.asked import BASE, CHAIN, code, solve


def test_the_plan_goes_into_the_second_question_without_its_thoughts() -> None:
    model = ScriptedModel(["<think>hm</think>1. Multiply cats by legs.", code(12)])
    assert solve(PlanThenCode(), model).answer == 12
    first, second = map(request_text, model.requests)
    assert "write no code" in first
    assert second.endswith("Plan:\n1. Multiply cats by legs.")
    assert "hm" not in second


def test_a_base_model_is_shown_plans_and_programs() -> None:
    replies = ["1. Multiply.\n\nQuestion: And 5 dogs?", "def solution():\n    return 24"]
    model = ScriptedModel(replies, BASE)
    assert solve(PlanThenCode(), model, CHAIN).answer == 24
    first, second = (request.prompt or "" for request in model.requests)
    assert first.endswith("in 2 boxes?\nPlan:\n")
    assert second.endswith("Plan:\n1. Multiply.\n```python\n")
    assert second.count("For Q2:") == 8
