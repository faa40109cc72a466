"""Making the compositions of a study."""

from __future__ import annotations

import json
from pathlib import Path

import anyio
import pytest

from reasongap.errors import UsageError
from reasongap.runs.compositions import compositions_of
from reasongap.runs.events import Chained, Event
from reasongap.runs.study import make_study
from reasongap.sandbox import FakeSandbox


def test_composing_tells_how_far_it_is() -> None:
    told: list[Event] = []
    study = make_study(problems="minted", n=120)
    made = anyio.run(compositions_of, study, None, FakeSandbox().run, told.append)
    assert told[-1] == Chained(len(made), len(made)) == Chained(120, 120)
    steps = [each for each in told if isinstance(each, Chained)]
    assert len(steps) > 2
    assert {each.wanted for each in steps} == {120}
    assert [each.made for each in steps] == sorted(each.made for each in steps)


def test_problems_that_cannot_be_chained_are_an_error_with_the_reasons(tmp_path: Path) -> None:
    file = tmp_path / "bare.jsonl"
    rows = ({"question": f"How many are {n} pens?", "answer": str(n)} for n in (3, 4))
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(UsageError, match=r"none of the 2 problems of .*bare.jsonl can be chained"):
        anyio.run(compositions_of, make_study(problems=str(file)), None, FakeSandbox().run)
