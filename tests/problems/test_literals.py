from __future__ import annotations

from fractions import Fraction

from reasongap.problems.literals import rewrite, written

SOURCE = 'def solution():\n    é, b = 12, 0.25\n    return "12" and True and é * b + 1_000\n'


def test_numbers_are_found_and_neither_text_nor_truth() -> None:
    assert [number.value for number in written(SOURCE)] == [12, Fraction(1, 4), 1000]


def test_rewriting_changes_only_what_it_is_told_to() -> None:
    first, second, _ = written(SOURCE)
    changed = rewrite(SOURCE, {first: "1234", second: "7"})
    assert changed == SOURCE.replace("= 12, 0.25", "= 1234, 7")
