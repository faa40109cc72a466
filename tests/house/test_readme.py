"""The README keeps its word: its Python runs, its commands exist, and it is short."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from reasongap.cli.main import app

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.needs("local")
def test_its_python_runs_as_it_stands(tmp_path: Path) -> None:
    (code,) = blocks("python")
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert "Reasoning gap" in (tmp_path / "gap.html").read_text(encoding="utf-8")


def test_every_command_it_names_is_there() -> None:
    named = set(re.findall(r"(?:`|&& |^)reasongap ([a-z]+)", README, re.MULTILINE))
    commands = {command.name for command in app.registered_commands}
    groups = {group.name for group in app.registered_groups}
    assert {"compare", "compose", "exec"} <= named <= commands | groups


def test_its_first_command_is_the_one_that_it_shows() -> None:
    assert blocks("bash")[0].rstrip().endswith("&& reasongap compare")


def test_it_is_short() -> None:
    assert README.count("\n") < 150
