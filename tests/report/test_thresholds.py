from __future__ import annotations

import re

import pytest

from reasongap.errors import UnknownName, UsageError
from reasongap.report.flat import Value, gap_rows, quantities
from reasongap.report.thresholds import check, missed, read_threshold
from tests.report.studies import full

ROWS: list[dict[str, Value]] = [
    {"model": "a", "strategy": "cot", "delta": -0.2, "gap_closed": None, "s_comp": 0.5},
    {"model": "a", "strategy": "pot", "delta": -0.1, "gap_closed": 0.5, "s_comp": 0.6},
    {"model": "b", "strategy": "pot", "delta": -0.3, "gap_closed": None, "s_comp": 0.7},
    {"model": "b", "strategy": "sc(pot, n=5)", "delta": 0.1, "gap_closed": 1, "s_comp": 0.9},
]
ASKED = [(str(row["model"]), str(row["strategy"])) for row in ROWS]


@pytest.mark.parametrize(
    ("rule", "models"),
    [
        ("delta(pot) < -0.15", ["b"]),
        ("delta(pot)<=-0.10", ["a", "b"]),
        ("delta(pot) < −10%", ["b"]),
        ("delta(pot, a) < -0.15", []),
        ("delta(pot,b) < -0.15", ["b"]),
        ("s_comp(cot) >= .5", ["a"]),
        ("delta(sc(pot, n=5)) > 0", ["b"]),
        ("gap_closed(pot, a) < 1e-3", []),
        ("gap_closed(pot, a) < +6.E-1", ["a"]),
        ("delta(pot) < -1.5e−1", ["b"]),
    ],
)
def test_a_rule_is_missed_by_the_rows_in_which_it_holds(rule: str, models: list[str]) -> None:
    assert [text[0] for text in missed([read_threshold(rule)], ROWS, ASKED)] == models


@pytest.mark.parametrize(
    "rule",
    [
        *("", "delta < 0", "delta(pot) = 0", "delta(pot) < x", "delta(pot) < 1.2.3", "1 < 2"),
        *("delta(pot) < nan", "delta(pot) < inf", "delta(pot) < 1e999", "delta(pot) < ."),
        "delta(pot) < e3",
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_with_its_form(rule: str) -> None:
    with pytest.raises(UsageError, match=r"QUANTITY\(STRATEGY\)"):
        read_threshold(rule)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("detla(pot) < 0", "unknown quantity 'detla'. Did you mean 'delta'?"),
        ("model(pot) < 0", "unknown quantity 'model'"),
        ("s3(pot) < 0", "unknown quantity 's3'"),
        ("delta(pott) < 0", "unknown strategy 'pott'. Did you mean 'pot'?"),
        ("delta(a) < 0", "unknown strategy 'a'"),
        ("delta(pot, c) < 0", "unknown model 'c'. Known: a, b."),
    ],
)
def test_what_a_study_lacks_is_refused_by_name(rule: str, why: str) -> None:
    with pytest.raises(UnknownName, match=re.escape(why)):
        check([read_threshold(rule)], ["a", "b"], ["cot", "pot"], hops=2)


def test_what_a_study_has_is_not_refused() -> None:
    rules = ["s3(pot) < 0", "gap_closed(pot, a) < 1", "delta(sc(pot, n=5), b) < 0", "cost(cot) > 1"]
    check(map(read_threshold, rules), ["a", "b"], ["cot", "pot", "sc(pot, n=5)"], hops=3)


def test_the_known_quantities_are_the_columns_that_hold_numbers() -> None:
    words = {"model", "strategy", "family", "method", "baseline"}
    columns = [name for name in gap_rows(full().findings.estimates)[0] if name not in words]
    assert list(quantities(2)) == columns


def test_what_was_not_measured_cannot_be_ruled_out() -> None:
    asked = [*ASKED, ("c", "pot")]
    told = missed([read_threshold("delta(pot) < -0.9")], ROWS, asked)
    assert told == [
        "c, pot: delta is not known (no composition was answered in full), and "
        "'delta(pot) < -0.9' was to fail: it cannot be ruled out"
    ]
    (empty,) = missed([read_threshold("gap_closed(pot) < 0.1")], ROWS, ASKED)
    assert empty.startswith("b, pot: gap_closed is not known (it has no value)")
    (nothing,) = missed([read_threshold("delta(cot) < 0")], [], [("c", "cot")])
    assert nothing.startswith("c, cot: delta is not known")


def test_a_strategy_that_nobody_was_asked_under_cannot_be_ruled_out() -> None:
    (told,) = missed([read_threshold("delta(ltm) < 0")], ROWS, ASKED)
    assert told.startswith("ltm: nothing was asked")


def test_a_small_value_is_told_in_full() -> None:
    rows: list[dict[str, Value]] = [{"model": "a", "strategy": "cot", "cost": 0.00042}]
    (told,) = missed([read_threshold("cost(cot) > 1e-4")], rows, [("a", "cot")])
    assert told.startswith("a, cot: cost is 0.00042")
