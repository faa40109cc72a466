"""`reasongap compare` from the arguments to the table, against a server on this machine."""

from __future__ import annotations

import csv
import functools
import io
import json
from pathlib import Path

import pytest

from reasongap.runs.throttle import ThrottledModel
from reasongap.testing import FaultyServer, chat, error
from tests.cli.conftest import Command
from tests.runs.studies import compositions_file

REDUCTION_KEYS = {
    *("model", "size", "baseline", "strategy", "s_comp_change", "s_comp_change_ci"),
    *("s_comp_relative", "delta_change", "delta_change_ci", "p_value"),
    *("gap_closed", "gap_closed_ci", "gap_closed_reason"),
}
GAP_KEYS = {
    *("model", "strategy", "size", "family", "n", "s", "s_comp", "expected", "delta"),
    *("delta_ci", "attrition", "outcomes", "cost", "tokens"),
    *("blocks", "s_ci", "s_comp_ci", "delta_bounds", "method", "strict", "seconds"),
}


@pytest.fixture
def asking(server: FaultyServer, tmp_path: Path) -> list[object]:
    """The arguments that ask the server, which answers 5 to everything."""
    server.answers = [chat("Final answer: 5")]
    chains = compositions_file(tmp_path, 4)
    return ["-m", "openai/tiny-1b", "--api-base", server.url, "-p", chains, "--out", "run"]


def test_the_table_fits_eighty_columns_and_says_what_it_shows(
    reasongap: Command, asking: list[object]
) -> None:
    ended = reasongap("compare", *asking)
    assert ended.code == 0, ended.err
    assert max(map(len, ended.out.splitlines())) <= 80
    for words in ("Reasoning gap · openai/tiny-1b", "Change against cot", "n = 4", "Δ = S_comp"):
        assert words in ended.out
    assert "24 questions" in ended.err
    assert "reasongap show run" in ended.err


def test_the_command_that_looks_closer_can_be_pasted(
    reasongap: Command, asking: list[object]
) -> None:
    assert "reasongap show 'my run'\n" in reasongap("compare", *asking, "--out", "my run").err


def test_json_has_the_shape_of_the_contract(reasongap: Command, asking: list[object]) -> None:
    ended = reasongap("compare", *asking, "--format", "json")
    whole = json.loads(ended.out)
    assert set(whole) == {"schema", "gaps", "reductions", "tests", "controls", "notes"}
    assert whole["schema"] == 1
    assert [set(row) for row in whole["gaps"]] == [GAP_KEYS] * 2
    assert [set(row) for row in whole["reductions"]] == [REDUCTION_KEYS]
    cot = whole["gaps"][0]
    assert (cot["model"], cot["strategy"], cot["size"]) == ("openai/tiny-1b", "cot", 1e9)
    assert cot["s"] == [0.25, 0.0], "2 + 3 is 5, and nothing else is"
    assert cot["outcomes"] == {"correct": 1, "wrong": 11}
    assert cot["cost"] is None, "nobody knows this model's price"
    assert cot["tokens"] == 12 * 15
    assert [test["setting"] for test in whole["tests"]] == ["hop1", "hop2", "composed"]
    assert "! " not in ended.err, "its notes stand in the JSON"
    assert any("fewer than 100" in note for note in whole["notes"])


@pytest.mark.parametrize("form", ["csv", "markdown", "latex"])
def test_other_forms_hold_the_same_numbers(
    reasongap: Command, asking: list[object], form: str
) -> None:
    out = reasongap("compare", *asking, "--format", form).out
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(out)))
        assert [row["strategy"] for row in rows] == ["cot", "pot"]
        assert float(rows[0]["s1"]) == 0.25
    else:
        assert "0.25" in out
        assert ("| cot |" if form == "markdown" else r"\begin{tabular}") in out


def test_the_same_command_again_asks_nothing(
    reasongap: Command, asking: list[object], server: FaultyServer
) -> None:
    first = reasongap("compare", *asking)
    asked = len(server.seen)
    again = reasongap("compare", *asking)
    assert again.out == first.out
    assert len(server.seen) == asked


def test_a_study_file_does_the_same(
    reasongap: Command, asking: list[object], server: FaultyServer, tmp_path: Path
) -> None:
    file = tmp_path / "study.toml"
    file.write_text(
        f'problems = "{asking[5]}"\nstrategies = ["cot"]\n'
        f'[model."openai/tiny-1b"]\napi_base = "{server.url}"\nmax_tokens = 77\nsize = "3B"\n'
    )
    ended = reasongap("compare", file, "--format", "json")
    (row,) = json.loads(ended.out)["gaps"]
    assert row["size"] == 3e9
    assert server.last["max_tokens"] == 77


def test_a_broken_server_ends_in_attrition_and_says_so(
    reasongap: Command,
    asking: list[object],
    server: FaultyServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    once = functools.partial(ThrottledModel, tries=1)
    monkeypatch.setattr("reasongap.runs.calling.ThrottledModel", once)
    server.answers = [error(500, "down"), chat("Final answer: 5")]
    ended = reasongap("compare", *asking, "--max-connections", 1, "-s", "cot")
    assert ended.code == 4
    assert "1 of 4 compositions left out" in ended.out
    assert "1 model_error" in ended.out


def test_run_is_one_strategy(reasongap: Command, asking: list[object]) -> None:
    ended = reasongap("run", *asking, "-s", "cot")
    assert ended.code == 0
    assert "Reasoning gap" in ended.out
    assert "Change against" not in ended.out


def test_show_lists_filters_and_opens(reasongap: Command, asking: list[object]) -> None:
    reasongap("compare", *asking)
    lines = reasongap("show", "run").out
    assert "final_line" in lines
    assert "no_answer" in lines
    correct = reasongap("show", "run", "--outcome", "correct").out
    assert correct.count("correct") == 1
    flips = reasongap("show", "run", "--flip").out
    assert flips.count("hop1") == 2
    whole = reasongap("show", "run", 1, "--setting", "composed", "-s", "cot").out
    for words in ("Q1: What is 2 plus 3?", "Final answer: 5", "gold 20", "rule final_line"):
        assert words in whole
    none = reasongap("show", "run", "--outcome", "truncated")
    assert (none.code, "There are: 12 no_answer" in none.out) == (0, True), none.out
    assert reasongap("show", "run", "--outcome", "corect").code == 2
    assert reasongap("show", "run", 99).code == 2
