"""The items of a run on the terminal: whatever its folder is called and its replies hold."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from rich.console import Console

from reasongap.domain import Completion, Execution, Program, Record, Request, Solution
from reasongap.errors import UnknownName
from reasongap.models import ModelSpec
from reasongap.report.items import Filter, show_items
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


@pytest.mark.parametrize("wanted", [Filter(), Filter(outcome="wrong"), Filter(item="item0")])
def test_a_run_without_answers_says_how_to_get_them(wanted: Filter) -> None:
    text = shown(folder([], "my run"), wanted)
    assert text == "my run holds no answer yet. To ask: reasongap resume 'my run'\n"
