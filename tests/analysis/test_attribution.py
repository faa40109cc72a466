from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from reasongap.analysis.attribution import attribution, cause_of
from reasongap.analysis.evidence import Evidence
from reasongap.domain import Outcome, Record
from reasongap.models.seam import ModelSpec
from tests.analysis.chains import ran, said

HOP = "def solve_q1():\n    return 12\n"
CARRIES = HOP + "def solution():\n    X = solve_q1()\n    return X * 6\n"
FORGETS = HOP + "def solution():\n    X = solve_q1()\n    return 2 * 6\n"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("3 * 5 = 15\nAnswer to Q1: 15\n15 * 5 = 75\nFinal answer: 75", "hop_wrong"),
        ("3 * 4 = 12\nAnswer to Q1: 12\nFinal answer: 12", "stopped_early"),
        ("Final answer: 12", "stopped_early"),
        ("Answer to Q1: 12\n2 * 5 = 10\nFinal answer: 10", "not_carried"),
        ("Answer to Q1: 12\n12 * 6 = 72\nFinal answer: 72", "last_hop_wrong"),
        ("Q1:\nThat is 12.\nQ2:\n12 * 6 = 72", "last_hop_wrong"),
        ("Q1:\nThat is 12.\nQ2:\n2 * 6 = 72", "not_carried"),
        ("Q1:\nThat is 12.\nQ2:\nThat is \\boxed{72 - X}", "not_carried"),
        ("Q1:\nThat is 13.\nQ2:\nThat is \\boxed{72 - X}", "hop_wrong"),
        ("Answer to Q1: 12\nFinal answer: 72", "unclear"),
        ("Final answer: 72", "unclear"),
    ],
)
def test_a_wrong_chain_of_thought_has_the_first_cause_that_holds(text: str, cause: str) -> None:
    assert cause_of(said(text)) == cause


@pytest.mark.parametrize(
    ("source", "hop", "answer", "cause"),
    [
        (CARRIES, 13, 78, "hop_wrong"),
        (CARRIES, 12, 12, "stopped_early"),
        (CARRIES, 12, 72, "last_hop_wrong"),
        (FORGETS, 12, 12, "stopped_early"),
        (FORGETS, 12, 13, "not_carried"),
        (HOP + "def solution():\n    return solve_q1() * 6\n", 12, 72, "last_hop_wrong"),
        (HOP + "X = solve_q1()\ndef solution():\n    return X * 6\n", 12, 72, "last_hop_wrong"),
        (CARRIES, None, 72, "unclear"),
        ("def solution(:", 12, 72, "unclear"),
    ],
)
def test_a_wrong_program_is_judged_by_what_its_functions_returned(
    source: str, hop: int | None, answer: int, cause: str
) -> None:
    assert cause_of(ran(source, (hop,), answer)) == cause


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Q1:\nThat is 12.\nQ2:\nThat is \\boxed{72 - X}", "not_carried"),
        ("Q1:\nThat is 13.\nQ2:\nThat is \\boxed{72 - X}", "hop_wrong"),
        ("That is \\boxed{72 - X}", "no_answer"),
        ("Q1:\nThat is 12.\nQ2:\nI do not know.", "no_answer"),
    ],
)
def test_an_expression_in_x_tells_that_x_was_not_carried_on(text: str, cause: str) -> None:
    assert cause_of(said(text, "no_answer")) == cause


@pytest.mark.parametrize("outcome", ["truncated", "refused", "no_answer", "code_error", "timeout"])
def test_other_outcomes_are_their_own_cause(outcome: Outcome) -> None:
    assert cause_of(said("Answer to Q1: 13", outcome)) == outcome


@pytest.mark.parametrize("outcome", ["correct", "model_error", "sandbox_error"])
def test_what_is_no_failure_of_the_model_has_no_cause(outcome: Outcome) -> None:
    assert cause_of(said("Final answer: 60", outcome)) is None


def test_a_chain_of_three_breaks_at_its_first_wrong_hop() -> None:
    golds = (Fraction(12), Fraction(60), Fraction(7))
    text = "Answer to Q1: 12\nAnswer to Q2: 61\nFinal answer: 8"
    assert cause_of(said(text, golds=golds)) == "hop_wrong"
    carried = text.replace("61", "60").replace("Final", "60 - 52 = 8\nFinal")
    assert cause_of(said(carried, golds=golds)) == "last_hop_wrong"


def evidence(*records: Record) -> Evidence:
    return Evidence({"m": ModelSpec("m")}, ("cot", "pot"), {}, records)


def repeated(item: str, text: str, outcome: Outcome, repeat: int) -> Record:
    made = said(text, outcome, item=item)
    return replace(made, key=replace(made.key, repeat=repeat))


def test_the_breakdown_sums_to_the_failures() -> None:
    (row,) = attribution(
        evidence(
            said("Final answer: 60", "correct", item="a"),
            said("Final answer: 12", item="b"),
            said("", "truncated", item="c"),
            said("Answer to Q1: 13\nFinal answer: 65", item="d"),
            said("Answer to Q1: 14\nFinal answer: 70", item="e"),
            said("", "model_error", item="f"),
        )
    )
    assert (row.answered, row.failed) == (5, 4)
    assert row.counts == {"truncated": 1, "hop_wrong": 2, "stopped_early": 1}
    assert sum(row.counts.values()) == row.failed
    assert row.shares["hop_wrong"].value == 0.5
    assert row.shares["hop_wrong"].n == 4


def test_with_unequal_repeats_shares_are_still_the_counts_over_the_failures() -> None:
    records = [repeated("a", "Final answer: 72", "wrong", repeat) for repeat in range(3)]
    records += [repeated("b", "", "no_answer", 0), repeated("b", "", "model_error", 1)]
    records += [repeated("c", "Final answer: 60", "correct", repeat) for repeat in range(3)]
    (row,) = attribution(evidence(*records))
    assert (row.failed, row.counts) == (4, {"no_answer": 1, "unclear": 3})
    for cause, count in row.counts.items():
        assert row.shares[cause].value == pytest.approx(count / 4)
        assert row.shares[cause].n == 2


def test_a_composition_that_failed_once_of_three_times_counts() -> None:
    records = [repeated("a", "Final answer: 72", "wrong", 0)]
    records += [repeated("a", "Final answer: 60", "correct", repeat) for repeat in (1, 2)]
    (row,) = attribution(evidence(*records))
    assert row.shares["unclear"].n == 1


def test_a_cause_that_is_the_only_one_keeps_an_honest_interval() -> None:
    records = [said("Final answer: 72", item=f"a{i}") for i in range(40)]
    records += [said("Final answer: 60", "correct", item=f"b{i}") for i in range(60)]
    (row,) = attribution(evidence(*records))
    share = row.shares["unclear"]
    assert (share.value, share.ci[1], share.n) == (1, 1, 40)
    assert 0.85 < share.ci[0] < 0.95


def test_no_failure_is_an_empty_breakdown() -> None:
    (row,) = attribution(evidence(said("Final answer: 60", "correct")))
    assert (row.failed, row.counts, row.shares) == (0, {}, {})
