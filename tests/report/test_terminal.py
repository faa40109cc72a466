"""What a stranger wrote does nothing to a terminal, and reaches everything else as it is."""

from __future__ import annotations

import io
import sys

import pytest

from reasongap.report.terminal import shown, visible


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_acts_on_a_terminal_is_an_escape() -> None:
    assert visible("\x1b]0;owned\x07") == r"\x1b]0;owned\x07"
    assert visible("a\rb\x08\x7f\x9b31m\x00") == r"a\rb\x08\x7f\x9b31m\x00"
    assert visible("81 \u202e07\u202c\u2066") == r"81 \u202e07\u202c\u2066"


def test_lines_tabs_and_letters_stay() -> None:
    assert visible("Δ\tx\ny é 漢 \\x1b") == "Δ\tx\ny é 漢 \\x1b"


def test_only_a_terminal_gets_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown("\x1b[2J", Terminal()) == r"\x1b[2J"
    assert shown("\x1b[2J", io.StringIO()) == "\x1b[2J"
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert shown("\x1b[2J") == r"\x1b[2J"
