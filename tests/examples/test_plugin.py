"""The example package installs, brings its parts by entry point, and each conforms."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "plugin"

CHECKS = """
from reasongap.answers import open_rule
from reasongap.problems import open_source
from reasongap.sandbox import open_sandbox
from reasongap.solvers import open_solver
from reasongap.testing import check_problems, check_rule, check_solver
import anyio
from reasongap.domain import Program

check_solver(open_solver("twice"))
check_solver(open_solver("self-consistency(twice(pot), n=2)"))
check_problems(open_source("beads:20"))
check_rule(open_rule("result_line"))
sandbox = open_sandbox("arithmetic")
source = "def solve_q1():\\n    return 6\\n\\n"
source += "def solution():\\n    x = solve_q1()\\n    return x * 7 / 4\\n"
came = anyio.run(sandbox.run, Program(source, hop_functions=("solve_q1",)))
assert (came.status, came.value, came.hop_values) == ("ok", "10.5", ("6",)), came
assert anyio.run(sandbox.run, Program("import os")).status == "blocked"
print(open_solver("twice(pot)").name)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the example package, installed."""
    folder = tmp_path_factory.mktemp("plugin")
    source = shutil.copytree(EXAMPLE, folder / "source")
    here = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    target = folder / "site"
    pip = [sys.executable, "-m", "pip", "install", *here, "--target", str(target), str(source)]
    subprocess.run(pip, check=True, capture_output=True)
    return target


def run(site: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_part_of_it_conforms(site: Path) -> None:
    assert run(site, "-c", CHECKS).strip() == "twice(pot)"


def test_list_says_where_each_part_comes_from_and_which_is_broken(site: Path) -> None:
    (site / "reasongap_example" / "result_line.py").write_text("import no_such_module\n")
    listed = {
        kind: run(site, "-m", "reasongap", "list", kind)
        for kind in ("strategies", "sandboxes", "problems", "rules")
    }
    for kind, name in (
        ("strategies", "twice"),
        ("sandboxes", "arithmetic"),
        ("problems", "beads"),
    ):
        (line,) = [line for line in listed[kind].splitlines() if line.startswith(name)]
        assert line.split() == [name, "package", "reasongap-example"]
    broken = listed["rules"].splitlines()[-1]
    assert "result_line" in broken
    assert "broken" in broken
    assert "no_such_module" in broken
    assert "final_line" in listed["rules"], "and nothing else is"
