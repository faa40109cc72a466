"""Tables hold every number whole on a console of any width."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from rich.console import Console

from reasongap.analysis.detectable import Wish, showings
from reasongap.report import grids, tables
from reasongap.report.fitting import NARROW, WORD, wrapped
from reasongap.report.grids import Grid, lean
from reasongap.report.plan import costs_grid, showing_grid
from reasongap.report.tables import render_grid
from reasongap.runs.plan import Plan
from tests.report.plans import PRICED, UNPRICED
from tests.report.studies import full
from tests.report.test_tables import LONG, SHORT, study

WAY = "self-consistency(pot, n=3)"
TUNED = "my_lab/my-7b-instruct"


def compared() -> Iterator[Grid]:
    for models in ((SHORT,), (TUNED, LONG)):
        yield from grids(study(*models, hops=5, other=WAY))


def reported() -> Iterator[Grid]:
    for section in full().sections:
        yield from section.grids


def planned() -> Iterator[Grid]:
    costs = [
        replace(row, model=model, strategy=strategy, prompt_tokens=1_234_567)
        for row, model in ((PRICED, TUNED), (UNPRICED, LONG))
        for strategy in ("cot", WAY)
    ]
    yield lean(costs_grid(Plan(tuple(costs))))
    wish = Wish(100, 1.0, 0.05, (0.7, 0.7))
    yield lean(showing_grid(showings(wish, [TUNED, LONG], ["cot", WAY], ()), wish))


def on(width: int) -> Console:
    return Console(width=width, file=io.StringIO())


@pytest.mark.parametrize("width", [10, 30, 40, 60, 80, 100, 120])
@pytest.mark.parametrize("made", [compared, reported, planned])
def test_every_number_and_every_column_is_whole(
    made: Callable[[], Iterator[Grid]], width: int
) -> None:
    for grid in made():
        text = render_grid(grid, "table", on(width))
        for head in grid.columns:
            assert re.search(rf"(?<!\S){re.escape(head)}(?!\S)", text), (grid.title, head)
        values = Counter(
            line for row in grid.rows for cell in row[grid.words :] for line in cell.split("\n")
        )
        for value, times in values.items():
            found = re.findall(rf"(?<!\S){re.escape(value)}(?!\S)", text)
            assert len(found) >= times, (grid.title, value, text)


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("made", [compared, reported, planned])
def test_words_break_where_words_end_and_lines_fit(
    made: Callable[[], Iterator[Grid]], width: int
) -> None:
    for grid in made():
        text = render_grid(grid, "table", on(width))
        assert max(map(len, text.splitlines())) <= width, text
        for cell in (cell for row in grid.rows for cell in row[: grid.words]):
            for word in re.findall(r"[^\s/(,=-]+", cell):
                assert len(word) > WORD or word in text, (grid.title, word, text)


def test_a_table_too_wide_becomes_several_of_the_same_rows() -> None:
    grid = Grid(
        "T", ("strategy", "first", "second", "third"), (("cot", "1", "2", "3"),), "C.", words=1
    )
    assert render_grid(grid, "table", on(31)).splitlines() == [
        "T",
        "strategy  first  second  third",
        "cot           1       2      3",
        "C.",
    ]
    assert render_grid(grid, "table", on(29)).splitlines() == [
        "T",
        "strategy  first  second",
        "cot           1       2",
        "",
        "strategy  third",
        "cot           3",
        "C.",
    ]


def test_rows_that_share_model_and_strategy_repeat_what_tells_them_apart() -> None:
    rows = tuple(("human", "cot", str(step), "0.1234567", "0.7654321") for step in (10, 20))
    grid = Grid("T", ("series", "strategy", "step", "S1 here", "S2 here"), rows, "")
    heads = [line for line in render_grid(grid, "table", on(36)).splitlines() if "step" in line]
    assert [head.split() for head in heads] == [
        ["series", "strategy", "step", f"S{hop}", "here"] for hop in (1, 2)
    ]


def test_a_console_too_narrow_for_one_number_gets_longer_lines_or_folded_ones() -> None:
    grid = Grid("T", ("strategy", "tokens"), (("cot", "1,234,567"),), "C.", words=1)
    assert "cot       1,234,567" in render_grid(grid, "table", on(12)).splitlines()
    console = Console(width=12, file=io.StringIO(), record=True)
    for part in tables(study(SHORT)):
        console.print(part)
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= 12
    assert "[−0.71, −0.29]" in "".join(line.ljust(12) for line in lines)


def test_a_table_without_a_caption_ends_with_its_last_row() -> None:
    grid = Grid("T", ("strategy", "n"), (("cot", "1"),), "", words=1)
    assert render_grid(grid, "table", on(40)).splitlines()[-1].split() == ["cot", "1"]


def test_a_word_breaks_inside_only_where_it_does_not_fit() -> None:
    assert wrapped("my-7b-instruct", 9).split("\n") == ["my-7b-", "instruct"]
    assert wrapped(WAY, 14).split("\n") == ["self-", "consistency(", "pot, n=3)"]
    assert wrapped("meta-llama/Llama", 12).split("\n") == ["meta-llama/", "Llama"]
    assert wrapped("cot(prompt=terse)", 8).split("\n") == ["cot(", "prompt=", "terse)"]
    assert wrapped("no_such_word", NARROW).split("\n") == ["no_such_", "word"]
    assert wrapped("1,234 timeout\n15 wrong", 13).split("\n") == ["1,234 timeout", "15 wrong"]
    assert wrapped("sampled(pot, n=5)", 12).split("\n") == ["sampled(pot,", "n=5)"]
    assert wrapped("read: 10 (bold)", 11).split("\n") == ["read:", "10 (bold)"]
    assert wrapped("", 5) == ""
