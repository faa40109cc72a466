"""The rooms of the house import one way, and the heavy libraries only where they are used."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "reasongap"
FLOORS = (
    ("__main__",),
    ("cli",),
    ("testing",),
    ("api",),
    ("report",),
    ("analysis",),
    ("runs",),
    ("solvers",),
    ("sandbox", "models", "prompts", "problems"),
    ("answers",),
    ("plugins",),
    ("domain", "errors"),
)
HEIGHT = {room: len(FLOORS) - i for i, floor in enumerate(FLOORS) for room in floor}
ONE_FILE = (
    "litellm",
    "datasets",
    "docker",
    "ray",
    "matplotlib",
    "xllamacpp",
    "torch",
    "transformers",
    "peft",
)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: a relative import"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_never_run_up_the_house(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "reasongap" or len(parts) == 1 or parts[1] not in HEIGHT:
            continue
        there = parts[1]
        assert here == there or HEIGHT[there] < HEIGHT[here] or parts[2:3] == ["seam"], (
            f"{here} imports {name}"
        )


@pytest.mark.parametrize("library", ONE_FILE)
def test_each_outside_world_is_imported_in_at_most_one_file(library: str) -> None:
    users = [path for path in sources() if library in {n.split(".")[0] for n in imports(path)}]
    assert len(users) <= 1, users


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_a_quick_command_imports_nothing_heavy(argument: str) -> None:
    heavy = {"litellm", "datasets", "docker", "numpy", "scipy", "pandas", "pydantic", "anyio"}
    code = (
        "import sys\nfrom reasongap.cli.main import main\n"
        f"sys.argv = ['reasongap', '{argument}']\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code, stop.code\n"
        f"found = sorted({heavy!r} & set(sys.modules))\n"
        "print('heavy:', found, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "heavy: []" in done.stderr
    assert "reasongap" in done.stdout
