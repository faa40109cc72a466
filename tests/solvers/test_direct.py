"""A direct answer leaves no room for reasoning, and reads what is there."""

from __future__ import annotations

from reasongap.models import ModelSpec, ScriptedModel
from reasongap.models.scripted import request_text
from reasongap.solvers import DirectAnswer
from tests.solvers.asked import BASE, CHAIN, says, solve


def test_the_reply_is_short_and_reasoning_is_forbidden() -> None:
    model = ScriptedModel(["Final answer: 24"])
    solution = solve(DirectAnswer(), model, CHAIN)
    assert solution.answer == solution.strict_answer == 24
    assert solution.hop_answers == (None,)
    assert model.requests[0].max_tokens == 32
    assert "without any reasoning" in request_text(model.requests[0])


def test_a_reasoning_model_keeps_its_own_limit() -> None:
    model = ScriptedModel([says(12)], ModelSpec("thinker", tuning="reasoning", max_tokens=16384))
    solve(DirectAnswer(), model)
    assert model.requests[0].max_tokens == 16384


def test_a_base_model_is_shown_answers_alone() -> None:
    model = ScriptedModel([" Final answer: 12\n\nQuestion: And 5 dogs?\nAnswer: 20"], BASE)
    assert solve(DirectAnswer(), model).answer == 12
    assert (model.requests[0].prompt or "").count("\nAnswer: Final answer: ") == 8
