"""A run that is watched says how far it is, how it goes, and what it costs."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pytest
from rich.console import Console

from reasongap.report import progress
from reasongap.report.progress import watching
from reasongap.runs.events import Answered, Chained, Event, Fetched, Noted, Paid, Planned
from tests.analysis.records import record


def heard(events: Iterable[Event], console: Console) -> None:
    with watching(console) as emit:
        for event in events:
            emit(event)


def test_a_log_gets_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    pulled = Fetched("local/m", 98_000_000, 98_000_000)
    events: list[Event] = [
        Fetched("local/m", 10, 98_000_000),
        pulled,
        pulled,
        Planned(5, 2),
        Noted("Mind this"),
    ]
    answers = [record("a", "hop1"), record("a", "hop2", "model_error")]
    answers.append(record("a", "hop1", "wrong", strategy="pot"))
    events += [Paid("m", 0.75, 9), *map(Answered, answers)]
    heard(events, Console(file=io.StringIO()))
    lines = capsys.readouterr().err.splitlines()
    assert lines[:3] == [
        "pulled local/m: 98 MB",
        "5 questions, 2 of them answered before",
        "Mind this",
    ]
    assert lines[3].startswith("5/5")
    assert lines[3].endswith("left  $0.7500 · 1 failed")
    assert lines[4:] == ["  m cot  S1 1.00", "  m pot  S1 0.00"]


def test_a_terminal_gets_a_bar_with_the_gaps_so_far() -> None:
    shown = io.StringIO()
    answered = [Answered(record("a", setting)) for setting in ("hop1", "hop2", "composed")]
    console = Console(file=shown, force_terminal=True, width=100)
    heard([Noted("before"), Planned(4, 1), *answered], console)
    assert "before" in shown.getvalue()
    assert "4/4" in shown.getvalue()
    assert "S_comp 1.00 Δ +0.00" in shown.getvalue()
    assert shown.getvalue().count("\x1b[?25l") == shown.getvalue().count("\x1b[?25h") == 1


def test_a_terminal_shows_a_pull_until_it_is_done() -> None:
    shown = io.StringIO()
    console = Console(file=shown, force_terminal=True, width=100)
    heard([Fetched("local/m", 10, 100), Fetched("local/m", 100, 100)], console)
    assert "pulling local/m" in shown.getvalue()
    assert shown.getvalue().count("\x1b[?25l") == shown.getvalue().count("\x1b[?25h") == 1


def test_a_terminal_shows_composing_where_it_takes_several_batches() -> None:
    shown = io.StringIO()
    console = Console(file=shown, force_terminal=True, width=100)
    heard([Chained(100, 100)], console)
    assert shown.getvalue() == ""
    heard([Chained(100, 300), Chained(200, 300), Chained(300, 300), Planned(4, 0)], console)
    assert "composing" in shown.getvalue()
    assert "100/300" in shown.getvalue()
    assert shown.getvalue().count("\x1b[?25l") == shown.getvalue().count("\x1b[?25h") == 2


def test_a_log_gets_a_line_on_composing_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [Chained(1_000, 2_000), Chained(1_200, None)]
    heard(events, Console(file=io.StringIO()))
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "PLAIN_EVERY", 0.0)
    heard(events, Console(file=io.StringIO()))
    assert capsys.readouterr().err.splitlines() == [
        "1,000 of 2,000 compositions made",
        "1,200 compositions made",
    ]


def test_a_log_holds_no_control_codes(capsys: pytest.CaptureFixture[str]) -> None:
    heard([Planned(1, 0), Answered(record("a", "hop1"))], Console(file=io.StringIO()))
    assert "\x1b" not in capsys.readouterr().err


def test_a_terminal_shows_brackets_and_escapes_as_they_are_written() -> None:
    shown = io.StringIO()
    console = Console(file=shown, force_terminal=True, width=100)
    answered = Answered(record("a", "hop1", model="m\x1b]0;x\x07"))
    heard([Fetched("hf/a[/b]", 10, 100), Noted("[/x] \x1b[2J")], console)
    heard([Planned(1, 0), answered], console)
    assert "pulling hf/a[/b]" in shown.getvalue()
    assert r"[/x] \x1b[2J" in shown.getvalue()
    assert r"m\x1b]0;x\x07" in shown.getvalue()
    assert "\x1b]0" not in shown.getvalue()
