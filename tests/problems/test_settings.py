from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from reasongap.domain import Composition, Hop
from reasongap.errors import UnknownName, UsageError
from reasongap.problems.settings import default_settings, questions

FIRST = Hop("Ann has 3 cats and 4 dogs. How many pets?", Fraction(7), "p/1")
SECOND = Hop(
    "Bo packs X bags of 5 nuts. How many nuts?",
    Fraction(35),
    "p/2",
    "Bo packs 6 bags of 5 nuts. How many nuts?",
    Fraction(30),
    "6",
)
THIRD = Hop("Cy pays $X for 7 pens. What is a pen?", Fraction(5), "p/3", "…", Fraction(2), "14")
ONE = Composition("one", "b1", (FIRST, SECOND, THIRD))


def other(name: str, block: str) -> Composition:
    return Composition(name, block, (Hop(f"Of {name}?", Fraction(9), f"p/{name}"), SECOND))


def test_the_default_settings_are_the_hops_and_the_chain() -> None:
    assert default_settings(3) == ("hop1", "hop2", "hop3", "composed")
    asked = list(questions(ONE, default_settings(3)))
    assert [question.hops for question in asked] == [
        ("Ann has 3 cats and 4 dogs. How many pets?",),
        ("Bo packs 7 bags of 5 nuts. How many nuts?",),
        ("Cy pays $35 for 7 pens. What is a pen?",),
        tuple(hop.question for hop in ONE.hops),
    ]
    assert [question.hop_golds for question in asked] == [(7,), (35,), (5,), (7, 35, 5)]
    assert {(question.composition, question.block) for question in asked} == {("one", "b1")}


def test_the_published_second_hop_is_asked_with_its_published_answer() -> None:
    (question,) = questions(ONE, ["hop2-source"])
    assert question.text == SECOND.source_question
    assert question.gold == 30


def test_an_unrelated_problem_of_another_block_distracts() -> None:
    study = [other("near", "b1"), other("far", "b2"), ONE, other("later", "b3")]
    (question,) = questions(ONE, ["hop2-distracted"], study)
    assert question.hops == ("Of far?", "Bo packs 7 bags of 5 nuts. How many nuts?")
    assert list(map(str, question.hop_golds)) == ["9", "35"]


def test_more_compositions_at_the_end_leave_the_distractor() -> None:
    study = [ONE, other("a", "b2")]
    few = list(questions(ONE, ["hop2-distracted"], study))
    assert few == list(questions(ONE, ["hop2-distracted"], [*study, other("b", "b3")]))


def test_a_distractor_shares_no_problem() -> None:
    sharing = replace(other("a", "b2"), hops=(replace(FIRST, source="p/2"), SECOND))
    with pytest.raises(UsageError, match="another block"):
        list(questions(ONE, ["hop2-distracted"], [ONE, sharing]))


def test_a_file_without_the_published_question_cannot_be_asked_for_it() -> None:
    bare = Composition("bare", "b", (FIRST, replace(SECOND, source_question=None)))
    with pytest.raises(UsageError, match="hop2-source"):
        list(questions(bare, ["hop2-source"]))


@pytest.mark.parametrize("setting", ["hop4", "hop0", "compose", ""])
def test_an_unknown_setting_is_named(setting: str) -> None:
    with pytest.raises(UnknownName, match="setting"):
        list(questions(ONE, [setting]))
