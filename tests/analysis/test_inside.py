from __future__ import annotations

from fractions import Fraction

from reasongap.analysis.inside import hop_right, stated, stated_right
from tests.analysis.chains import ran, said

THREE = (Fraction(12), Fraction(60), Fraction(7))


def test_what_a_reply_states_is_held_against_the_gold() -> None:
    record = said("Answer to Q1: 12\nFinal answer: 61")
    assert stated(record, 1) == 12
    assert hop_right(record, 1) is True
    assert hop_right(record, 2) is False
    assert hop_right(said("Answer to Q1: 13\nFinal answer: 65"), 1) is False


def test_an_unsaid_hop_of_a_wrong_chain_is_unknown_and_of_a_right_one_right() -> None:
    assert hop_right(said("Final answer: 61"), 1) is None
    assert hop_right(said("Final answer: 60", "correct"), 1) is True


def test_a_right_chain_with_a_wrong_hop_has_a_wrong_hop() -> None:
    assert hop_right(said("Answer to Q1: 13\nFinal answer: 60", "correct"), 1) is False


def test_a_programs_hop_is_what_its_function_returned() -> None:
    assert hop_right(ran("", (12,), 61), 1) is True
    assert hop_right(ran("", (None,), 61), 1) is None


def test_several_hops_are_right_where_each_is_stated_and_right() -> None:
    text = "Answer to Q1: 12\nAnswer to Q2: 60\nFinal answer: 8"
    assert stated_right(said(text, golds=THREE), 2) is True
    assert stated_right(said(text.replace("60", "61"), golds=THREE), 2) is False
    assert stated_right(said("Answer to Q1: 12\nFinal answer: 8", golds=THREE), 2) is None
