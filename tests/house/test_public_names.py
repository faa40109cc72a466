"""What the package promises to export is what it exports."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import reasongap

ROOMS = (
    *("answers", "analysis", "models", "problems", "prompts", "report", "sandbox", "solvers"),
    "testing",
)


def test_every_promised_name_is_there() -> None:
    for name in reasongap.__all__:
        assert getattr(reasongap, name) is not None
    assert set(reasongap.__all__) <= set(dir(reasongap))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = reasongap.no_such_name


@pytest.mark.parametrize("room", ROOMS)
def test_a_rooms_table_of_contents_is_complete(room: str) -> None:
    module = importlib.import_module(f"reasongap.{room}")
    assert len(set(module.__all__)) == len(module.__all__)
    for name in module.__all__:
        assert getattr(module, name) is not None


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = (
        "import sys, reasongap\n"
        "print(sorted({'litellm', 'datasets', 'numpy', 'pandas', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
