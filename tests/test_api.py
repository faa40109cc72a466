"""In Python a run that costs money is confirmed in the call, and a budget stops it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reasongap import Options, ScriptedModel, compare, run_strategy
from reasongap.api import read_comparison
from reasongap.domain import Completion, Request, Usage
from reasongap.errors import BadFile, BadRequest, BudgetStop, NoGap, NotCompared, UsageError
from reasongap.models import ModelSpec
from tests.runs.studies import calculator, compositions_file

FIVE_CENTS = Usage(1, 50)


def dear(request: Request) -> Completion:
    return Completion(request, calculator(request), usage=FIVE_CENTS, cost=0.05)


@pytest.fixture
def model() -> ScriptedModel:
    """Right, at a dollar a thousand tokens of replies, which are at most a hundred."""
    return ScriptedModel(dear, ModelSpec("dear", price=(0.0, 1000.0), max_tokens=100))


@pytest.fixture
def chains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return str(compositions_file(tmp_path))


def test_a_run_above_a_dollar_needs_to_be_confirmed(model: ScriptedModel, chains: str) -> None:
    with pytest.raises(UsageError, match=r"about \$.*Pass confirm=True to pay it"):
        compare(model, ["cot", "pot"], chains)
    assert model.requests == []
    assert compare(model, ["cot", "pot"], chains, confirm=True).gap("dear", "pot").delta == 0


def test_a_run_below_a_dollar_does_not(chains: str) -> None:
    cheap = ScriptedModel(dear, ModelSpec("cheap", price=(0.0, 1.0)))
    assert run_strategy(cheap, "cot", chains).gap.s_comp == 1


def test_a_budget_stops_and_a_larger_one_goes_on(
    model: ScriptedModel, chains: str, tmp_path: Path
) -> None:
    with pytest.raises(BudgetStop):
        run_strategy(model, "cot", chains, budget=0.5, confirm=True, out=tmp_path / "run")
    assert 0 < len(model.requests) <= 10
    with pytest.raises(BudgetStop):
        options = Options(budget=0.5)
        run_strategy(model, "cot", chains, options=options, confirm=True, out=tmp_path / "run")
    done = run_strategy(model, "cot", chains, budget=5, confirm=True, out=tmp_path / "run")
    assert len(model.requests) == 18
    assert done.gap.n == 6


def test_a_result_saves_its_page_of_what_it_compared(chains: str, tmp_path: Path) -> None:
    model = ScriptedModel(dear, ModelSpec("cheap", price=(0.0, 1.0)))
    compare(model, ["cot", "pot"], chains, out=tmp_path / "run")
    part = run_strategy(model, "pot", chains, n=4, out=tmp_path / "run")
    part.save(tmp_path / "gap.html")
    page = (tmp_path / "gap.html").read_text(encoding="utf-8")
    assert "4 chains of 2 problems" in page
    assert "How much does cheap lose by chaining?" in page
    assert "chain of thought" not in page
    assert part._repr_html_().count("<table>") == 2


def test_progress_is_told_on_stderr_unless_it_is_not_wanted(
    chains: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cheap = ScriptedModel(dear, ModelSpec("cheap", price=(0.0, 1.0)))
    run_strategy(cheap, "cot", chains, progress=False)
    assert capsys.readouterr() == ("", "")
    run_strategy(cheap, "pot", chains)
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("18 questions\n18/18 ")
    assert "cheap pot  S1 1.00 S2 1.00 S_comp 1.00 Δ +0.00" in err


def failing(request: Request) -> Completion:
    if "X" in request.messages[-1].content:
        raise BadRequest("half", "no chains today")
    return dear(request)


def test_without_a_complete_composition_the_gap_says_why(chains: str, tmp_path: Path) -> None:
    model = ScriptedModel(failing, ModelSpec("half", price=(0.0, 0.0)))
    run = run_strategy(model, "cot", chains, out=tmp_path / "run")
    with pytest.raises(NoGap, match=r"half: 6 of 6 failures: no chains today.*asks again"):
        _ = run.gap
    found = read_comparison(tmp_path / "run")
    with pytest.raises(NoGap):
        found.gap("half", "cot")
    with pytest.raises(KeyError, match=r"unknown strategy 'pot'"):
        found.gap("half", "pot")


def test_a_page_shows_the_models_that_have_no_gap_too(chains: str, tmp_path: Path) -> None:
    half = ScriptedModel(failing, ModelSpec("half", price=(0.0, 0.0)))
    whole = ScriptedModel(dear, ModelSpec("whole", price=(0.0, 0.0)))
    both = compare([half, whole], "cot", chains, out=tmp_path / "both")
    alone = compare(half, "cot", chains, out=tmp_path / "alone")
    for result in (both, alone):
        result.save(tmp_path / "gap.HTML")
        page = (tmp_path / "gap.HTML").read_text(encoding="utf-8")
        assert "no chains today" in page
    (tmp_path / "alone" / "records.jsonl").write_text("")
    read_comparison(tmp_path / "alone").save(tmp_path / "gap.html")
    page = (tmp_path / "gap.html").read_text(encoding="utf-8")
    assert "How much does half lose by chaining?" in page
    assert "half: no answers under cot" in page


def test_an_ending_that_nothing_is_written_in_is_told_with_those_that_are(
    chains: str, tmp_path: Path
) -> None:
    cheap = ScriptedModel(dear, ModelSpec("cheap", price=(0.0, 1.0)))
    run = run_strategy(cheap, "cot", chains)
    with pytest.raises(BadFile, match="Use json, csv, md, tex, txt, parquet or html"):
        run.save(tmp_path / "gap.xlsx")


def test_a_result_prints_as_its_tables(chains: str) -> None:
    cheap = ScriptedModel(dear, ModelSpec("cheap\x1b", price=(0.0, 1.0)))
    found = compare(cheap, ["cot", "pot"], chains)
    text = str(found)
    assert repr(found) == text
    assert max(map(len, text.splitlines())) <= 80
    assert "S_comp" in text
    assert r"cheap\x1b" in text
    assert "cot" in str(run_strategy(cheap, "cot", chains))


def test_what_was_not_compared_is_told_with_what_was(chains: str) -> None:
    found = compare(ScriptedModel(dear, ModelSpec("cheap", price=(0.0, 1.0))), "cot", chains)
    with pytest.raises(NotCompared, match=r"^unknown model 'openai/q'\. Known: cheap\.$"):
        found.gap("openai/q", "cot")
    with pytest.raises(KeyError, match=r"^unknown strategy 'nosuch'\. Known: cot\.$"):
        found.gap("cheap", "nosuch")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"bogus": 1}, "^bogus: there is no such setting$"),
        ({"shot": 1}, "^shot: there is no such setting. Did you mean 'shots'"),
        ({"n": 1}, "^n: there is no such setting among the options: it is an argument beside"),
        ({"shots": 9}, "^shots 9: "),
    ],
)
def test_options_that_cannot_be_are_a_mistake_of_usage(given: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        Options(**given)
