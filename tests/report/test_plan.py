"""A plan is readable at a glance, says what it rests on, and never takes unknown for free."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from reasongap.analysis.detectable import Wish, showings
from reasongap.report.plan import render_plan
from reasongap.runs.approval import estimate
from reasongap.runs.plan import Plan
from tests.report.plans import PRICED, UNPRICED

WISH = Wish(100, 1.0, 0.05, (0.7, 0.7))
SHOWN = showings(WISH, ["a", "b"], ["cot", "pot"], ())


def test_the_table_fits_eighty_columns_and_says_what_is_unknown() -> None:
    text = render_plan(Plan((PRICED, UNPRICED)), SHOWN, WISH, "table")
    tables, _, notes = text.partition("\n! ")
    assert max(map(len, tables.splitlines())) <= 80
    for words in (
        "$1.50",
        "$4.00",
        "unknown",
        "without b, whose price is",
        "What 100 compositions",
    ):
        assert words in tables
    assert "cot 200, pot 150" in notes
    assert "assumed: hops answered right at 0.7, 0.7" in notes


def test_a_list_price_is_told_where_another_server_is_asked() -> None:
    told = "a: the provider's list price; where the server at --api-base is free"
    listed = Plan((replace(PRICED, listed=True), UNPRICED))
    assert told in render_plan(listed, SHOWN, WISH, "table")
    assert told in estimate(listed)
    assert told not in estimate(Plan((PRICED,)))
    assert told not in render_plan(Plan((PRICED,)), SHOWN, WISH, "table")


def test_a_cost_of_which_nothing_is_known_is_no_number() -> None:
    table = " ".join(render_plan(Plan((UNPRICED,)), SHOWN, WISH, "table").split())
    assert "What it costs is unknown, for the price of b is" in table
    assert "$0.00" not in table


def test_a_cost_of_less_than_a_cent_is_not_told_as_none() -> None:
    cheap = replace(PRICED, dollars=0.0024, most_dollars=0.0095)
    table = " ".join(render_plan(Plan((cheap, cheap)), (), WISH, "table").split())
    assert "Together $0.0048, at most $0.019." in table


def test_json_holds_every_number() -> None:
    whole = json.loads(render_plan(Plan((PRICED, UNPRICED)), SHOWN, WISH, "json"))
    assert (whole["schema"], whole["n"], whole["calls"], whole["dollars"]) == (1, 100, 600, 1.5)
    assert whole["unpriced"] == ["b"]
    assert [row["dollars"] for row in whole["forecasts"]] == [1.5, None]
    assert [row["source"] for row in whole["shows"]] == ["assumed", "assumed"]
    assert 0.1 < whole["shows"][0]["delta_shown"] < whole["shows"][1]["delta_shown"] < 0.3
    assert len(whole["notes"]) == 3


def test_json_knows_no_infinity() -> None:
    one = Wish(1, 1.0, 0.05, (0.7, 0.7))
    text = render_plan(Plan((PRICED,)), showings(one, ["a"], ["cot"], ()), one, "json")
    assert "Infinity" not in text
    assert json.loads(text)["shows"][0]["delta_half_width"] is None


def test_what_a_pilot_told_needs_no_note() -> None:
    piloted = replace(PRICED, piloted=True)
    assert "--pilot" not in render_plan(Plan((piloted,)), (), WISH, "table")
    sampled = replace(piloted, tried=32)
    assert "32 of 320 questions" in render_plan(Plan((sampled,)), (), WISH, "markdown")


def test_csv_is_what_it_takes() -> None:
    text = render_plan(Plan((PRICED, UNPRICED)), SHOWN, WISH, "csv")
    priced, unpriced = csv.DictReader(io.StringIO(text))
    assert (priced["prompt_tokens"], priced["reply_tokens"]) == ("30000", "60000")
    assert (priced["dollars"], priced["most_dollars"], priced["reply_price"]) == (
        *("1.5", "4.0"),
        "25.0",
    )
    assert (unpriced["dollars"], unpriced["reply_price"]) == ("", "")
