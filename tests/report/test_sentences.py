"""Sentences claim no more than their intervals."""

from __future__ import annotations

from reasongap.analysis.attribution import Attribution
from reasongap.report.grids import short
from reasongap.report.sentences import attribution_sentence, gaps_sentence
from tests.report.studies import full


def test_gaps_are_told_by_their_ends() -> None:
    text = gaps_sentence(full().findings.estimates.gaps)
    assert text.count("Δ = ") == 2


def test_the_commonest_cause_is_not_told_as_that_of_most() -> None:
    row = Attribution("m", "cot", 9, 5, {"truncated": 1, "hop_wrong": 2, "unclear": 2}, {})
    assert attribution_sentence([row]) == (
        "The commonest cause of failures under cot: an earlier hop is wrong (40% of 5)."
    )


def test_of_models_that_end_alike_as_much_is_told_as_tells_them_apart() -> None:
    among = ("hf/a/x/step-4", "hf/b/x/step-4", "hf/b/step-8", "step-8")
    told = [short(name, among) for name in among]
    assert told == ["a/x/step-4", "b/x/step-4", "b/step-8", "step-8"]
    assert short("hf/a/x/step-4") == "step-4"
