"""docs/strategies.md has an entry for every strategy, and none for others."""

from __future__ import annotations

import re
from pathlib import Path

from reasongap.solvers import BUILT_IN, open_solver

DOC = (Path(__file__).parents[2] / "docs" / "strategies.md").read_text(encoding="utf-8")


def test_every_strategy_has_its_entry() -> None:
    entries = re.findall(r"^## ([a-z-]+)(?:\(|$)", DOC, re.MULTILINE)
    assert set(entries) == set(BUILT_IN)


def test_every_specification_it_names_opens() -> None:
    named = re.findall(r'-s "([^"]+)"', DOC) + re.findall(r"^\| `([^`]+)` \|", DOC, re.MULTILINE)
    assert len(named) > 10
    for specification in named:
        open_solver(specification.replace("INNER", "pot"))
