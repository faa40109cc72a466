"""Signs that would act on a reader are shown, not followed."""

from __future__ import annotations

from markupsafe import Markup

from reasongap.report.page.text import shown, visible


def test_an_escape_of_a_terminal_is_a_sign() -> None:
    assert visible("\x1b[31mred\x07") == "␛[31mred␇"


def test_turning_the_direction_of_reading_is_a_sign() -> None:
    assert visible("a\u202eb\u2069c\u200d") == "a⟨U+202E⟩b⟨U+2069⟩c⟨U+200D⟩"


def test_lines_tabs_and_letters_stay() -> None:
    assert visible("Δ\tx\ný é 漢") == "Δ\tx\ný é 漢"


def test_markup_of_our_own_and_other_values_pass() -> None:
    assert shown(Markup("<b>\x1b</b>")) == "<b>\x1b</b>"
    assert shown(3) == 3
