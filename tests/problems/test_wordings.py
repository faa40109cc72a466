from __future__ import annotations

import pytest

from reasongap.problems.wordings import wording


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("Nine cats", 9), ("twenty-five men", 25), ("ninety nine", 99), ("half of it", 2)),
        *(("Twice a day", 2), ("a dozen eggs", 12), ("both of them", 2), ("three-fifths", 5)),
    ],
)
def test_words_bring_their_numbers(text: str, value: int) -> None:
    assert value in wording(text)[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [("every week", 7), ("20% off", 100), ("costs $5", 100), ("3 hours", 60), ("on Monday", 7)],
)
def test_units_bring_their_conversions(text: str, value: int) -> None:
    assert value in wording(text)[1]


def test_letters_inside_a_word_bring_nothing() -> None:
    assert wording("He often lent someone a tent; the weight is unseen")[0] == frozenset()
