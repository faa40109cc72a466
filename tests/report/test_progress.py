"""A run that is watched says how far it is, how it goes, and what it costs."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from reasongap.report.progress import watching
from reasongap.runs.events import Answered, Fetched, Planned
from tests.analysis.records import record


def test_a_log_gets_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with watching(Console(file=io.StringIO())) as emit:
        emit(Fetched("local/m", 10, 98_000_000))
        emit(Fetched("local/m", 98_000_000, 98_000_000))
        emit(Fetched("local/m", 98_000_000, 98_000_000))
        emit(Planned(5, 2))
        emit(Answered(record("a", "hop1", "correct", cost=0.25)))
        emit(Answered(record("a", "hop2", "model_error", cost=None)))
        emit(Answered(record("a", "hop1", "wrong", strategy="pot")))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "pulled local/m: 98 MB"
    assert lines[1] == "5 questions, 2 of them answered before"
    assert lines[2].startswith("5/5")
    assert lines[2].endswith("cot 100% · pot 0% · $0.7500+ · 1 failed")


def test_a_terminal_gets_a_bar() -> None:
    shown = io.StringIO()
    with watching(Console(file=shown, force_terminal=True, width=100)) as emit:
        emit(Planned(4, 1))
        emit(Answered(record("a", "hop1")))
    assert "2/4" in shown.getvalue()
    assert "cot 100%" in shown.getvalue()
