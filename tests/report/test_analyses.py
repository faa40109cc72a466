"""A report says all that there is to say, and why the rest is missing."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from reasongap.analysis.cost import Cost
from reasongap.analysis.sample import Estimate
from reasongap.errors import BadFile, UnknownName
from reasongap.report.analyses import save_figures
from reasongap.report.analysis_grids import cost_grid
from reasongap.report.figures import FIGURES
from reasongap.report.sections import Section
from reasongap.report.tables import FORMATS, render_grid, save_rows
from reasongap.report.text import as_json, render_report
from tests.report.studies import COMMAND, bare, full

KEYS = (
    *("size", "gaps", "product", "strategies", "tiers", "tuning", "trajectory", "attribution"),
    *("second-hop", "distraction", "leakage", "cost", "consistency", "sensitivity"),
)


def test_a_full_study_fills_every_section() -> None:
    assert tuple(section.key for section in full().sections) == KEYS
    for section in full().sections:
        assert section.missing is None, section.key
        assert section.sentence.endswith("."), section.key
        assert section.grids or section.figure, section.key
        assert section.figure is None or section.figure in FIGURES


def test_a_price_without_an_upper_end_is_so_much_or_more() -> None:
    price = Estimate(44800.0, (7288.1, math.inf), 100, 100)
    s_comp = Estimate(0.01, (0.0, 0.06), 100, 100)
    row = Cost("m", "cot", s_comp, None, 448.0, None, price)
    assert cost_grid([row]).rows[0][-1] == "44,800\n7,288 or more"


def test_a_bare_study_says_what_each_missing_analysis_needs() -> None:
    missing = {section.key: section.missing for section in bare().sections if section.missing}
    assert set(missing) == {
        *("size", "strategies", "tiers", "tuning", "trajectory", "leakage", "consistency"),
        "sensitivity",
    }
    assert "--control hop2-source" in str(missing["leakage"])
    assert all(section.grids == () for section in bare().sections if section.missing)


def test_a_lone_model_is_named_by_the_title_of_its_tables_alone() -> None:
    for section in bare().sections:
        for grid in section.grids:
            assert "m cot" not in grid.caption, grid.title
            assert section.key == "gaps" or grid.title.endswith(" · m")


def test_captions_say_n_interval_date_and_command() -> None:
    caption = full().caption(full().sections[0])
    for part in ("n = 40", "95%", "2026-09-21", COMMAND):
        assert part in caption


@pytest.mark.parametrize("section", full().sections, ids=lambda section: section.key)
def test_tables_fit_eighty_columns_with_every_number_whole(
    section: Section, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for grid in section.grids:
        text = render_grid(grid, "table")
        assert max(map(len, text.splitlines())) <= 80
        assert text.splitlines()[1].split() == " ".join(grid.columns).split()
        for row in grid.rows:
            for cell in row[grid.words :]:
                assert all(line in text for line in cell.split("\n")), (grid.title, cell)


@pytest.mark.parametrize(
    "of",
    ["gaps", "items", "trends", "pairs", "leakage", "later_hops", "costs", "tests", "controls"],
)
def test_every_analysis_is_a_data_frame(of: str) -> None:
    assert len(full().to_pandas(of)) > 0


def test_a_frame_has_a_column_for_every_number() -> None:
    row = full().to_pandas("leakage").iloc[0]
    assert row["change_ci_0"] <= row["change_value"] <= row["change_ci_1"]
    with pytest.raises(UnknownName, match="unknown analysis 'leakages'"):
        full().to_pandas("leakages")


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_holds_the_report(form: str) -> None:
    text = render_report(full(), form)
    assert "five-70b" in text.replace(r"\_", "_")
    assert text.endswith("\n")


def test_json_holds_every_number_and_no_nan() -> None:
    written = json.loads(render_report(full(), "json"))
    assert written["schema"] == 1
    assert set(written["analyses"]) == {
        *("trends", "pairs", "trajectories", "leakage", "distraction", "skipped", "later_hops"),
        *("attribution", "strategies", "costs", "consistency", "sensitivity", "published"),
    }
    assert all(written["analyses"].values())
    row = written["analyses"]["leakage"][0]
    assert row["change"]["ci"][0] <= row["change"]["value"] <= row["change"]["ci"][1]
    assert json.loads(json.dumps(as_json(bare()), allow_nan=False))["analyses"]["leakage"] == []


def test_latex_is_balanced_plain_and_escaped() -> None:
    text = render_report(full(), "latex")
    assert text.count(r"\begin{tabular}") == text.count(r"\end{tabular}")
    assert text.count(r"\begin{table}") == text.count(r"\end{table}") > 12
    assert text.isascii(), {sign for sign in text if not sign.isascii()}
    assert text.replace(r"\$", "").count("$") % 2 == 0
    body = [line for line in text.splitlines() if line.endswith(r"\\")]
    assert body
    assert not any(line.lstrip().startswith("[") for line in body)


def test_items_are_saved_in_the_form_of_the_ending(tmp_path: Path) -> None:
    import pandas as pd

    rows: list[dict[str, str | int | float | bool | None]] = [{"a": 1, "b": "x"}]
    for ending, read in (
        ("csv", pd.read_csv),
        ("json", pd.read_json),
        ("parquet", pd.read_parquet),
    ):
        save_rows(rows, tmp_path / f"items.{ending}")
        assert read(tmp_path / f"items.{ending}").to_dict("records") == rows
    with pytest.raises(BadFile, match="no form ends in"):
        save_rows(rows, tmp_path / "items.xls")


def test_figures_are_written_in_three_forms_with_their_captions(tmp_path: Path) -> None:
    paths = save_figures(bare(), tmp_path / "figures")
    names = {path.name for path in paths}
    assert {"gaps.svg", "gaps.pdf", "gaps.png", "captions.md"} <= names
    assert not any(name.startswith("leakage") for name in names)
    captions = (tmp_path / "figures" / "captions.md").read_text(encoding="utf-8")
    assert "**gaps** Reasoning gap per model." in captions
    with pytest.raises(BadFile, match="cannot be made"):
        save_figures(bare(), tmp_path / "figures" / "gaps.svg" / "x")
