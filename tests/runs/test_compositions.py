"""Making the compositions of a study."""

from __future__ import annotations

import json
from pathlib import Path

import anyio
import pytest

from reasongap.errors import UsageError
from reasongap.runs.compositions import compositions_of
from reasongap.runs.study import make_study
from reasongap.sandbox import FakeSandbox


def test_problems_that_cannot_be_chained_are_an_error_with_the_reasons(tmp_path: Path) -> None:
    file = tmp_path / "bare.jsonl"
    rows = ({"question": f"How many are {n} pens?", "answer": str(n)} for n in (3, 4))
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(UsageError, match=r"none of the 2 problems of .*bare.jsonl can be chained"):
        anyio.run(compositions_of, make_study(problems=str(file)), None, FakeSandbox().run)
