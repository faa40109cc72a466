"""Attacks in a table: their words and the programs' own, as they are."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from reasongap.domain import Execution
from reasongap.report.attacks import Siege, attack_table, trying
from reasongap.sandbox.attacks.catalogue import all_attacks
from reasongap.sandbox.attacks.trial import Trial


def test_brackets_are_words_and_no_markup() -> None:
    attack = next(a for a in all_attacks() if "list[int]" in a.tries)
    trials = (Trial(attack, Execution("error", error="[/red]: no")),)
    console = Console(file=io.StringIO(), width=200, record=True)
    console.print(attack_table(Siege("x[/y].py", (), trials, {}), every=True))
    console.print(attack_table(Siege("x[/y].py", (), trials, {})))
    text = console.export_text()
    for words in ("list[int]", "1 attacks on x[/y].py", "error: [/red]: no", "1 [/red]"):
        assert words in text


def test_a_sandbox_with_brackets_in_its_name_can_be_watched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with trying("attacks on a[/b].py", 1) as done:
        done()
