from __future__ import annotations

import pytest

from reasongap.errors import UnknownName, UsageError
from reasongap.report.flat import Value
from reasongap.report.thresholds import missed, read_threshold

ROWS: list[dict[str, Value]] = [
    {"model": "a", "strategy": "cot", "delta": -0.2, "gap_closed": None, "s_comp": 0.5},
    {"model": "a", "strategy": "pot", "delta": -0.1, "gap_closed": 0.5, "s_comp": 0.6},
    {"model": "b", "strategy": "pot", "delta": -0.3, "gap_closed": None, "s_comp": 0.7},
    {"model": "b", "strategy": "sc(pot, n=5)", "delta": 0.1, "gap_closed": 1, "s_comp": 0.9},
]


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
        ("gap_closed(cot) < 1", []),
    ],
)
def test_a_rule_is_missed_by_the_rows_in_which_it_holds(rule: str, models: list[str]) -> None:
    assert [text[0] for text in missed([read_threshold(rule)], ROWS)] == models


@pytest.mark.parametrize(
    "rule", ["", "delta < 0", "delta(pot) = 0", "delta(pot) < x", "delta(pot) < 1.2.3", "1 < 2"]
)
def test_a_rule_that_cannot_be_read_is_refused_with_its_form(rule: str) -> None:
    with pytest.raises(UsageError, match=r"QUANTITY\(STRATEGY\)"):
        read_threshold(rule)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UnknownName, match="unknown quantity 'detla'"):
        missed([read_threshold("detla(pot) < 0")], ROWS)
    with pytest.raises(UnknownName, match="unknown strategy 'pott'"):
        missed([read_threshold("delta(pott) < 0")], ROWS)
    with pytest.raises(UnknownName, match="quantity"):
        missed([read_threshold("model(pot) < 0")], ROWS)
