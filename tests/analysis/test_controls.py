from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from reasongap.analysis.controls import distraction, later_hops, leakage
from reasongap.analysis.evidence import Evidence
from reasongap.domain import Record
from reasongap.models.seam import ModelSpec
from tests.analysis.chains import said
from tests.analysis.records import record


def evidence(*records: Record) -> Evidence:
    return Evidence({"m": ModelSpec("m")}, ("cot",), {}, records)


def chain(item: str, text: str) -> Record:
    right = text.endswith("60")
    made = said(text, "correct" if right else "wrong", item=item)
    return replace(made, key=replace(made.key, composition=item))


RIGHT = "Answer to Q1: 12\nFinal answer: 60"
SECOND_WRONG = "Answer to Q1: 12\nFinal answer: 61"
FIRST_WRONG = "Answer to Q1: 13\nFinal answer: 65"
UNSAID = "Final answer: 99"


def test_leakage_is_the_gain_of_the_published_question() -> None:
    records = [record(f"c{i}", "hop2", "correct" if i < 2 else "wrong") for i in range(8)]
    records += [record(f"c{i}", "hop2-source", "correct" if i < 4 else "wrong") for i in range(8)]
    records += [record(f"c{i}", "composed") for i in range(8)]
    (row,) = leakage(evidence(*records))
    assert (row.here.value, row.there.value, row.change.value) == (0.25, 0.5, 0.25)
    assert row.change.n == 8


def test_leakage_of_answers_that_all_stay_the_same_has_an_interval_of_honest_width() -> None:
    records = [
        record(f"c{i}", setting, "correct" if i % 2 else "wrong")
        for i in range(100)
        for setting in ("hop2", "hop2-source", "composed")
    ]
    (row,) = leakage(evidence(*records))
    low, high = row.change.ci
    assert low == -high
    assert 0.01 < high < 0.04


def test_without_the_control_there_is_no_leakage_to_speak_of() -> None:
    assert leakage(evidence(record("c0", "hop2"), record("c0", "composed"))) == ()


def test_distraction_counts_unsaid_hops_as_wrong_and_says_how_far_that_matters() -> None:
    texts = [RIGHT, SECOND_WRONG, FIRST_WRONG, UNSAID]
    records = [chain(f"c{i}", text) for i, text in enumerate(texts)]
    records += [record(f"c{i}", "hop1") for i in range(4)]
    (row,) = distraction(evidence(*records))
    assert (row.alone.value, row.inside.value) == (1, 0.5)
    assert (row.change.value, row.change_at_most.value) == (-0.5, -0.25)
    assert row.coverage == 0.75


def test_the_second_hop_is_judged_where_the_first_is_stated_and_right() -> None:
    texts = [RIGHT, RIGHT, SECOND_WRONG, FIRST_WRONG, UNSAID]
    records = [chain(f"c{i}", text) for i, text in enumerate(texts)]
    records += [record(f"c{i}", "hop2", "correct" if i != 3 else "wrong") for i in range(5)]
    (row,) = later_hops(evidence(*records))
    assert row.alone.value == 0.8
    assert row.given is not None
    assert (row.given.here.value, row.given.there.n) == (1, 3)
    assert abs(row.given.there.value - 2 / 3) < 1e-12
    assert row.coverage == 0.8
    assert row.distracted is None


def test_the_unrelated_problem_is_compared_where_it_was_asked() -> None:
    records = [chain("c0", RIGHT), record("c0", "hop2"), record("c1", "hop2", "wrong")]
    records += [chain("c1", RIGHT), record("c0", "hop2-distracted", "wrong", hops=2)]
    (row,) = later_hops(evidence(*records))
    assert row.distracted is not None
    assert (row.distracted.here.value, row.distracted.there.value) == (1, 0)


def test_where_no_first_hop_is_stated_the_reason_is_given() -> None:
    (row,) = later_hops(evidence(chain("c0", UNSAID), record("c0", "hop2")))
    assert row.given is None
    assert row.reason is not None
    assert row.coverage == 0


def test_chains_of_three_have_two_later_hops() -> None:
    golds = (Fraction(12), Fraction(60), Fraction(7))
    text = "Answer to Q1: 12\nAnswer to Q2: 60\nFinal answer: 8"
    composed = said(text, golds=golds)
    singles = [record("c0", f"hop{i}") for i in (2, 3)]
    second, third = later_hops(evidence(composed, *singles))
    assert second.given is not None
    assert third.given is not None
    assert (second.hop, second.given.there.value) == (2, 1)
    assert (third.hop, third.given.there.value) == (3, 0)
