"""Every example runs as its first lines say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reasongap import compare
from tests.runs.studies import compositions_file, scripted

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*arguments: object, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.needs("local")
def test_the_quickstart_prints_the_table(tmp_path: Path) -> None:
    printed = run(EXAMPLES / "quickstart.py", 2, folder=tmp_path)
    assert "Reasoning gap · local/smollm2-135m" in printed
    assert "Δ of program of thought" in printed


def test_own_problems_are_chained_and_asked(tmp_path: Path) -> None:
    printed = run(EXAMPLES / "own_problems.py", folder=tmp_path)
    assert "n = 4" in printed


def test_an_own_solver_runs_beside_the_built_in_ones(tmp_path: Path) -> None:
    source = str(compositions_file(tmp_path, 2))
    own = str(EXAMPLES / "own_solver.py")
    comparison = compare(scripted(), ["cot", own], source, out=tmp_path / "run")
    assert {row.strategy for row in comparison.estimates.gaps} == {"cot", "at-once"}
    assert comparison.gap("scripted", "at-once").s_comp == 1.0
