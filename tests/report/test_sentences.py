"""Sentences claim no more than their intervals."""

from __future__ import annotations

from reasongap.report.sentences import gaps_sentence
from tests.report.studies import full


def test_gaps_are_told_by_their_ends() -> None:
    text = gaps_sentence(full().findings.estimates.gaps)
    assert text.count("Δ = ") == 2
