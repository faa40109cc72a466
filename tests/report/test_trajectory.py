"""A trajectory by itself, in every form."""

from __future__ import annotations

import json
from pathlib import Path

from reasongap.report.trajectory import NOTHING, render_trajectories, save_curves
from tests.report.studies import full


def test_the_sentence_comes_first_and_the_notes_last() -> None:
    text = render_trajectories(full().findings.trajectories, ["few blocks"], "table")
    assert text.startswith("human under cot is best on the chain at step 20; from there")
    assert text.index("a fall beyond noise") < text.index("Training trajectory")
    assert text.endswith("! few blocks\n")
    marked = render_trajectories(full().findings.trajectories, ["few blocks"], "markdown")
    assert "| human | cot | 20 * |" in marked
    assert marked.endswith("- few blocks\n")


def test_json_holds_every_number_and_csv_a_row_a_step() -> None:
    rows = full().findings.trajectories
    (told,) = json.loads(render_trajectories(rows, [], "json"))["trajectories"]
    assert (told["peak"], told["p_value"]) == (20, rows[0].p_value)
    assert told["checkpoints"][1]["s"][0]["value"] == rows[0].checkpoints[1].s[0].value
    lines = render_trajectories(rows, [], "csv").splitlines()
    assert len(lines) == 1 + 3
    assert lines[0].startswith("series,strategy,model,step,s_0_value")


def test_without_anything_answered_it_says_so() -> None:
    assert render_trajectories([], ["a note"], "table") == f"{NOTHING}\n\n! a note\n"
    assert json.loads(render_trajectories([], [], "json"))["trajectories"] == []
    assert render_trajectories([], [], "csv") == ""


def test_the_curve_tells_n_and_its_command(tmp_path: Path) -> None:
    place = tmp_path / "not" / "there"
    paths = save_curves(full().findings.trajectories, place, "reasongap trajectory …")
    assert [path.name for path in paths] == ["trajectory.svg", "trajectory.pdf", "trajectory.png"]
    image = paths[0].read_text(encoding="utf-8")
    assert "n = 40 compositions" in image
    assert "Made by `reasongap trajectory …`" in image
