"""Files and packages bring parts; what fails names where it came from."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from reasongap.errors import BadFile, BadPlugin
from reasongap.plugins import load_file, load_point, origin


def test_a_file_gives_what_it_binds(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("rule = 3\n")
    assert load_file(tmp_path / "mine.py", "rule") == 3


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "there is no such rule file"),
        ("", "defines no rule. Bind `rule`"),
        ("1 / 0", "cannot be loaded: ZeroDivisionError"),
        ("def :", "cannot be loaded: SyntaxError"),
    ],
)
def test_a_file_that_gives_nothing_is_named(tmp_path: Path, text: str | None, why: str) -> None:
    if text is not None:
        (tmp_path / "mine.py").write_text(text)
    with pytest.raises(BadFile, match=rf"mine\.py: {why}"):
        load_file(tmp_path / "mine.py", "rule")


def test_a_package_that_cannot_be_loaded_is_named() -> None:
    point = EntryPoint("theirs", "reasongap.domain:NoSuchName", "reasongap.rules")
    assert origin(point) == "reasongap.domain:NoSuchName"
    with pytest.raises(BadPlugin, match=r"'theirs' of reasongap.domain:NoSuchName cannot be used"):
        load_point(point)
