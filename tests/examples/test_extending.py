"""docs/extending.md, word for word: its files work under the names that it gives them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from reasongap import ScriptedModel, compare
from reasongap.answers import open_rule
from reasongap.domain import Request
from reasongap.models.scripted import request_text
from reasongap.problems import open_source
from reasongap.runs.study import Options
from reasongap.solvers import open_solver
from reasongap.testing import check_problems, check_rule, check_solver
from tests.runs.studies import calculator, compositions_file

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```(?:python|toml)\n# (\S+)\n(.*?)```", DOC, re.DOTALL))
COMMANDS = [
    line
    for block in re.findall(r"```bash\n(.*?)```", DOC, re.DOTALL)
    for line in block.splitlines()
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the document's files, the working directory."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_document_holds_a_file_for_every_seam() -> None:
    assert set(FILES) == {
        "my_solver.py", "test_my_solver.py", "my_prompts/cot.toml", "my_sandbox.py",
        "my_problems.py", "my_rule.py", "my_model.py", "pyproject.toml",
    }  # fmt: skip


def test_its_solver_conforms_composes_and_takes_settings(folder: Path) -> None:
    check_solver(open_solver("my_solver.py"))
    made = open_solver("self-consistency(my_solver.py(words='In short:'), n=3)")
    assert made.name == 'self-consistency(rephrase(words="In short:"), n=3)'


def test_its_test_passes(folder: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_my_solver.py"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def reply(request: Request) -> str:
    """Right where the question is there; its second call of two sees the first reply alone."""
    return calculator(request) if "What is" in request_text(request) else "Final answer: 1"


def test_its_parts_run_together(folder: Path) -> None:
    comparison = compare(
        ScriptedModel(reply),
        ["cot", "my_solver.py", "cot(prompt=polite)", "cot(rule=my_rule.py)", "pot"],
        str(compositions_file(folder, 2)),
        sandbox="my_sandbox.py",
        out=folder / "run",
        options=Options(prompt_folder=folder / "my_prompts"),
    )
    gaps = {row.strategy: row.gap for row in comparison.estimates.gaps}
    assert set(gaps) == {"cot", "rephrase", "cot(prompt=polite)", "cot(rule=result_line)", "pot"}
    assert gaps["cot(prompt=polite)"].s_comp == gaps["pot"].s_comp == 1.0


def test_its_problems_and_its_rule_conform(folder: Path) -> None:
    check_problems(open_source("my_problems.py"))
    rule = open_rule("my_rule.py")
    check_rule(rule)
    assert rule.read("RESULT> 18", 1) == 18


def test_its_model_runs(folder: Path) -> None:
    env = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    command = [sys.executable, "my_model.py"]
    done = subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True, text=True)
    assert done.stdout.startswith("Gap(s=(")


def test_its_prompt_commands_print_what_it_says(folder: Path) -> None:
    asked = [line for line in COMMANDS if line.startswith("reasongap prompts")]
    assert len(asked) == 2
    printed = [
        subprocess.run(
            [sys.executable, "-m", *shlex.split(line)],
            cwd=folder, check=True, capture_output=True, text=True,
        ).stdout
        for line in asked
    ]  # fmt: skip
    assert "polite" in printed[0]
    assert printed[1].startswith("Please solve the 2 problems, where X")


def test_its_entry_points_are_those_of_the_example_package() -> None:
    written = tomllib.loads(FILES["pyproject.toml"])["project"]["entry-points"]
    package = tomllib.loads((ROOT / "examples/plugin/pyproject.toml").read_text(encoding="utf-8"))
    assert written == package["project"]["entry-points"]
