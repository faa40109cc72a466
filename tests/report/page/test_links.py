"""Numbers lead to the answers that they count, and to no others."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest

from reasongap.analysis.evidence import Evidence
from reasongap.models.seam import ModelSpec
from reasongap.report.grids import Grid, lean
from reasongap.report.page.links import linked, unlinked
from tests.report.studies import bare, full


def wanted(grid: Grid, row: int, column: str, line: int = 0, part: int = 0) -> dict[str, str]:
    """The filter behind one part of a cell, empty where it has no link."""
    cell = linked(grid, full().evidence)[row][grid.columns.index(column)]
    _, _, query = cell[line][part].link.partition("?")
    return {name: values[0] for name, values in parse_qs(query).items()}


def grid(key: str, place: int = 0) -> Grid:
    return next(s.grids[place] for s in full().sections if s.key == key)


@pytest.mark.parametrize(
    ("column", "setting"),
    [("S1", "hop1"), ("S2", "hop2"), ("S_comp", "composed"), ("Δ", "composed")],
)
def test_an_accuracy_leads_to_its_setting(column: str, setting: str) -> None:
    row = next(i for i, cells in enumerate(grid("gaps").rows) if cells[:2] == ("one-1b", "pot"))
    found = wanted(grid("gaps"), row, column)
    assert found == {"model": "acme/one-1b", "strategy": "pot", "setting": setting}


def test_a_cause_leads_to_the_failures_of_that_cause() -> None:
    assert grid("attribution").rows[0][2] == "an earlier hop is wrong"
    found = wanted(grid("attribution"), 0, "failures")
    assert found == {
        "model": "ck-10", "strategy": "cot", "setting": "composed", "cause": "hop_wrong",
    }  # fmt: skip


def test_questions_won_and_lost_lead_apart() -> None:
    flips = grid("strategies", 1)
    assert wanted(flips, 0, "hop1", part=0)["flip"] == "gained"
    assert wanted(flips, 0, "hop1", part=2) == {
        "model": "acme/one-1b", "strategy": "pot", "setting": "hop1", "flip": "lost",
    }  # fmt: skip


def test_a_checkpoint_is_found_by_its_series_and_step() -> None:
    assert wanted(grid("trajectory"), 1, "S_comp")["model"] == "ck-20"


def test_a_lone_model_is_found_in_the_title() -> None:
    table = Grid("Gap · m", ("strategy", "S1"), (("cot", "0.5"),), "", words=1)
    cells = linked(table, bare().evidence)
    assert cells[0][1][0][0].link == "#items?model=m&strategy=cot&setting=hop1"
    assert cells[0][0][0][0].link == ""


def test_what_others_published_leads_nowhere() -> None:
    cells = linked(grid("gaps", 1), full().evidence)
    assert not any(part.link for row in cells for cell in row for line in cell for part in line)


def test_an_outcome_leads_to_its_answers() -> None:
    table = Grid("", ("model", "strategy", "outcomes"), (("m", "cot", "3 no_answer"),), "", words=3)
    cells = linked(table, bare().evidence)
    assert cells[0][2][0][0].link == "#items?model=m&strategy=cot&outcome=no_answer"


def test_without_links_the_texts_are_the_same() -> None:
    table = grid("strategies", 1)
    for plain, link in zip(unlinked(table), linked(table, full().evidence), strict=True):
        lines = [["".join(p.text for p in line) for line in cell] for cell in link]
        assert [["".join(p.text for p in line) for line in cell] for cell in plain] == lines


def test_a_name_that_two_models_may_mean_leads_nowhere() -> None:
    evidence = Evidence({name: ModelSpec(name) for name in ("a/m", "b/m", "a/x")}, ("cot",), {}, ())
    table = lean(Grid("Leakage", ("model", "strategy", "n"), _rows("a/m", "a/x"), ""))
    links = [row[2][0][0].link for row in linked(table, evidence)]
    assert links == ["", "#items?model=a%2Fx&strategy=cot&setting=composed"]


def _rows(*models: str) -> tuple[tuple[str, ...], ...]:
    return tuple((model, "cot", "3") for model in models)
