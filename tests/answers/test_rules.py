"""A rule of one's own is tried first, and says so; what it leaves is read as ever."""

from __future__ import annotations

import re
from fractions import Fraction
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from reasongap.answers import Rule, open_rule, read_with, rule_names
from reasongap.errors import BadFile, UnknownName
from reasongap.solvers import ChainOfThought
from tests.solvers.asked import solve

STARS = Rule(
    "stars", lambda text, hops: Fraction(m[1]) if (m := re.search(r"\*(\d+)\*", text)) else None
)


def test_what_it_finds_is_the_answer_and_its_name_the_rule() -> None:
    reading = read_with(STARS, "It is *12*.\nFinal answer: 13")
    assert reading.answer == 12
    assert reading.rule == "stars"
    assert reading.strict_answer is None, "the asked-for form says another number"


def test_what_it_leaves_is_read_by_ours() -> None:
    assert read_with(STARS, "Final answer: 13").rule == "final_line"
    assert read_with(STARS, "*13*\nFinal answer: 13").strict_answer == 13
    assert read_with(None, "Final answer: 13").answer == 13


def test_a_strategy_that_names_it_reads_with_it() -> None:
    solution = solve(ChainOfThought(rule=STARS), ["*12* or 13"])
    assert solution.answer == 12
    assert solution.rule == "stars"


def test_a_file_brings_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "from reasongap.answers import Rule\nrule = Rule('mine', lambda text, hops: None)\n"
    )
    assert open_rule(str(path)).name == "mine"
    path.write_text("rule = 3\n")
    with pytest.raises(BadFile, match=r"no reasongap\.answers\.Rule"):
        open_rule(str(path))


def test_ours_are_listed_first_and_others_with_their_origin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    point = EntryPoint("theirs", "somewhere:rule", "reasongap.rules")
    monkeypatch.setattr("reasongap.plugins.entry_points", lambda group: [point])
    names = rule_names()
    assert next(iter(names)) == "final_line"
    assert names["theirs"] == "somewhere:rule"
    with pytest.raises(UnknownName, match="Did you mean 'theirs'"):
        open_rule("thiers")


def test_the_last_calculation_of_a_reply_that_was_cut_is_no_answer() -> None:
    reply = "First 3 + 4 = 7.\nThen 7 + 11 = 18"
    assert read_with(None, reply).answer == 18
    assert read_with(None, reply, cut=True).answer is None
    assert read_with(None, f"Answer to Q1: 7\n{reply}", 2, cut=True).hop_answers == (Fraction(7),)
    assert read_with(None, "The answer is 18, for all", cut=True).answer == 18
