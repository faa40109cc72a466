"""The tables say what the estimates say, in eighty columns and in every form."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from reasongap.analysis import Estimates, analyse
from reasongap.domain import Outcome, Record
from reasongap.errors import BadFile
from reasongap.models import ModelSpec
from reasongap.report import FORMATS, grids, render, save, tables
from reasongap.report.grids import Grid, interval, lean, p_value, plain, signed, size
from reasongap.report.tables import latex, marked
from tests.analysis.records import record
from tests.report.studies import full

SHORT, LONG = "openai/gpt-4o-mini", "together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo"


def answers(model: str, strategy: str, hops: int = 2, items: int = 30) -> Iterator[Record]:
    """Every hop right; the chain right in every second item, under `pot` in two of three."""
    every = 2 if strategy == "cot" else 3
    for i in range(items):
        for hop in range(1, hops + 1):
            yield record(f"c{i}", f"hop{hop}", model=model, strategy=strategy)
        right = (i % every == 0) == (strategy == "cot")
        outcome: Outcome = "correct" if right else "wrong"
        yield record(f"c{i}", "composed", outcome, model=model, strategy=strategy, hops=hops)


def study(*models: str, hops: int = 2, other: str = "pot") -> Estimates:
    records = [r for m in models for s in ("cot", other) for r in answers(m, s, hops)]
    specs = {m: ModelSpec(m, size=7e9 * (i + 1)) for i, m in enumerate(models)}
    return analyse(records, specs, ("cot", other), resamples=200)


@pytest.mark.parametrize("models", [(SHORT,), (SHORT, LONG)], ids=["one", "two"])
@pytest.mark.parametrize("hops", [2, 3, 4])
def test_the_tables_fit_eighty_columns_and_keep_words_whole(
    models: tuple[str, ...], hops: int
) -> None:
    console = Console(width=80, file=io.StringIO(), record=True)
    for part in tables(study(*models, hops=hops)):
        console.print(part)
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 80
    for word in ("strategy", "S_comp", "expected", "relative", "gap closed", "correct", "−"):
        assert word in text


def test_a_lone_model_stands_in_the_title_only() -> None:
    first = grids(study(SHORT))[0]
    assert first.title == f"Reasoning gap · {SHORT}"
    assert "model" not in first.columns
    assert first.rows[0][:5] == ("cot", "1.00", "1.00", "0.50", "1.00")


def test_models_are_ordered_by_size_with_their_sizes() -> None:
    rows = grids(study(LONG, SHORT))[0].rows
    large = "Llama-3.3-70B-Instruct-Turbo"
    assert [row[0] for row in rows] == [large, large, "gpt-4o-mini", "gpt-4o-mini"]
    assert [row[2] for row in rows] == ["7B", "7B", "14B", "14B"]


def test_every_form_holds_the_gap() -> None:
    estimates = study(SHORT)
    for form in FORMATS:
        assert SHORT.split("/")[1] in render(estimates, form)
    assert json.loads(render(estimates, "json"))["gaps"][0]["delta"] == -0.5
    (cot, pot) = csv.DictReader(io.StringIO(render(estimates, "csv")))
    assert (cot["delta"], cot["baseline"]) == ("-0.5", "")
    assert pot["baseline"] == "cot"
    assert float(pot["s_comp_change"]) == pytest.approx(1 / 6)


def test_flat_rows_hold_every_interval_the_paired_tests_and_the_controls() -> None:
    estimates = full().findings.estimates
    rows = list(csv.DictReader(io.StringIO(render(estimates, "csv"))))
    cot, gap = rows[0], estimates.gaps[0].gap
    assert (float(cot["s2_low"]), float(cot["s_comp_high"])) == (gap.s_ci[1][0], gap.s_comp_ci[1])
    assert (cot["method"], cot["delta_bounds_low"], cot["s_comp_gained"]) == (gap.method, "", "")
    assert float(cot["strict_s1"]) == estimates.gaps[0].strict[0]
    assert float(cot["hop2_source"]) == next(
        row.accuracy for row in estimates.controls if row.setting == "hop2-source"
    )
    test = next(row for row in estimates.tests if row.setting == "composed")
    told = next(r for r in rows if (r["model"], r["strategy"]) == (test.model, test.strategy))
    paired = [float(told[f"s_comp_{part}"]) for part in ("gained", "lost", "p_holm")]
    assert paired == [test.gained, test.lost, test.p_holm]


def test_latex_escapes_what_latex_would_read() -> None:
    text = render(study("openai/a_b%c&d"), "latex")
    assert r"a\_b\%c\&d" in text
    assert latex("±0.05 | <1") == r"$\pm$0.05 \textbar{} $<$1"
    assert text.count(r"\begin{table}") == text.count(r"\end{table}") == 4


def test_nothing_answered_is_no_table_but_notes() -> None:
    found = analyse([record("c0", "hop1", "model_error")], {"m": ModelSpec("m")}, ("cot",))
    text = render(found, "table")
    assert "Reasoning gap" not in text
    assert "1 of 1 compositions left out" in text


@pytest.mark.parametrize("ending", ["json", "csv", "md", "tex", "txt", "TXT", "Json"])
def test_saving_takes_the_form_of_the_ending(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"gap.{ending}"
    save(study(SHORT), path)
    assert "gpt-4o-mini" in path.read_text(encoding="utf-8")


def test_a_text_file_is_the_same_whatever_it_is_written_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = replace(study(SHORT), notes=("\x1b[31m", "a note"))
    save(found, tmp_path / "plain.txt")
    for name, value in {"FORCE_COLOR": "1", "COLUMNS": "33", "TERM": "xterm-256color"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    save(found, tmp_path / "terminal.txt")
    text = (tmp_path / "terminal.txt").read_text(encoding="utf-8")
    assert text == (tmp_path / "plain.txt").read_text(encoding="utf-8")
    assert text.count("\x1b") == 1, "the note's own"
    assert "\x1b" in render(found, "table")


def test_a_terminal_gets_names_and_notes_that_do_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    found = replace(study("evil\x1b[2J"), notes=("\x1b]0;x\x07",))
    text = render(found, "table")
    assert "\x1b" not in text
    assert r"evil\x1b[2J" in text
    assert r"! \x1b]0;x\x07" in text
    assert "\x1b]0;x" in render(found, "markdown")


def test_notes_wrap_at_words_on_a_terminal_and_are_a_line_each_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    note = "some-model: 7% of the answers hit the length limit; raise --max-tokens"
    assert marked([note], "table") == [f"! {note}"]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "30")
    (told,) = marked([note], "table")
    assert told.splitlines()[:2] == ["! some-model: 7% of the", "  answers hit the length"]
    assert told.splitlines()[-1] == "  limit; raise --max-tokens"


def test_strategies_for_which_no_share_is_told_for_one_reason_stand_together() -> None:
    caption = grids(study(SHORT, LONG))[1].caption
    large = "Llama-3.3-70B-Instruct-Turbo"
    assert f"gpt-4o-mini pot, {large} pot: a share rests on 100" in caption
    assert caption.count("a share rests on") == 1


def test_a_grid_without_rows_stays_as_it_is() -> None:
    grid = Grid("Nothing", ("model", "n"), (), "")
    assert lean(grid) == grid


def test_saving_to_an_unknown_form_or_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"ends in '\.xlsx'\. Use json, csv, md, tex, txt or parquet"):
        save(study(SHORT), tmp_path / "gap.xlsx")
    with pytest.raises(BadFile, match="no ending that says the form"):
        save(study(SHORT), tmp_path / "gap")
    with pytest.raises(BadFile, match="cannot be written"):
        save(study(SHORT), tmp_path / "nowhere" / "gap.json")


def test_controls_stand_beside_the_second_hop() -> None:
    records = [*answers("m", "cot", items=4)]
    records += [record(f"c{i}", "hop2-source", "wrong" if i else "correct") for i in range(4)]
    found = analyse(records, {"m": ModelSpec("m")}, ("cot",), resamples=200)
    (row,) = found.controls
    assert (row.setting, row.n, row.accuracy, row.hop2) == ("hop2-source", 4, 0.25, 1.0)
    assert grids(found)[-1].rows == (("cot", "hop2-source", "4", "0.25", "1.00", "$2"),)


def test_a_cell_on_one_line_says_which_number_is_which() -> None:
    cells = ("0.24\n0.17–0.34", "+0.26\n[+0.14, +0.36]", "+9 −1\np 0.021", "6 correct\n3 wrong")
    assert plain(cells) == [
        "0.24 (0.17–0.34)", "+0.26 [+0.14, +0.36]", "+9 −1, p 0.021", "6 correct, 3 wrong",
    ]  # fmt: skip
    assert plain(["1.2\n−0.8 to 1.5", "one-1b\n→ two-3b"]) == [
        "1.2 (−0.8 to 1.5)",
        "one-1b → two-3b",
    ]


def test_numbers_read_as_people_write_them() -> None:
    assert [size(n) for n in (135e6, 7e9, 1.5e9, 1e12, None)] == ["135M", "7B", "1.5B", "1T", "–"]
    assert (signed(-0.125), signed(0.5)) == ("−0.12", "+0.50")
    assert (signed(0.3 - 0.1 - 0.2), signed(-0.001)) == ("+0.00", "−0.00")
    assert interval((-0.1, 0.2)) == "[−0.10, +0.20]"
    assert (p_value(0.0), p_value(0.0404)) == ("<0.001", "0.040")


def test_with_repeats_a_question_is_won_where_it_is_right_more_often() -> None:
    rights = {"cot": (0, 1, 0), "pot": (1, 1, 0)}
    repeated = [
        record("c0", setting, "correct" if right else "wrong", strategy=way, repeat=repeat)
        for way, marks in rights.items()
        for repeat, right in enumerate(marks)
        for setting in ("hop1", "hop2", "composed")
    ]
    estimates = analyse(repeated, {"m": ModelSpec("m")}, ["cot", "pot"])
    won = next(grid for grid in grids(estimates) if grid.title.startswith("Questions won"))
    assert won.rows[0][1] == "+1 −0\np 1.000"
    assert "(with repeats: right more often, and less)" in won.caption
