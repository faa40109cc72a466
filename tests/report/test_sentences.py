"""Sentences claim no more than their intervals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reasongap.analysis import Reduction
from reasongap.report.sentences import change_sentence, gaps_sentence, headlines
from tests.report.studies import bare, full

UP, DOWN, UNSURE = (0.1, 0.3), (-0.3, -0.1), (-0.1, 0.3)
BASE = Reduction(
    "a/m", 1e9, "cot", "pot", 0.2, UP, 0.5, 0.2, UP, 0.01, 0.6, (0.2, 0.9), None
)  # fmt: skip


def test_a_success_is_a_rise_of_accuracy_then_of_the_gap() -> None:
    text = change_sentence(BASE)
    assert text == (
        "m: pot against cot raises accuracy on the chain by +0.20 [+0.10, +0.30]; "
        "Δ changes by +0.20 [+0.10, +0.30]: less is lost by chaining; "
        "60% of the gap is closed [20%, 90%]."
    )


def test_a_smaller_gap_without_more_right_chains_is_no_success() -> None:
    text = change_sentence(replace(BASE, s_comp_change=-0.2, s_comp_change_ci=DOWN))
    assert "lowers accuracy" in text
    assert "no success" in text
    assert "closed" not in text


@pytest.mark.parametrize("part", ["s_comp_change_ci", "delta_change_ci"])
def test_what_cannot_be_told_from_none_is_said_so(part: str) -> None:
    text = change_sentence(replace(BASE, **{part: UNSURE}))  # type: ignore[arg-type]
    assert "not distinguishable from none" in text
    assert "closed" not in text


def test_more_loss_by_chaining_is_said_even_where_accuracy_rose() -> None:
    text = change_sentence(replace(BASE, delta_change=-0.2, delta_change_ci=DOWN))
    assert "raises accuracy" in text
    assert "more is lost by chaining" in text


def test_there_is_a_headline_for_every_model() -> None:
    assert len(headlines(bare().findings)) == 1
    named = " ".join(headlines(full().findings))
    assert all(name.rsplit("/", 1)[-1] in named for name in full().evidence.specs)


def test_gaps_are_told_by_their_ends() -> None:
    text = gaps_sentence(full().findings.estimates.gaps)
    assert text.count("Δ = ") == 2
