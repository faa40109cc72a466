"""What `--help` says: every word of it once, and the same thing by the same words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from reasongap.cli.main import app
from tests.cli.conftest import Command


def commands(command: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every command under its full name; typer may bring a click of its own."""
    for part, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{name} {part}".strip())
    if not hasattr(command, "commands"):
        yield name, command


ALL = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", ALL)
def test_every_value_has_a_name_and_every_option_its_help(name: str) -> None:
    for given in ALL[name].params:
        assert given.help, given.name
        assert getattr(given, "is_flag", False) or given.metavar, given.name
        assert "[" not in (given.metavar or ""), given.name


def test_an_option_is_called_the_same_by_all_commands_that_say_the_same_of_it() -> None:
    named: defaultdict[str, set[str]] = defaultdict(set)
    for command in ALL.values():
        for given in command.params:
            if not getattr(given, "is_flag", True):
                named[given.opts[-1]].add(given.metavar)
    unlike = {name: forms for name, forms in named.items() if len(forms) > 1}
    assert unlike == {
        "--out": {"DIR", "FILE", "OUT"},  # a run's folder, a file, the results of exec's stream
        "--base": {"MODEL", "IMAGE@DIGEST"},  # before training; of a container
    }


def test_defaults_are_those_of_the_command(reasongap: Command) -> None:
    assert "embedded" not in reasongap("compose", "--help").out
    models = reasongap("trajectory", "--help").out.split("--strategy")[0]
    assert "smollm2" not in models
    assert "default: default" not in reasongap("compare", "--help").out
