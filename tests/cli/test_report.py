"""`reasongap report` as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reasongap import Options, compare
from tests.cli.conftest import Command
from tests.runs.studies import compositions_file, scripted


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """A finished run of a model that gets everything right."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def finished(model: str) -> Path:
        file = compositions_file(tmp_path, 6)
        options = Options(controls=("hop2-source", "hop2-distracted"))
        out = tmp_path / f"run-{model}"
        compare(scripted(model), ["cot", "pot"], str(file), n=6, out=out, options=options)
        return out

    return finished


def test_it_prints_every_analysis_and_writes_figures(
    reasongap: Command, run: Callable[[str], Path], tmp_path: Path
) -> None:
    ended = reasongap("report", run("one"), "--figures", tmp_path / "figures")
    assert ended.code == 0
    for title in ("REASONING GAP PER MODEL", "WHERE CHAINS BREAK", "LEAKAGE"):
        assert title in ended.out
    assert "files in" in ended.err
    assert (tmp_path / "figures" / "gaps.svg").exists()
    captions = (tmp_path / "figures" / "captions.md").read_text(encoding="utf-8")
    assert "reasongap report" in captions


def test_several_runs_are_one_report(reasongap: Command, run: Callable[[str], Path]) -> None:
    ended = reasongap("report", run("one"), run("two"), "--format", "json")
    written = json.loads(ended.out)
    assert [(row["model"], row["n"]) for row in written["gaps"]] == [
        ("one", 6), ("one", 6), ("two", 6), ("two", 6),
    ]  # fmt: skip
    assert len(written["analyses"]["leakage"]) == 4


def test_a_rule_that_holds_ends_with_one(reasongap: Command, run: Callable[[str], Path]) -> None:
    folder = run("one")
    ended = reasongap("report", folder, "--fail-if", "s_comp(cot) > 0.5")
    assert ended.code == 1
    assert "s_comp is 1.000" in ended.err
    assert reasongap("report", folder, "--fail-if", "s_comp(cot) < 0.5").code == 0
    ended = reasongap("report", folder, "--fail-if", "s_comp < 0.5")
    assert ended.code == 2
    assert "cannot be read" in ended.err


def test_files_take_the_form_of_their_ending(
    reasongap: Command, run: Callable[[str], Path], tmp_path: Path
) -> None:
    files = [tmp_path / "gap.tex", tmp_path / "gap.parquet"]
    saves = [part for file in files for part in ("--save", file)]
    ended = reasongap("report", run("one"), *saves, "--items", tmp_path / "items.csv")
    assert ended.code == 0
    assert r"\begin{tabular}" in files[0].read_text(encoding="utf-8")
    assert files[1].read_bytes().startswith(b"PAR1")
    assert (tmp_path / "items.csv").read_text(encoding="utf-8").count("\n") == 1 + 6 * 5 * 2


def test_no_run_folder_is_a_clear_mistake(reasongap: Command, tmp_path: Path) -> None:
    ended = reasongap("report", tmp_path / "nothing")
    assert ended.code == 2
    assert "no run folder" in ended.err


def test_the_page_is_one_file_that_says_how_it_was_made(
    reasongap: Command, run: Callable[[str], Path], tmp_path: Path
) -> None:
    ended = reasongap("report", run("one"), "--html", tmp_path / "gap.html")
    assert ended.code == 0
    assert f"page in {tmp_path / 'gap.html'}" in ended.err
    page = (tmp_path / "gap.html").read_text(encoding="utf-8")
    assert "Where chains break" in page
    assert "--html" in page
    assert not (tmp_path / "gap.items").exists()


def test_names_in_a_rule_are_looked_for_before_anything_is_shown(
    reasongap: Command, run: Callable[[str], Path]
) -> None:
    for rule, why in (
        ("foo(cot) < 0", "unknown quantity 'foo'"),
        ("delta(cott) < 0", "Did you mean 'cot'?"),
        ("delta(cot, two) < 0", "unknown model 'two'"),
    ):
        ended = reasongap("report", run("one"), "--fail-if", rule)
        assert (ended.code, ended.out, why in ended.err) == (2, "", True)


def test_notes_are_told_beside_csv(reasongap: Command, run: Callable[[str], Path]) -> None:
    ended = reasongap("report", run("one"), "--format", "csv")
    assert ended.out.startswith("model,strategy")
    assert "! one: the intervals rest on 3 blocks" in ended.err
