"""The items of a run on the terminal: whatever its folder is called and its replies hold."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from rich.console import Console

from reasongap.domain import Completion, Execution, Program, Record, Request, Solution
from reasongap.errors import UnknownName
from reasongap.models import ModelSpec
from reasongap.report.flat import item_rows
from reasongap.report.items import Filter, render_items, show_items
from reasongap.runs.folder import RunFolder
from reasongap.runs.manifest import Manifest
from tests.analysis.records import record
from tests.runs.studies import chain

ESCAPE = "\x1b]0;owned\x07"
ITEMS = ("item0", "item1")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def folder(records: Iterable[Record], path: str = "run") -> RunFolder:
    manifest = Manifest(
        schema=1,
        conditions={},
        models={"m": ModelSpec("m")},
        strategies={"cot": "", "pot": ""},
        n=len(ITEMS),
        repeats=1,
        compositions="",
        sittings=(),
    )
    return RunFolder(Path(path), manifest, [chain(0), chain(1)], list(records))


def shown(run: RunFolder, wanted: Filter, file: io.StringIO | None = None) -> str:
    file = file or io.StringIO()
    show_items(run, wanted, 20, Console(file=file, width=200))
    return file.getvalue()


def hostile() -> Record:
    """A record in which everything that a model or a program says is an escape."""
    plain = record("item0", "hop1", "model_error")
    solution = Solution(
        Fraction(1),
        rule=ESCAPE,
        completions=(Completion(Request(), ESCAPE),),
        programs=(Program(f"x = 1  # {ESCAPE}"),),
        executions=(Execution("error", value=ESCAPE, stdout=ESCAPE, error=ESCAPE),),
        findings=(ESCAPE,),
    )
    question = replace(plain.question, hops=(ESCAPE,))
    return replace(plain, question=question, solution=solution, error=ESCAPE)


@pytest.mark.parametrize("path", ["z[/x]", "a[bold]b", "[link=x]y"])
def test_a_folder_may_be_called_like_markup(path: str) -> None:
    assert f"reasongap show '{path}' NUMBER" in shown(
        folder([record("item0", "hop1")], path), Filter()
    )
    assert path in shown(folder([], path), Filter())


@pytest.mark.parametrize("wanted", [Filter(), Filter(item="item0")], ids=["lines", "whole"])
def test_a_terminal_is_shown_what_would_act_on_it(wanted: Filter) -> None:
    text = shown(folder([hostile()]), wanted, Terminal())
    assert r"\x1b]0;owned\x07" in text
    assert ESCAPE not in text
    assert "\x07" not in text


def test_a_pipe_gets_replies_as_they_are() -> None:
    assert "\x1b]0;owned" in shown(folder([hostile()]), Filter(item="item0"))


def test_an_outcome_that_no_answer_has_is_told_with_those_that_there_are() -> None:
    run = folder([record("item0", "hop1", "wrong"), record("item1", "hop1", "wrong")])
    text = shown(run, Filter(outcome="truncated"))
    assert text == "No answer in run ended as truncated. There are: 2 wrong.\n"
    with pytest.raises(UnknownName, match="Did you mean 'truncated'"):
        shown(run, Filter(outcome="truncatd"))


def test_names_that_no_answer_unites_are_no_mistake() -> None:
    run = folder([record("item0", "hop1", "wrong"), record("item1", "hop2")])
    text = shown(run, Filter(outcome="wrong", setting="hop2"))
    assert text == "No answer in run fits all of these options at once.\n"
    assert "fits" in shown(run, Filter(strategy="pot"))
    with pytest.raises(UnknownName, match="unknown strategy in run 'pto'"):
        shown(run, Filter(strategy="pto"))


def test_a_machine_gets_all_about_each_record_and_how_many_there_are() -> None:
    run = folder([hostile(), record("item1", "hop1", "wrong"), record("item1", "hop2")])
    whole = json.loads(render_items(run, Filter(), 2, "json"))
    assert (whole["schema"], whole["total"]) == (1, 3)
    assert [row["number"] for row in whole["records"]] == [1, 2]
    first = whole["records"][0]
    assert (first["key"]["composition"], first["outcome"]) == ("item0", "model_error")
    assert first["replies"][0]["text"] == ESCAPE
    one = json.loads(render_items(run, Filter(item="2"), 1, "json"))
    assert [row["key"]["setting"] for row in one["records"]] == ["hop1", "hop2"]


def test_other_forms_hold_a_row_a_record(capsys: pytest.CaptureFixture[str]) -> None:
    run = folder([record("item0", "hop1"), record("item1", "hop1", "wrong")])
    (row,) = csv.DictReader(io.StringIO(render_items(run, Filter(), 1, "csv")))
    assert (row["number"], row["model"], row["outcome"]) == ("1", "m", "correct")
    assert "! 1 more with -n 2. One in full: reasongap show run NUMBER" in capsys.readouterr().err
    assert "| 2 | cot | hop1 | wrong |" in render_items(run, Filter(), 20, "markdown")
    assert render_items(run, Filter(outcome="timeout"), 20, "csv") == ""
    assert "There are: 1 correct, 1 wrong." in capsys.readouterr().err


def test_an_item_on_a_narrow_console_says_in_full_which_it_is() -> None:
    file = io.StringIO()
    one = record("item0", "composed", model="provider/a-model-with-a-long-name")
    run = folder([one])
    show_items(run, Filter(item="item0"), 20, Console(file=file, width=30))
    told = "".join(line.strip("│ ") for line in file.getvalue().splitlines())
    for part in ("composed · cot", "provider/a-model-with-a-long-name", "item0"):
        assert part in told


def test_a_table_of_answers_is_whole_on_a_narrow_console() -> None:
    file = io.StringIO()
    run = folder([replace(record("item0", "hop1"), outcome="context_too_long")])
    show_items(run, Filter(), 20, Console(file=file, width=50))
    lines = file.getvalue().splitlines()
    assert lines[0] == "Answers · m"
    assert max(map(len, lines)) <= 50
    assert "context_too_long" in file.getvalue()


@pytest.mark.parametrize("wanted", [Filter(), Filter(outcome="wrong"), Filter(item="item0")])
def test_a_run_without_answers_says_how_to_get_them(wanted: Filter) -> None:
    text = shown(folder([], "my run"), wanted)
    assert text == "my run holds no answer yet. To ask: reasongap resume 'my run'\n"


def test_a_failure_of_the_machinery_is_no_flip() -> None:
    run = folder(
        [
            *(record("item0", "hop1"), record("item0", "hop1", "model_error", strategy="pot")),
            *(record("item1", "hop1"), record("item1", "hop1", "wrong", strategy="pot")),
        ]
    )
    flips = json.loads(render_items(run, Filter(flip=True), 20, "json"))
    assert [row["key"]["composition"] for row in flips["records"]] == ["item1", "item1"]


@pytest.mark.parametrize("tokens", [None, 10])
def test_tokens_that_nobody_counted_are_not_told_as_0(tokens: int | None) -> None:
    (row,) = item_rows([record("item0", "hop1", tokens=tokens)])
    assert row["completion_tokens"] == tokens
