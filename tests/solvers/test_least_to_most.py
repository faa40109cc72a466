"""Least to most asks hop by hop, with the model's own answers put in."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from reasongap.models.scripted import ScriptedModel, request_text
from reasongap.solvers import ChainOfThought, LeastToMost, ProgramOfThought
from tests.solvers.asked import CHAIN, SINGLE, code, says, solve


def test_each_answer_is_put_into_the_next_question() -> None:
    model = ScriptedModel([says(11), says(22)])
    solution = solve(LeastToMost(ChainOfThought()), model, CHAIN)
    assert solution.answer == solution.strict_answer == 22
    assert solution.hop_answers == (Fraction(11),)
    assert "A box holds 11 pens." in request_text(model.requests[1])
    assert "legs" not in request_text(model.requests[1])


def test_hops_are_asked_as_they_are_asked_alone() -> None:
    """So that their replies are shared with the settings hop1 and hop2."""
    second = replace(SINGLE, hops=("A box holds 12 pens. How many pens are in 2 boxes?",))
    chained = ScriptedModel([says(12), says(24)])
    solve(LeastToMost(ChainOfThought()), chained, CHAIN)
    alone = [ScriptedModel([says(0)]) for _ in range(2)]
    for model, question in zip(alone, (SINGLE, second), strict=True):
        solve(ChainOfThought(), model, question)
    assert chained.requests == [*alone[0].requests, *alone[1].requests]


def test_the_inner_strategy_may_write_programs() -> None:
    solution = solve(LeastToMost(ProgramOfThought()), [code(12), code(24)], CHAIN)
    assert solution.answer == 24
    assert [program.hop_functions for program in solution.programs] == [(), ()]


def test_without_an_answer_nothing_more_is_asked() -> None:
    solution = solve(LeastToMost(ProgramOfThought()), [code("boom")], CHAIN)
    assert solution.answer is None
    assert solution.hop_answers == (None,)
    assert solution.executions[-1].status == "error"


def test_a_chain_of_three_goes_through_every_hop() -> None:
    hops = (*CHAIN.hops, "X pens cost $2 each. How much is that?")
    longer = replace(CHAIN, hops=hops, hop_golds=(*CHAIN.hop_golds, Fraction(48)))
    model = ScriptedModel([says(12), says("5/2"), says(5)])
    solution = solve(LeastToMost(ChainOfThought()), model, longer)
    assert solution.hop_answers == (Fraction(12), Fraction(5, 2))
    assert "2.5 pens cost $2" in request_text(model.requests[2])
    assert solve(LeastToMost(ChainOfThought()), ["?"], longer).hop_answers == (None, None)


def test_an_answer_is_strict_only_where_every_hop_was() -> None:
    solution = solve(LeastToMost(ChainOfThought()), ["It is 12.", says(24)], CHAIN)
    assert solution.answer == 24
    assert solution.strict_answer is None


def test_a_single_question_is_the_inner_strategys() -> None:
    assert solve(LeastToMost(ChainOfThought()), [says(12)]).hop_answers == ()
