from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from reasongap.analysis.cost import costs, front
from reasongap.analysis.evidence import Evidence
from reasongap.analysis.stability import base_name, consistency, main_strategies, sensitivity
from reasongap.analysis.strategies import strategy_pairs
from reasongap.domain import Record
from reasongap.models.seam import ModelSpec
from tests.analysis.records import answers, record


def answered(item: str, answer: int | None, strategy: str = "cot", repeat: int = 0) -> Record:
    """A chain answered with a number; 1 is right."""
    outcome = "correct" if answer == 1 else "no_answer" if answer is None else "wrong"
    made = record(item, "composed", outcome, strategy=strategy, repeat=repeat)  # type: ignore[arg-type]
    number = None if answer is None else Fraction(answer)
    return replace(made, solution=replace(made.solution, answer=number))


def evidence(*records: Record, strategies: tuple[str, ...] = ("cot", "pot")) -> Evidence:
    return Evidence({"m": ModelSpec("m")}, strategies, {}, records)


def test_flips_agreement_and_oracle_of_two_strategies() -> None:
    cot = [1, 1, 2, 3, None]
    pot = [1, 2, 1, 3, None]
    records = [answered(f"c{i}", a) for i, a in enumerate(cot)]
    records += [answered(f"c{i}", a, "pot") for i, a in enumerate(pot)]
    (row,) = strategy_pairs(evidence(*records))
    assert (row.gained.value, row.lost.value) == (0.2, 0.2)
    assert row.agreement.value == 0.4
    assert row.trust is not None
    assert row.trust.value == 0.5
    assert row.oracle.value == pytest.approx(0.6)
    assert row.oracle_gain.value == pytest.approx(0.2)
    assert row.better == "cot"


def test_trust_counts_the_compositions_that_agree_and_keeps_an_honest_interval() -> None:
    records = [answered(f"c{i}", 1 if i < 20 else 2) for i in range(100)]
    records += [answered(f"c{i}", 1 if i < 40 else 3, "pot") for i in range(100)]
    (row,) = strategy_pairs(evidence(*records))
    assert row.trust is not None
    assert (row.trust.value, row.trust.n, row.trust.blocks) == (1, 20, 20)
    assert 0.75 < row.trust.ci[0] < 0.9
    assert row.trust.ci[1] == 1


def test_one_strategy_has_no_pair() -> None:
    assert strategy_pairs(evidence(answered("c0", 1), strategies=("cot",))) == ()
    assert strategy_pairs(evidence(answered("c0", 1))) == ()


def test_the_front_holds_who_is_beaten_by_nobody() -> None:
    assert front([(1.0, 0.5), (2.0, 0.5), (2.0, 0.8), (3.0, 0.7), (None, 0.9)]) == {0, 2}
    assert front([(1.0, 0.5), (1.0, 0.5)]) == {0, 1}
    assert front([]) == set()


def test_the_price_of_a_right_composition_is_all_that_was_paid_over_the_right_ones() -> None:
    records = [answered(f"c{i}", 1 if i < 2 else 2) for i in range(8)]
    (row,) = costs(evidence(*records, strategies=("cot",)))
    assert (row.dollars, row.tokens) == (0.5, 17)
    assert row.dollars_per_right is not None
    assert row.dollars_per_right.value == pytest.approx(2.0)
    assert row.tokens_per_right is not None
    assert row.tokens_per_right.value == pytest.approx(68)
    assert row.front_dollars
    assert row.dollars_per_right.ci[0] < 2 < row.dollars_per_right.ci[1]


def test_unknown_prices_and_nothing_right_have_no_price_a_right_one() -> None:
    unknown = record("c0", "composed", cost=None, tokens=None)
    (row,) = costs(evidence(unknown, strategies=("cot",)))
    assert (row.dollars, row.tokens, row.front_dollars) == (None, None, False)
    (row,) = costs(evidence(answered("c0", 2), strategies=("cot",)))
    assert row.dollars == 0.5
    assert row.dollars_per_right is None
    (row,) = costs(evidence(record("c0", "composed", cost=0.0), strategies=("cot",)))
    assert (row.dollars, row.dollars_per_right) == (0.0, None)


def test_consistency_counts_pairs_of_repeats_that_agree() -> None:
    given = {"c0": (1, 1, 1), "c1": (1, 2, 2), "c2": (None, None, 3), "c3": (2, 3, 4)}
    records = [
        answered(item, a, repeat=r) for item, row in given.items() for r, a in enumerate(row)
    ]
    (row,) = consistency(evidence(*records, strategies=("cot",)))
    assert (row.setting, row.repeats) == ("composed", 3)
    assert row.agreement.value == pytest.approx((1 + 1 / 3 + 1 / 3 + 0) / 4)
    assert (row.always.value, row.ever.value) == (0.25, 0.5)


def test_repeats_that_floating_point_sets_apart_agree() -> None:
    exact, rounded, other = Fraction(3, 10), Fraction("0.30000000000000004"), Fraction(31, 100)
    records = []
    for repeat, number in enumerate((exact, rounded, rounded, other)):
        made = answered("c0", 1, repeat=repeat)
        records.append(replace(made, solution=replace(made.solution, answer=number)))
    (row,) = consistency(evidence(*records, strategies=("cot",)))
    assert row.agreement.value == pytest.approx(3 / 6)
    assert consistency(evidence(*records[::-1], strategies=("cot",))) == (row,)


def test_a_single_repeat_has_no_consistency() -> None:
    assert consistency(evidence(answered("c0", 1))) == ()


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("cot", "cot"),
        ("cot(prompt=terse)", "cot"),
        ("cot(prompt=terse, shots=4)", "cot"),
        ("cot(shots=8, exemplars=second)", "cot"),
        ("self-consistency(cot(prompt=terse), n=5)", "self-consistency(cot, n=5)"),
        ("self-consistency(pot, n=5)", "self-consistency(pot, n=5)"),
        ("cross-check(otherwise=third, prompt=a)", "cross-check(otherwise=third)"),
    ],
)
def test_a_variant_is_named_like_its_strategy(name: str, base: str) -> None:
    assert base_name(name) == base


def test_sensitivity_lays_wordings_side_by_side() -> None:
    good = [*answers(*["111"] * 30, *["110"] * 10)]
    bad = [*answers(*["111"] * 5, *["110"] * 35, strategy="cot(prompt=terse)")]
    strategies = ("cot", "cot(prompt=terse)", "pot")
    found = evidence(*good, *bad, *answers("111", strategy="pot"), strategies=strategies)
    (row,) = sensitivity(found)
    assert (row.strategy, row.variants) == ("cot", ("cot", "cot(prompt=terse)"))
    assert row.s_comp_spread.width == pytest.approx(0.625)
    assert row.delta_spread.worst == "cot(prompt=terse)"
    assert row.delta_spread.mean == pytest.approx((-0.25 - 0.875) / 2)
    assert row.s_comp_spread.p_value < 0.001
    assert row.s_comp_spread.by_chance < 0.4
    assert main_strategies(found) == ("cot", "pot")


def test_alike_wordings_differ_by_chance() -> None:
    same = [*answers(*["111", "110"] * 20)]
    other = [*answers(*["110", "111"] * 20, strategy="cot(prompt=terse)")]
    (row,) = sensitivity(evidence(*same, *other, strategies=("cot", "cot(prompt=terse)")))
    assert row.s_comp_spread.width == 0
    assert row.s_comp_spread.p_value == 1


@pytest.mark.parametrize("rows", [("111",), ("111", "110")])
def test_chance_spreads_wordings_no_wider_than_they_can_lie_apart(rows: tuple[str, ...]) -> None:
    records = [*answers(*rows), *answers(*rows, strategy="cot(prompt=terse)")]
    (row,) = sensitivity(evidence(*records, strategies=("cot", "cot(prompt=terse)")))
    assert (row.s_comp_spread.by_chance, row.delta_spread.by_chance) == (1, 2)
